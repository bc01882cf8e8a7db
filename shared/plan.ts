import type { Acceptance } from './acceptances.ts';
import type { ErrorCode } from './errors/codes.ts';
import type { AccessReason } from './rights.ts';
import type { FamilyFact, FamilyQuestion, FamilyWarning } from './families.ts';
import type { Range } from './ranges.ts';

/** The steps of a job, in the only order they ever run. */
export const stepNames = [
  'detect',
  'enter',
  'identify',
  'back-up',
  'compare',
  'erase',
  'write',
  'verify',
  'leave',
  'confirm',
] as const;
export type StepName = (typeof stepNames)[number];

/** Why a step has nothing to do. Texts in `shared/text/plan.ts`. */
export type SkipReason =
  | 'already-in-flash-mode'
  | 'switched-off'
  /** The board's profile advises against it, and nobody asked for it. */
  | 'not-usual'
  /** Flash mode ends by itself before it could be done. */
  | 'window-too-short'
  | 'nothing-to-do'
  | 'board-cannot-be-read'
  | 'erases-while-writing'
  | 'leaves-after-writing'
  | 'already-compared'
  | 'backup-compares-too'
  | 'not-asked-for'
  | 'no-addresses'
  | 'stays-in-flash-mode'
  | 'left-already'
  | 'earlier-backup-kept'
  | 'half-written'
  /** No request makes it leave: it starts when its window is over. */
  | 'starts-by-itself';

/** One step as planned. `estimateMs` is for people, from data-sheet figures; undefined where nothing is known. */
export interface PlannedStep {
  readonly step: StepName;
  readonly skip?: SkipReason;
  readonly bytes?: number;
  readonly estimateMs?: number;
}

/** What happens to one memory of the board. Ranges are addresses; offsets where the protocol has none. */
export interface RegionPlan {
  readonly alternate: number;
  readonly name: string;
  /** Bytes of the images. */
  readonly image: readonly Range[];
  /** Sectors that will be erased. */
  readonly erase: readonly Range[];
  /** How many sectors that is. */
  readonly eraseSectors: number;
  /** Bytes that will be written: of the images, and of what is kept around them. */
  readonly write: readonly Range[];
  /** Sectors that hold the image already; known only after reading. */
  readonly unchanged: readonly Range[];
  /** Bytes outside the image, in erased sectors, that are written back. */
  readonly kept: readonly Range[];
  /** Bytes outside the image, in erased sectors, that are lost. */
  readonly lost: readonly Range[];
}

/** Something to know before saying yes. Texts in `shared/text/plan.ts`. */
export type PlanWarning =
  | { readonly code: 'no-backup'; readonly why: 'switched-off' | 'cannot-be-read' | 'half-written' }
  /** The board's profile advises against one; `reason`: its own sentence. */
  | { readonly code: 'no-backup'; readonly why: 'not-usual'; readonly reason: string }
  /** Flash mode ends by itself before all could be read. */
  | { readonly code: 'no-backup'; readonly why: 'window-too-short'; readonly windowMs: number }
  /** Whether this account may open the board in flash mode cannot be told before it is there. */
  | { readonly code: 'access-unknown'; readonly ids: string; readonly why: AccessReason }
  | { readonly code: 'no-verify'; readonly why: 'switched-off' | 'cannot-be-read' | 'leaves-after-writing' }
  | { readonly code: 'erases-more'; readonly ranges: readonly Range[] }
  | { readonly code: 'file-names-no-board'; readonly name: string }
  | { readonly code: 'looks-like'; readonly name: string; readonly format: string }
  | { readonly code: 'no-vector-table'; readonly name: string }
  | { readonly code: 'leftover-bytes'; readonly name: string; readonly count: number }
  /** Members of a package that are not written this way. */
  | { readonly code: 'leaves-out'; readonly name: string; readonly members: readonly string[] }
  /** It does not run without something else on the board, which nothing here can see. */
  | { readonly code: 'needs'; readonly name: string; readonly what: string; readonly version: string }
  | {
      readonly code: 'has-prefix';
      readonly name: string;
      readonly kind: 'ti' | 'lpc';
      readonly bytes: number;
    }
  /** It does not begin or end at a border of what the chip programs at a time. */
  | { readonly code: 'unaligned'; readonly range: Range; readonly unit: number }
  /** Known by name only, and asked for all the same. */
  | {
      readonly code: 'unsupported-board';
      readonly board: string;
      readonly today: string;
      readonly dangers: readonly string[];
    }
  /** Which memory the board has is known once it is there; what is erased follows from it. */
  | { readonly code: 'memory-open' }
  /** Neither board nor backup has a serial number of its own: whether it is the same board, nobody can say. */
  | { readonly code: 'unit-unproven'; readonly portPath: string }
  | { readonly code: 'identity-unproven'; readonly boards: readonly string[] }
  | FamilyWarning;

