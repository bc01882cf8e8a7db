import { isSame, type Comparison } from './comparison.ts';
import { boardExitCodes } from './errors/board-exit-codes.ts';
import type { ErrorCode } from './errors/codes.ts';
import { releaseExitCodes } from './errors/release-codes.ts';
import { updateExitCodes } from './errors/update-codes.ts';
import type { AfterStep, SaysReport } from './families.ts';
import type { Range } from './ranges.ts';
import type { SkipReason, StepName } from './plan.ts';

export const outcomes = ['done', 'cancelled', 'interrupted', 'refused', 'failed'] as const;
export type Outcome = (typeof outcomes)[number];

export const contentKinds = ['untouched', 'blank', 'partial', 'written', 'verified'] as const;
/**
 * What the board holds, as far as it is known. `blank`: the touched sectors are erased and nothing of the
 * image is in them. `partial`: only these ranges of it are.
 */
export type Content =
  | { readonly kind: 'untouched' | 'blank' | 'written' | 'verified' }
  | { readonly kind: 'partial'; readonly ranges: readonly Range[] };

export const appStates = ['running', 'not-seen', 'not-expected'] as const;
export type AppState = (typeof appStates)[number];

export const nextSteps = ['nothing', 'continue', 'rewrite', 'restore', 'probe'] as const;
export type NextStep = (typeof nextSteps)[number];

/** How one step went. */
export interface StepRecord {
  readonly step: StepName;
  readonly state: 'done' | 'skipped' | 'failed' | 'not-reached';
  readonly reason?: SkipReason;
  readonly durationMs: number;
  readonly bytes?: number;
}

/** How a job ended. Never a boolean: three separate questions (written? compared? came back?) have three answers. */
export interface Result {
  readonly outcome: Outcome;
  readonly content: Content;
  /** Ranges that may hold old, new or half-written bytes. */
  readonly inDoubt: readonly Range[];
  /** Ranges erased and not written again. */
  readonly erased: readonly Range[];
  readonly app: AppState;
  /** It went before its last answer, which is usual. */
  readonly leftEarly: boolean;
  readonly next: NextStep;
  readonly error: { readonly code: ErrorCode; readonly params: object } | undefined;
  readonly board: string | undefined;
  readonly portPath: string | undefined;
  readonly virtual: boolean;
  /** As the board says it in flash mode; not there where it says none. */
  readonly serial?: string;
  readonly backup:
    | {
        readonly path: string;
        readonly bytes: number;
        readonly sha256: string;
        /** Text that belongs to it, beside it. */
        readonly beside?: readonly string[];
      }
    | undefined;
  /** How the board compares with a backup; only of a job that was to find out. */
  readonly comparison?: Comparison;
  /** What its program said before and after, where it can be asked. */
  readonly says?: SaysReport | undefined;
  /** What is left to the person. Texts in `shared/text/families.ts`. */
  readonly afterSteps?: readonly AfterStep[];
  readonly steps: readonly StepRecord[];
  readonly durationMs: number;
  /** Requests sent, by name. */
  readonly requests: Readonly<Record<string, number>>;
}

/** The rows of the table of words: one for every result there can be. Texts in `shared/text/results.ts`. */
export const verdicts = [
  'verified-and-running',
  'verified-not-returned',
  'verified-return-unseen',
  'left-during-leave',
  'written-unverified',
  'written-unverified-not-returned',
  'read-only-done',
  'holds-the-same',
  'holds-something-else',
  'erased-done',
  'interrupted-resumable',
  'interrupted-needs-reflash',
  'failed-restore',
  'failed-resumable',
  'failed-needs-reflash',
  'failed-needs-probe',
  'failed-untouched',
  'refused-before-erase',
  'cancelled-before-erase',
] as const;
export type Verdict = (typeof verdicts)[number];

type Judged = Pick<Result, 'outcome' | 'content' | 'app' | 'leftEarly' | 'next' | 'error' | 'comparison'>;

/** The one table from a result to its row of words. Total: every combination has a row. */
export function verdictOf(result: Judged): Verdict {
  const { outcome, content, next } = result;
  switch (outcome) {
    case 'refused':
      return content.kind === 'untouched' ? 'refused-before-erase' : failed(next);
    case 'cancelled':
      return content.kind === 'untouched' ? 'cancelled-before-erase' : interrupted(next);
    case 'interrupted':
      return content.kind === 'untouched' ? 'cancelled-before-erase' : interrupted(next);
    case 'failed':
      return content.kind === 'untouched' ? 'failed-untouched' : failed(next);
    case 'done':
      return done(result);
  }
}

function done({ content, app, leftEarly, comparison }: Judged): Verdict {
  switch (content.kind) {
    case 'untouched':
      if (comparison === undefined) return 'read-only-done';
      return isSame(comparison) ? 'holds-the-same' : 'holds-something-else';
    case 'verified':
      if (app === 'running') return 'verified-and-running';
      if (leftEarly) return 'left-during-leave';
      return app === 'not-seen' ? 'verified-not-returned' : 'verified-return-unseen';
    case 'blank':
      return 'erased-done';
    case 'written':
    case 'partial':
      return app === 'not-seen' ? 'written-unverified-not-returned' : 'written-unverified';
  }
}

function interrupted(next: NextStep): Verdict {
  return next === 'continue' ? 'interrupted-resumable' : 'interrupted-needs-reflash';
}

