import type { GuideSnapshot } from './guide.ts';
import type { Tried } from './entry.ts';
import type { ErrorCode } from './errors/codes.ts';
import type { Plan, PlanQuestion, SkipReason, StepName } from './plan.ts';
import type { Result } from './result.ts';

/** What a job tells while it runs. Plain data; the result is always the last. */
export type JobEvent =
  | {
      readonly type: 'board';
      readonly board: string;
      readonly portPath: string;
      readonly virtual: boolean;
      readonly evidence: string;
      /** Where it is known which board it is. */
      readonly profile?: string | undefined;
    }
  /** A board known by name only, on which somebody insists. Of a flash, the plan tells. */
  | {
      readonly type: 'unsupported-board';
      readonly board: string;
      readonly today: string;
      readonly dangers: readonly string[];
    }
  | { readonly type: 'plan'; readonly plan: Plan }
  | { readonly type: 'step-started'; readonly step: StepName; readonly totalBytes: number | undefined }
  | { readonly type: 'step-skipped'; readonly step: StepName; readonly reason: SkipReason }
  | {
      readonly type: 'step-done';
      readonly step: StepName;
      readonly durationMs: number;
      readonly bytes: number | undefined;
    }
  | {
      readonly type: 'step-failed';
      readonly step: StepName;
      readonly code: ErrorCode;
      readonly params: object;
    }
  | {
      readonly type: 'progress';
      readonly step: StepName;
      readonly doneBytes: number;
      readonly totalBytes: number;
    }
  | { readonly type: 'waiting'; readonly for: 'board' | 'return' | 'program' }
  /** What the coach shows now; undefined once there is nothing to be done by hand any more. */
  | { readonly type: 'guide'; readonly guide: GuideSnapshot | undefined }
  /** Somebody else has the board's serial port; it is waited for. */
  | {
      readonly type: 'waiting';
      readonly for: 'serial-port';
      readonly holder: string | undefined;
      readonly modemManager: boolean;
    }
  /** One way into flash mode has ended. */
  | { readonly type: 'tried'; readonly tried: Tried }
  | { readonly type: 'backup'; readonly path: string; readonly bytes: number; readonly sha256: string }
  /** The job goes on, but its journal or history cannot be kept. Words in `shared/text/job-warnings.ts`. */
  | { readonly type: 'warning'; readonly code: ErrorCode; readonly params: object }
  | { readonly type: 'result'; readonly result: Result };

/** Asks the person; resolves true for yes. A shell with nobody to ask throws `question.unanswered`. */
export type Ask = (question: PlanQuestion, plan: Plan) => Promise<boolean>;
