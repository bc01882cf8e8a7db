// A family: what cannot be said as data about some boards. The job calls its verbs where they belong; it never drives the job.
import type { FlashError } from '../../shared/errors/flash-error.ts';
import type {
  AfterStep,
  FamilyFact,
  FamilyQuestion,
  FamilyWarning,
  ProgramSays,
} from '../../shared/families.ts';
import type { Profile } from '../../shared/profile.ts';
import type { Range } from '../../shared/ranges.ts';
import type { Clock } from '../base/clock.ts';
import type { Wait } from '../base/wait.ts';
import type { FirmwareImage } from '../images/image.ts';
import type { Log } from '../log/log.ts';
import type { SerialLine } from '../transports/serial/serial-line.ts';

export type FamilyId = NonNullable<Profile['family']>;

/** What a verb that waits is given. */
export interface FamilyTools {
  readonly clock: Clock;
  readonly log: Log;
  readonly wait: Wait;
  /** Ends it between two questions to the board. */
  readonly stop: AbortSignal;
}

/** What USB says of a board while its program runs. */
export interface UsbNames {
  readonly manufacturer: string;
  readonly product: string;
}

/** A file that belongs beside the backup. */
export interface ExtraFile {
  /** Becomes part of the file's name. */
  readonly kind: string;
  readonly text: string;
}

export interface ExtraBackup {
  readonly files: readonly ExtraFile[];
  readonly facts: readonly FamilyFact[];
}

/** Reading in flash mode, and nothing else: a family never writes. */
export interface LoaderReader {
  /** Memories there are. */
  readonly kinds: readonly string[];
  /** @throws FlashError as the target does, `internal` for more than `limits.loaderReadBytes` */
  read(kind: 'otp' | 'main-flash', range: Range): Promise<Uint8Array>;
}

/** What an ODrive's one-time memory says of the board (devices.md 3.4). */
export type OdriveRecord =
  | {
      readonly kind: 'board';
      readonly minor: number;
      readonly voltage: number;
      readonly firstCancelled: boolean;
    }
  | { readonly kind: 'unknown'; readonly why: 'empty' | 'unreadable' | 'all-cancelled' };

/** What a loader's memories say of the board. */
export interface LoaderSays {
  /** The board by its own record; undefined where that says nothing. */
  readonly name: string | undefined;
  /** The profile that proves. */
  readonly profile: string | undefined;
  readonly odrive?: OdriveRecord;
  readonly facts: readonly FamilyFact[];
}

/** Bytes and where they go. */
export interface GateRun {
  readonly alternate: number;
  readonly kind: string;
  readonly start: number;
  readonly bytes: Uint8Array;
}

/** All that is known when a file is held against a board. */
export interface GateInput {
  readonly profile: Profile | undefined;
  /** Boards it may be, the settled one included. */
  readonly candidates: readonly Profile[];
  /** Name of the board for people. */
  readonly board: string;
  /** By its memory map, where that proves one. */
  readonly chip: string | undefined;
  readonly says: ProgramSays | undefined;
  readonly loader: LoaderSays | undefined;
  readonly images: readonly FirmwareImage[];
  readonly placed: readonly GateRun[];
  readonly known: readonly Pick<GateRun, 'alternate' | 'start' | 'bytes'>[];
  /** Questions a person has answered by name. */
  readonly accept: ReadonlySet<string>;
}

export type GateFinding =
  | { readonly verdict: 'refuse'; readonly error: FlashError }
  | { readonly verdict: 'ask'; readonly question: FamilyQuestion }
  | { readonly verdict: 'tell'; readonly warning: FamilyWarning };

/** What is known once the job has written. */
export interface AfterInput extends GateInput {
  readonly after: ProgramSays | undefined;
  readonly app: 'running' | 'not-seen' | 'not-expected';
}

export interface Afterwards {
  readonly steps: readonly AfterStep[];
  /** Something that can be done here, once the person agrees. */
  readonly offer?: { readonly question: FamilyQuestion; readonly otherwise: AfterStep };
}

/** For boards that are waited for: what would be asked, and what told, once they are there. */
export interface KnownLater {
  readonly asks: readonly ('version-unknown' | 'other-board-version')[];
  readonly tells: readonly FamilyWarning['code'][];
}

export interface Family {
  readonly id: FamilyId;
  /** Asks the running program; undefined when it is none of this family's. @throws FlashError; the caller goes on without */
  readonly askProgram?: (
    line: SerialLine,
    usb: UsbNames,
    tools: FamilyTools,
  ) => Promise<ProgramSays | undefined>;
  /** Reads what a backup of the memory does not show. @throws FlashError; the caller goes on without */
  readonly extraBackup?: (line: SerialLine, says: ProgramSays, tools: FamilyTools) => Promise<ExtraBackup>;
  /** Looks at memories of a board in flash mode; undefined when it is none of this family's. Throws only `job.*`. */
  readonly askLoader?: (loader: LoaderReader, tools: FamilyTools) => Promise<LoaderSays | undefined>;
  /** May this board be taken out of its program? The reason against it otherwise. Pure. */
  readonly entryRefusal?: (usb: UsbNames, board: string) => FlashError | undefined;
  /** Whether a file says of itself that it is for one of this family's boards. Pure. */
  readonly isNamedIn?: (image: FirmwareImage) => boolean;
  /** Part of the preflight. Pure. */
  readonly gate?: (input: GateInput) => readonly GateFinding[];
  /** What the gate may ask and tell of these files only once a board's program or loader was heard. Pure. */
  readonly knownLater?: (images: readonly FirmwareImage[]) => KnownLater;
  /** What is left once it is written. Pure. */
  readonly afterwards?: (input: AfterInput) => Afterwards;
  /** Does what was offered and agreed to; the steps that are left then. @throws FlashError; the caller tells `otherwise` */
  readonly carryOut?: (line: SerialLine, tools: FamilyTools) => Promise<readonly AfterStep[]>;
}
