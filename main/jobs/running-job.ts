// One job that has not ended, and the ends of the strings by which it is held.
import type { GuideSay } from '../../shared/guide.ts';
import type { StepTimes } from '../../shared/job-snapshot.ts';
import type { NewJob } from './new-job.ts';
import type { Sleeper } from './turns.ts';

export interface Running extends Sleeper {
  readonly job: NewJob;
  readonly stop: AbortController;
  readonly abort: AbortController;
  /** Resolves with whether it may begin; not when it was ended before. */
  readonly begun: PromiseWithResolvers<boolean>;
  ended: Promise<void>;
  times: StepTimes;
  /** Yes or no, or the id of what was chosen. */
  answer: ((answer: boolean | string) => void) | undefined;
  say: ((say: GuideSay) => void) | undefined;
}

/** A job that has not begun. @param nowMs the clock of the jobs */
export function newRunning(job: NewJob, nowMs: number): Running {
  return {
    job,
    stop: new AbortController(),
    abort: new AbortController(),
    begun: Promise.withResolvers<boolean>(),
    ended: Promise.resolve(),
    times: { startedMs: nowMs, reportedMs: nowMs },
    answer: undefined,
    say: undefined,
    wake: undefined,
  };
}
