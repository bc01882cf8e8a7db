// A job as the page sees it, built from its events: pure, so that what the page shows can be tested without a board.
import type { ChoiceQuestion } from './choice-question.ts';
import type { ErrorCode } from './errors/codes.ts';
import type { GuideSnapshot } from './guide.ts';
import type { JobEvent } from './job-events.ts';
import type { JobStateName } from './job-state.ts';
import { stepNames, type Plan, type PlanQuestion, type SkipReason, type StepName } from './plan.ts';
import type { Result } from './result.ts';

export type JobKind = 'flash' | 'restore' | 'backup' | 'compare';

/** One line of the timeline. */
export interface StepSnapshot {
  readonly step: StepName;
  readonly state: 'waiting' | 'running' | 'done' | 'skipped' | 'failed';
  readonly reason?: SkipReason;
  readonly doneBytes?: number;
  readonly totalBytes?: number;
  readonly durationMs?: number;
}

/** Everything about one job, whole. */
export interface JobSnapshot {
  readonly id: string;
  readonly kind: JobKind;
  /** Empty while the job waits for its board on any port. */
  readonly portPath: string;
  /** The name under which the history has it; of one with several tries, the last. */
  readonly record?: string | undefined;
  readonly board: string;
  /** The profile of the board that was found, where it is known which it is. */
  readonly profile?: string | undefined;
  readonly virtual: boolean;
  /** File names, for people. */
  readonly files: readonly string[];
  /** ISO 8601. */
  readonly startedAt: string;
  /** Where it stands among the others. */
  readonly state: JobStateName;
  readonly steps: readonly StepSnapshot[];
  readonly plan: Plan | undefined;
  /** Waits for the person; nothing happens until it is answered. */
  readonly question: PlanQuestion | ChoiceQuestion | undefined;
  readonly waitingFor: 'board' | 'return' | 'program' | 'serial-port' | undefined;
  /** The hand movement that is due; of a job that has its board by now, the last one ("let go now"). */
  readonly guide: GuideSnapshot | undefined;
  /** Bytes a second, one number for each report, oldest first, of the step that runs. */
  readonly rates: readonly number[];
  /** For the step that runs; undefined until it can be told. */
  readonly timeLeftMs: number | undefined;
  readonly ending: 'no' | 'stop' | 'abort';
  readonly backup: { readonly path: string; readonly bytes: number } | undefined;
  /** What could not be recorded, and why; the job goes on. */
  readonly warnings: readonly { readonly code: ErrorCode; readonly params: object }[];
  readonly result: Result | undefined;
}

/** As many points as the sparkline has room for. */
const mostRates = 120;

const freshSteps: readonly StepSnapshot[] = stepNames.map((step) => ({ step, state: 'waiting' }));

/** A job that is about to run. */
export function newJobSnapshot(
  job: Pick<JobSnapshot, 'id' | 'kind' | 'portPath' | 'board' | 'virtual' | 'files' | 'startedAt'>,
): JobSnapshot {
  return {
    ...job,
    state: 'queued',
    steps: freshSteps,
    plan: undefined,
    question: undefined,
    waitingFor: undefined,
    guide: undefined,
    rates: [],
    timeLeftMs: undefined,
    ending: 'no',
    backup: undefined,
    warnings: [],
    result: undefined,
  };
}

/** When the step that runs began and was last heard of, ms of the job's clock. */
export interface StepTimes {
  readonly startedMs: number;
  readonly reportedMs: number;
}

/**
 * The snapshot after an event.
 * @param nowMs the job's clock
 */