function failed(next: NextStep): Verdict {
  switch (next) {
    case 'continue':
      return 'failed-resumable';
    case 'restore':
      return 'failed-restore';
    case 'probe':
      return 'failed-needs-probe';
    case 'nothing':
    case 'rewrite':
      return 'failed-needs-reflash';
  }
}

/** Exit codes of the command line (sysexits where they fit). */
export const ExitCode = {
  done: 0,
  /** Compared, and not the same: as `cmp` and `diff` have it. */
  differs: 1,
  usage: 64,
  badFile: 65,
  noSuchFile: 66,
  noDevice: 69,
  ourBug: 70,
  cannotCreate: 73,
  transferFailed: 74,
  resumable: 75,
  protocol: 76,
  noPermission: 77,
  refused: 78,
  cancelled: 130,
} as const;
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

/**
 * The exit code of a result. A board left half-way is 75 whatever the reason, because what to do next
 * depends on that; otherwise the error's own code decides.
 */
export function exitCodeOf(result: Judged): ExitCode {
  if (result.outcome === 'done')
    return verdictOf(result) === 'holds-something-else' ? ExitCode.differs : ExitCode.done;
  const touched = result.content.kind !== 'untouched';
  if (touched && (result.outcome === 'interrupted' || result.outcome === 'cancelled'))
    return ExitCode.resumable;
  if (result.outcome === 'cancelled' || result.outcome === 'interrupted') return ExitCode.cancelled;
  if (result.error !== undefined) return exitCodeOfError(result.error.code);
  return result.outcome === 'refused' ? ExitCode.refused : ExitCode.transferFailed;
}

const exitCodes: { readonly [code in ErrorCode]: ExitCode } = {
  'image.empty': ExitCode.badFile,
  'image.too-large': ExitCode.badFile,
  'image.truncated': ExitCode.badFile,
  'image.bad-checksum': ExitCode.badFile,
  'image.malformed': ExitCode.badFile,
  'image.archive-limit': ExitCode.badFile,
  'image.several': ExitCode.refused,
  'image.not-in-archive': ExitCode.badFile,
  'image.address-missing': ExitCode.refused,
  'image.cannot-convert': ExitCode.refused,
  'image.overlap': ExitCode.badFile,
  'file.not-found': ExitCode.noSuchFile,
  'file.unreadable': ExitCode.noSuchFile,
  'file.cannot-create': ExitCode.cannotCreate,
  'file.exists': ExitCode.cannotCreate,
  'file.disk-full': ExitCode.cannotCreate,
  'plan.outside-memory': ExitCode.refused,
  'plan.forbidden-range': ExitCode.refused,
  'plan.not-writable': ExitCode.refused,
  'plan.wrong-device': ExitCode.refused,
  'plan.wrong-chip': ExitCode.refused,
  'plan.wrong-board': ExitCode.refused,
  'plan.wrong-size': ExitCode.refused,
  'plan.never-starts': ExitCode.refused,
  'plan.other-route': ExitCode.refused,
  'plan.digest-wrong': ExitCode.badFile,
  'plan.unaligned': ExitCode.refused,
  'plan.no-such-alternate': ExitCode.refused,
  'plan.cannot-keep': ExitCode.refused,
  'plan.unsupported-image': ExitCode.refused,
  'plan.needs-permission': ExitCode.refused,
  'plan.locks-for-ever': ExitCode.refused,
  'plan.changed': ExitCode.refused,
  'backup.failed': ExitCode.transferFailed,
  'backup.secret': ExitCode.refused,
  'backup.reads-differ': ExitCode.transferFailed,
  'backup.changed': ExitCode.badFile,
  'backup.not-pruned': ExitCode.cannotCreate,
  'question.unanswered': ExitCode.refused,
  'question.declined': ExitCode.cancelled,
  'verify.mismatch': ExitCode.transferFailed,
  'job.stopped': ExitCode.cancelled,
  'job.aborted': ExitCode.cancelled,
  'job.timeout': ExitCode.transferFailed,
  'store.locked': ExitCode.cannotCreate,
  'store.newer': ExitCode.refused,
  'store.damaged': ExitCode.cannotCreate,
  'store.read-only': ExitCode.cannotCreate,
  'store.failed': ExitCode.cannotCreate,
  'resume.unknown': ExitCode.usage,
  'resume.still-runs': ExitCode.noPermission,
  'resume.no-image': ExitCode.noSuchFile,
  'resume.not-possible': ExitCode.refused,
  'resume.other-board': ExitCode.refused,
  'arm.no-access': ExitCode.noPermission,
  'arm.not-plannable': ExitCode.refused,
  'arm.plan-differs': ExitCode.refused,
  'arm.left-alone': ExitCode.cancelled,
  'arm.stopped': ExitCode.cancelled,
  'arm.nothing-came': ExitCode.noDevice,
  ...boardExitCodes,
  ...updateExitCodes,
  ...releaseExitCodes,
  'api.limit': ExitCode.refused,
  'api.unknown': ExitCode.ourBug,
  'api.out-of-order': ExitCode.ourBug,
  usage: ExitCode.usage,
  'trace.mismatch': ExitCode.badFile,
  internal: ExitCode.ourBug,
};

/** The exit code of an error that ended a command without a result. */
export function exitCodeOfError(code: ErrorCode): ExitCode {
  return exitCodes[code];
}
