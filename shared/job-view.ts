import type { ErrorCode } from './errors/codes.ts';
import type { HistoryEntry } from './history.ts';
import type { JobSnapshot } from './job-snapshot.ts';
import type { Plan, SkipReason, StepName } from './plan.ts';
import type { Result } from './result.ts';

/** One row of the timeline. `not-reached`: the job ended before it. */
export interface TimelineEntry {
  readonly step: StepName;
  readonly state: 'before' | 'during' | 'after' | 'failed' | 'skipped' | 'not-reached';
  /** Why it was skipped. */
  readonly reason?: SkipReason | undefined;
  readonly durationMs?: number | undefined;
  readonly bytes?: number | undefined;
  /** What broke it. */
  readonly code?: ErrorCode | undefined;
}

/** The timeline before the job runs: every step of the plan. */
export function timelineOfPlan(plan: Pick<Plan, 'steps'>): TimelineEntry[] {
  return plan.steps.map(({ step, skip, bytes }) => ({
    step,
    state: skip === undefined ? 'before' : 'skipped',
    reason: skip,
    bytes,
  }));
}

/** The timeline of a job that has ended. */
export function timelineOfResult(result: Pick<Result, 'steps' | 'error'>): TimelineEntry[] {
  return result.steps.map(({ step, state, reason, durationMs, bytes }) => ({
    step,
    state: state === 'done' ? 'after' : state,
    reason,
    durationMs: state === 'done' || state === 'failed' ? durationMs : undefined,
    bytes,
    code: state === 'failed' ? result.error?.code : undefined,
  }));
}

/** What a job that only reads consists of: the other steps are no part of it, and would only be in the way. */
const readingSteps: { readonly [kind: string]: readonly StepName[] | undefined } = {
  backup: ['detect', 'enter', 'identify', 'back-up'],
  compare: ['detect', 'enter', 'identify', 'compare'],
};

/** The timeline of a job as it stands. */
export function timelineOfJob(job: JobSnapshot): TimelineEntry[] {
  return stepsOfKind(job.kind, allSteps(job));
}

function stepsOfKind(kind: string, entries: TimelineEntry[]): TimelineEntry[] {
  const steps = readingSteps[kind];
  return steps === undefined ? entries : entries.filter(({ step }) => steps.includes(step));
}

function allSteps(job: JobSnapshot): TimelineEntry[] {
  if (job.result !== undefined) return timelineOfResult(job.result);
  const states = {
    waiting: 'before',
    running: 'during',
    done: 'after',
    skipped: 'skipped',
    failed: 'failed',
  } as const;
  return job.steps.map(({ step, state, reason, durationMs, totalBytes }) => ({
    step,
    state: states[state],
    reason,
    durationMs,
    bytes: totalBytes,
  }));
}

/** The timeline of a recorded job; of one whose program ended first, as far as it got. */
export function timelineOfRecord({ kind, result, steps }: HistoryEntry): TimelineEntry[] {
  return stepsOfKind(kind, timelineOfResult(result ?? { steps, error: undefined }));
}