/** A question to be answered before anything is changed; `flag` answers it on the command line. */
export type PlanQuestion =
  /** The ordinary yes. */
  | { readonly id: 'confirm'; readonly flag: '--yes' }
  /** No way back to what is on the board now. */
  | { readonly id: 'go-without-backup'; readonly flag: '--no-backup' | '--accept unreadable' }
  /** The content is another format than it will be written as. */
  | { readonly id: 'write-as-raw'; readonly flag: '--as-raw' }
  /** Nothing but blank bytes: the board will have no program. `detail`: of which file, here and below. */
  | { readonly id: 'write-blank'; readonly flag: '--accept blank'; readonly detail: string }
  /** What the chip starts by is not there: the program will hardly start. */
  | { readonly id: 'write-implausible'; readonly flag: '--accept vector-table'; readonly detail: string }
  /** The board holds a newer version. Known only after reading; asked then. */
  | { readonly id: 'install-older'; readonly flag: '--accept older'; readonly detail: string }
  /** The backup came from another board of this kind: its settings and calibration are that one's. */
  | { readonly id: 'restore-on-other-unit'; readonly flag: '--accept other-unit'; readonly detail: string }
  /** The program comes with files that go another way. */
  | { readonly id: 'leave-out-assets'; readonly flag: '--accept no-assets'; readonly detail: string }
  | FamilyQuestion;

/** Every check before flashing, in the order in which their words matter. Texts in `shared/text/checks.ts`. */
export const checkIds = [
  'writable',
  'route',
  'device-ids',
  'platform',
  'chip',
  'family',
  'digest',
  'address',
  'overlap',
  'areas',
  'fits',
  'lock',
  'forbidden',
  'alignment',
  'disguise',
  'blank',
  'vector-table',
  'left-out',
  'prefix',
  'older',
  'other-unit',
] as const;
export type CheckId = (typeof checkIds)[number];

/** One check and the gravest thing it found; what that is, is in refusals, questions and warnings. */
export interface PlanCheck {
  readonly id: CheckId;
  /** `not-reached`: nothing could be said, because an earlier check already refused. */
  readonly verdict: 'passed' | 'tell' | 'ask' | 'refuse' | 'not-reached';
}

/** In what the plan of a board differs from the one that was confirmed for it. Texts in `shared/text/error-reasons.ts`. */
export const planDifferences = [
  'protocol',
  'memory',
  'files',
  'ranges',
  'steps',
  'start-address',
  'warnings',
  'questions',
] as const;
export type PlanDifference = (typeof planDifferences)[number];

/** What only the board itself can tell, settled before it is there. Texts in `shared/text/conditions.ts`. */
export type PlanCondition =
  /** It would be a question: answered beforehand. */
  | {
      readonly kind: 'ask';
      readonly id: PlanQuestion['id'];
      readonly accept: Acceptance;
      /** Goes on; the board is left as it is otherwise. */
      readonly agreed: boolean;
    }
  /** It would be a warning: said beforehand. */
  | { readonly kind: 'tell'; readonly code: PlanWarning['code'] };

/** A refusal: the same codes as errors, thrown once the plan is run, shown before. */
export interface PlanRefusal {
  readonly code: ErrorCode;
  readonly params: object;
}

/** The port of a plan that is made before the board is there. */
export const noPort = 'none';

/** What would be done, in words and ranges: shown, confirmed, and then done. Plain data. */
export interface Plan {
  readonly board: string;
  readonly portPath: string;
  readonly virtual: boolean;
  readonly protocol: string;
  readonly images: readonly { readonly name: string; readonly bytes: number; readonly sha256: string }[];
  readonly steps: readonly PlannedStep[];
  readonly regions: readonly RegionPlan[];
  readonly warnings: readonly PlanWarning[];
  readonly questions: readonly PlanQuestion[];
  readonly refusals: readonly PlanRefusal[];
  readonly checks: readonly PlanCheck[];
  /** Settled before the board is there; only where it is waited for. */
  readonly conditions?: readonly PlanCondition[];
  /** Its memory is not known before it is there. Chips known to take the file as it is, and those that do not, by name. */
  readonly open?: { readonly fits: readonly string[]; readonly not: readonly string[] };
  /** What its program or loader said of the board; texts in `shared/text/families.ts`. */
  readonly about?: readonly FamilyFact[];
  /** Memories of the board, neighbours joined; empty where its protocol has no addresses. */
  readonly memories: readonly Range[];
  /** Where the program is started after writing; undefined when it is not, or needs no address. */
  readonly leaveAddress: number | undefined;
  readonly estimateMs: number | undefined;
  /** SHA-256 over board facts, images and ranges: what a confirmation confirms. */
  readonly hash: string;
}
