// What only code can tell of some boards: what their programs and loaders say, what to know, what is left to do. Plain data.
import type { GuideStep } from './profile.ts';

/** A version of something; comparable with another only where `of` is the same. */
export interface NamedVersion {
  readonly of: string;
  readonly version: string;
}

/** The two ways NanoVNA programs lay out what they keep in flash (devices.md 5.5). */
export type NanovnaLayout = 'ttrftech' | 'dislord';

/** What a program said of itself over its serial port. */
export interface ProgramSays {
  /** The board, by the program's own word. */
  readonly name: string;
  /** The profile it proves, where it proves one. */
  readonly profile?: string | undefined;
  readonly versions: readonly NamedVersion[];
  readonly layout?: NanovnaLayout | undefined;
  /** Its own words, cleaned and bounded. */
  readonly lines: readonly string[];
}

/** Something learned of the board that people should see. Texts in `shared/text/families.ts`. */
export type FamilyFact =
  | { readonly code: 'program'; readonly name: string; readonly versions: readonly NamedVersion[] }
  /** Calibration was read as text and will lie beside the backup. */
  | {
      readonly code: 'calibration-read';
      readonly slots: readonly number[];
      readonly restored: 'as-it-was' | 'first-slot' | 'unknown';
    }
  | { readonly code: 'calibration-not-read' }
  /** `board` as its maker writes it: `v3.6-56V`. */
  | { readonly code: 'odrive-board'; readonly board: string }
  | { readonly code: 'odrive-board-unknown'; readonly why: 'empty' | 'unreadable' | 'all-cancelled' };

/** Something to know before saying yes. Texts in `shared/text/families.ts`. */
export type FamilyWarning =
  /** What was calibrated will not be found, or is written over. `slots`: those that hold something, where that is known. */
  | {
      readonly code: 'calibration-lost';
      readonly why: 'layout-changes' | 'written-over';
      readonly name: string;
      readonly slots: readonly number[] | undefined;
    }
  /** The checksum inside a file for a Pycom board is not the one of its content, as far as that is known. */
  | { readonly code: 'checksum-differs'; readonly name: string }
  /** The first record of an ODrive's one-time memory is cancelled: programs from 0.5.2 on read no other (devices.md 3.4). */
  /** `board`: what a later record says; undefined where none counts. */
  | { readonly code: 'odrive-first-record-cancelled'; readonly board: string | undefined }
  | { readonly code: 'odrive-board-unproven' }
  | { readonly code: 'odrive-settings-stay' };

/** A question only some boards have. `detail`: of which file, and what board. */
export type FamilyQuestion =
  /** The file does not say which of several boards it is for. */
  | {
      readonly id: 'file-names-no-board';
      readonly flag: '--accept unnamed-board';
      readonly detail: string;
      /** By the file's name alone. */
      readonly fileBoard?: string;
      readonly board: string;
    }
  /** The version of the file is not known, and one version hangs on this board (devices.md 3.4). */
  | { readonly id: 'version-unknown'; readonly flag: '--accept unknown-version'; readonly detail: string }
  /** Built for another version of the board; starts, but with other limits. */
  | {
      readonly id: 'other-board-version';
      readonly flag: '--accept other-board-version';
      readonly detail: string;
      readonly board: string;
    }
  /** The file covers the memory where the board keeps its settings. */
  | { readonly id: 'overwrite-settings'; readonly flag: '--accept settings'; readonly detail: string }
  /** After the new program came up: its settings are the old program's. A no only leaves it to the person. */
  | { readonly id: 'clear-settings'; readonly flag: '--accept clear-settings'; readonly detail: string };

/** Something left to the person once the job is over. Texts in `shared/text/families.ts`. */
export type AfterStep =
  /** Done here, with the person's leave. */
  | { readonly code: 'settings-cleared' }
  /** The next step where it was not done here. */
  | { readonly code: 'clear-settings'; readonly command: string }
  | { readonly code: 'calibrate' }
  /** Its loader keeps a program with a wrong checksum from starting; nothing is lost (devices.md 2.3). */
  | { readonly code: 'still-in-flash-mode' }
  /** It starts by itself, by the next power cycle at the latest. */
  | { readonly code: 'replug' }
  | { readonly code: 'settings-may-not-fit' }
  | { readonly code: 'by-hand'; readonly step: GuideStep };

/** What the program said before and after, and what the file had promised. */
export interface SaysReport {
  readonly before: ProgramSays | undefined;
  readonly after: ProgramSays | undefined;
  readonly file: readonly NamedVersion[];
  /** `unknown`: one side of the comparison is missing. */
  readonly verdict: 'as-the-file-says' | 'differs-from-file' | 'unknown';
}

/** One state of a NanoVNA, in the lines its shell prints. */
export interface NanovnaSetting {
  readonly sweep: readonly string[];
  readonly frequencies: readonly string[];
  /** By number; a term that could not be read cleanly is missing. */
  readonly terms: ReadonlyMap<number, readonly string[]>;
}

export interface NanovnaSlot {
  readonly number: number;
  /** What the board answered to recalling it, if anything. */
  readonly said: readonly string[];
  /** Undefined where it could not be read. */
  readonly setting: NanovnaSetting | undefined;
  /** It reads the same as this one, or as what was in use: it may be empty, or a copy. */
  readonly sameAs: number | 'in-use' | undefined;
}

export interface NanovnaCalibration {
  readonly inUse: NanovnaSetting | undefined;
  readonly slots: readonly NanovnaSlot[];
  /** How the board was left: in what it was in, in its first slot, or in a slot we cannot vouch for. */
  readonly restored: 'as-it-was' | 'first-slot' | 'unknown';
}
