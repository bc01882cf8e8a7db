import type { Acceptance } from '../../shared/acceptances.ts';
import type { BackupUnit } from '../../shared/backup-record.ts';
import type { ChoiceQuestion } from '../../shared/choice-question.ts';
import type { GuideSay } from '../../shared/guide.ts';
import type { PlanWarning } from '../../shared/plan.ts';
import type { Range } from '../../shared/ranges.ts';
import type { RecordedBackup, RecordedUnit } from '../../shared/history.ts';
import type { Ask, JobEvent } from '../../shared/job-events.ts';
import type { FirmwareImage } from '../images/image.ts';
import type { Log } from '../log/log.ts';

/** What nothing does by default, because it destroys or may destroy; each is asked for by name. */
export const permissions = ['mass-erase', 'read-unprotect', 'option-bytes', 'unsupported-board'] as const;
export type Permission = (typeof permissions)[number];

/** Which board is meant. Everything given must fit; with nothing given exactly one board must be there. */
export interface Selection {
  /** A port path, or any part of what `devices` prints that fits one board only. */
  readonly device?: string | undefined;
  /** `0483:df11`, `0483:*`, or `runtime,dfu` as dfu-util writes it; both sides are always filtered. */
  readonly ids?: string | undefined;
  /** Serial number, or `runtime,dfu`. */
  readonly serial?: string | undefined;
  readonly interfaceNumber?: number | undefined;
  /** Id of the profile of the board it is said to be: where several share their marks, a person knows. */
  readonly profile?: string | undefined;
  /** How long to wait for it to be plugged in, ms; 0 does not wait. */
  readonly waitMs: number;
  /** For who only wants to know something of it: one whose program runs, and that a hand alone brings into flash mode, is meant as well. */
  readonly running?: boolean | undefined;
}

export interface BoardOptions {
  readonly selection: Selection;
  readonly transferSize?: number | undefined;
  /** Number or exact name of the alternate setting. */
  readonly alternate?: string | undefined;
}

/** Why no backup is made. */
export type NoBackup = Extract<PlanWarning, { code: 'no-backup' }>;

export interface FlashRequest extends BoardOptions {
  readonly kind: 'flash';
  readonly images: readonly FirmwareImage[];
  /** Where images without an address go. */
  readonly address?: number | undefined;
  /** They go to where the memory begins, unless `address` says otherwise: a board's own firmware, by its maker (devices.md 5.7, 3.4). */
  readonly fromStart?: boolean | undefined;
  readonly dryRun: boolean;
  readonly backup: boolean;
  /** Why none is made, where it was not the person who said so. */
  readonly noBackup?: Extract<NoBackup, { why: 'not-usual' | 'window-too-short' }> | undefined;
  /** The person asked for it, also where it is not usual for the board. */
  readonly insistOnBackup?: boolean;
  /** A file or existing folder for the backup; the backups folder otherwise. */
  readonly backupTo?: string | undefined;
  readonly verify: boolean;
  readonly leave: boolean;
  /** Write every sector, also those that hold the image already. */
  readonly full: boolean;
  /** Write raw what looks like another format. */
  readonly asRaw: boolean;
  /** Bytes of touched sectors outside the image stay as they are. */
  readonly keepRest: boolean;
  /** DETACH and bus reset at the end, whatever the board says. */
  readonly reset: boolean;
  readonly allow: ReadonlySet<Permission>;
  readonly accept?: ReadonlySet<Acceptance>;
  /** What is put back is a backup of this board. */
  readonly backupOf?: { readonly board: string; readonly unit: BackupUnit } | undefined;
  /** Goes on where this job ended, on this board and on no other. */
  readonly resumes?: { readonly id: string; readonly unit: RecordedUnit } | undefined;
  /** An earlier job left this board half-written: what it holds is not worth a backup, the one from before is. */
  readonly earlier?: { readonly backup: RecordedBackup | undefined } | undefined;
}

export interface BackupRequest extends BoardOptions {
  readonly kind: 'backup';
  /** A file or existing folder; the backups folder otherwise. */
  readonly to?: string | undefined;
  /** Where to read; all main flash otherwise. */
  readonly range?: Range | undefined;
  /** Start of the read, with `length` or to the end of its memory. */
  readonly address?: number | undefined;
  readonly length?: number | undefined;
  /** Read it all a second time before it is saved, and compare. */
  readonly twice?: boolean;
  /** Write plain bytes instead of a `.dfu` container. */
  readonly raw: boolean;
  readonly leave: boolean;
  readonly reset: boolean;
  readonly allow?: ReadonlySet<Permission>;
}