export function applyJobEvent(
  job: JobSnapshot,
  times: StepTimes,
  event: JobEvent,
  nowMs: number,
): { readonly job: JobSnapshot; readonly times: StepTimes } {
  const still = (changed: Partial<JobSnapshot>) => ({ job: { ...job, ...changed }, times });
  switch (event.type) {
    case 'board':
      return still({
        board: event.board,
        virtual: event.virtual,
        portPath: event.portPath,
        profile: event.profile,
      });
    case 'plan':
      return still({ plan: event.plan, board: event.plan.board, virtual: event.plan.virtual });
    case 'step-started':
      return {
        job: {
          ...job,
          waitingFor: undefined,
          rates: [],
          timeLeftMs: undefined,
          steps: withStep(job.steps, event.step, {
            state: 'running',
            ...(event.totalBytes === undefined ? {} : { totalBytes: event.totalBytes, doneBytes: 0 }),
          }),
        },
        times: { startedMs: nowMs, reportedMs: nowMs },
      };
    case 'progress':
      return progressed(job, times, event, nowMs);
    case 'step-skipped':
      return still({ steps: withStep(job.steps, event.step, { state: 'skipped', reason: event.reason }) });
    case 'step-done': {
      const bytes = event.bytes === undefined ? {} : { totalBytes: event.bytes, doneBytes: event.bytes };
      return still({
        waitingFor: undefined,
        timeLeftMs: undefined,
        steps: withStep(job.steps, event.step, { state: 'done', durationMs: event.durationMs, ...bytes }),
      });
    }
    case 'step-failed':
      return still({
        waitingFor: undefined,
        timeLeftMs: undefined,
        steps: withStep(job.steps, event.step, { state: 'failed' }),
      });
    case 'unsupported-board':
      return still({});
    case 'waiting':
      return still({ waitingFor: event.for });
    case 'guide':
      return still(guided(job, event.guide));
    case 'tried':
      return still({ waitingFor: undefined });
    case 'backup':
      return still({ backup: { path: event.path, bytes: event.bytes } });
    case 'warning':
      return still({ warnings: [...job.warnings, { code: event.code, params: event.params }] });
    case 'result':
      return still({
        result: event.result,
        question: undefined,
        waitingFor: undefined,
        guide: undefined,
        timeLeftMs: undefined,
      });
  }
}

/** Every try is a job of its own: its steps begin anew. */
function guided(job: JobSnapshot, guide: GuideSnapshot | undefined): Partial<JobSnapshot> {
  const anew = guide !== undefined && guide.tries !== (job.guide?.tries ?? 0);
  const waits = guide !== undefined && !guide.caught;
  return {
    guide,
    ...(anew ? { steps: freshSteps, rates: [], timeLeftMs: undefined } : {}),
    ...(waits ? { waitingFor: undefined, portPath: guide.portPath ?? '' } : {}),
  };
}

function progressed(
  job: JobSnapshot,
  times: StepTimes,
  event: Extract<JobEvent, { type: 'progress' }>,
  nowMs: number,
): { readonly job: JobSnapshot; readonly times: StepTimes } {
  const before = job.steps.find((one) => one.step === event.step)?.doneBytes ?? 0;
  const sinceMs = nowMs - times.reportedMs;
  const rate = sinceMs > 0 ? ((event.doneBytes - before) * 1000) / sinceMs : 0;
  const spentMs = nowMs - times.startedMs;
  const left = event.totalBytes - event.doneBytes;
  // Sectors differ in how long they take: what has passed is the best guess for what is left.
  const timeLeftMs = event.doneBytes > 0 && spentMs > 0 ? (left * spentMs) / event.doneBytes : undefined;
  return {
    job: {
      ...job,
      rates: [...job.rates, Math.max(0, Math.round(rate))].slice(-mostRates),
      timeLeftMs,
      steps: withStep(job.steps, event.step, {
        state: 'running',
        doneBytes: event.doneBytes,
        totalBytes: event.totalBytes,
      }),
    },
    times: { ...times, reportedMs: nowMs },
  };
}

function withStep(
  steps: readonly StepSnapshot[],
  name: StepName,
  change: Omit<StepSnapshot, 'step'>,
): readonly StepSnapshot[] {
  return steps.map((one) => (one.step === name ? { ...one, ...change } : one));
}