/** Reads what a backup holds and says where the board differs; changes nothing on it. */
export interface CompareRequest extends BoardOptions {
  readonly kind: 'compare';
  readonly image: FirmwareImage;
  /** Where an image without an address belongs. */
  readonly address?: number | undefined;
  /** Whose backup it is, where that was noted. */
  readonly backupOf?: { readonly board: string; readonly unit: BackupUnit } | undefined;
  readonly leave: boolean;
  readonly reset: boolean;
  readonly allow?: ReadonlySet<Permission>;
}

/** From program to flash mode, and nothing else. */
export interface DetachRequest extends BoardOptions {
  readonly kind: 'detach';
  readonly allow?: ReadonlySet<Permission>;
}

/** Commands of the chip that are no flash: each needs its named permission. */
export interface ChipRequest extends BoardOptions {
  readonly kind: 'chip';
  readonly command: 'mass-erase' | 'read-unprotect' | 'leave' | 'reset';
  /** For `leave`: where the program starts. */
  readonly address?: number | undefined;
  readonly dryRun: boolean;
  readonly allow: ReadonlySet<Permission>;
}

/** A job on a board that is there, or comes as it is. */
export type DirectRequest = FlashRequest | BackupRequest | CompareRequest | DetachRequest | ChipRequest;

/**
 * A flash that is settled beforehand and begins the moment a board of this profile is in flash mode. `flash.selection`
 * is not looked at.
 */
export interface ArmRequest {
  readonly kind: 'arm';
  readonly flash: FlashRequest;
  /** The person wants a backup also where it is not usual; undefined: as is usual for the board. */
  readonly backup: boolean | undefined;
  /** Id of the profile. */
  readonly profile: string;
  /** Only this port; undefined: any. */
  readonly portPath: string | undefined;
  /** That port is one of the virtual boards: no system keeps anybody from it. */
  readonly virtual?: boolean | undefined;
  /** The chip the person says it has, by its name for files, where a board of the profile may have several. */
  readonly chip?: string | undefined;
  /** The way by hand that is shown first; with one named, software tries none of its own. */
  readonly way: string | undefined;
  readonly waitMs: number;
  /** It takes any one of many boards, and ends with that board. */
  readonly among?: AmongBoards | undefined;
}

/** Which of many boards an armed job may take. */
export interface AmongBoards {
  /** Told of every look: ports with a board, whatever it runs. */
  look(present: ReadonlySet<string>): void;
  isFree(portPath: string): boolean;
}

export type JobRequest = DirectRequest | ArmRequest;

/**
 * Asks the person; resolves with the id of a choice, or undefined for none of them. Once `withdrawn`, there is nothing
 * to answer any more: it resolves with undefined soon.
 */
export type Choose = (question: ChoiceQuestion, withdrawn: AbortSignal) => Promise<string | undefined>;

/** How a shell holds a running job. */
export interface JobControl {
  /** First request to end: at the next block border. */
  readonly stop: AbortSignal;
  /** Second request: at once, leaving the block in flight in doubt. */
  readonly abort: AbortSignal;
  readonly emit: (event: JobEvent) => void;
  readonly ask: Ask;
  /** Undefined where nobody is there to ask: then the job refuses with what there was to choose from. */
  readonly choose?: Choose | undefined;
  /** The name under which the history has it, as soon as it is begun on a board. */
  readonly recorded?: ((id: string) => void) | undefined;
  /** The job's own log; the program's when not given. */
  readonly log?: Log | undefined;
  /** What the person says to the coach, for as long as it is listened to. */
  readonly onSay?: ((listener: (say: GuideSay) => void) => Disposable) | undefined;
  /** At a block border: nothing when the next block may begin, else resolves when it may. Never rejects. */
  readonly pause?: (() => Promise<void> | undefined) | undefined;
  /** Whose turn it is, for jobs that wait for a person on their way. Neither rejects. */
  readonly turns?:
    | {
        /** It waits for a person from here on, and others may run meanwhile. */
        give(): void;
        /** The wait is over; resolves when the job may go on, or is to end. */
        take(): Promise<void>;
      }
    | undefined;
  /** Ports, for jobs that do not know theirs beforehand, and for boards that come back on another. */
  readonly ports?:
    | {
        /** False when another job has it. */
        claim(portPath: string): boolean;
        /** The job waits again, and has none but the one it was bound to. */
        release(): void;
        /** Whether no other job has it. */
        isFree(portPath: string): boolean;
        /** The job's board is there from now on; false when another job has that port. */
        follow(portPath: string): boolean;
      }
    | undefined;
}
