// Jobs as they are remembered: the history, and what a job that never ended left behind.
import type { ErrorParams } from './errors/codes.ts';
import type { ImageFact } from './image-facts.ts';
import type { StepName } from './plan.ts';
import type { Range } from './ranges.ts';
import type { Result, StepRecord } from './result.ts';

/** Something about the store that a person should know. */
export type StoreNotice = {
  readonly [C in 'store.damaged' | 'store.newer']: { readonly code: C; readonly params: ErrorParams[C] };
}['store.damaged' | 'store.newer'];

export type RecordedKind =
  'flash' | 'backup' | 'compare' | 'detach' | 'mass-erase' | 'read-unprotect' | 'leave' | 'reset';

/** The board of a job, as far as it is known. */
export interface RecordedUnit {
  readonly board: string;
  readonly portPath: string;
  readonly serial: string;
  readonly vendorId: number;
  readonly productId: number;
  /** Hash over its memory map; undefined before it was opened. */
  readonly memories: string | undefined;
  readonly chip: string | undefined;
  readonly profile: string | undefined;
  /** The job took it out of its program: its serial number is its program's, and may be another in flash mode. */
  readonly entered: boolean;
  readonly virtual: boolean;
}

export interface RecordedImage {
  readonly name: string;
  readonly bytes: number;
  /** Of the file as it was given. */
  readonly sha256: string;
  readonly format: string;
  readonly facts: readonly ImageFact[];
  /** Name in the folder of held images, while the job is open. */
  readonly held: string | undefined;
}

export interface RecordedBackup {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** One job of the history. */
export interface HistoryEntry {
  readonly id: string;
  /** Rises from job to job, whatever the clock says. */
  readonly number: number;
  readonly kind: RecordedKind;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly endedAt: string | undefined;
  readonly durationMs: number | undefined;
  readonly shell: string;
  readonly version: string;
  readonly system: string;
  readonly unit: RecordedUnit;
  readonly images: readonly RecordedImage[];
  readonly planHash: string | undefined;
  readonly backup: RecordedBackup | undefined;
  readonly steps: readonly StepRecord[];
  /** Undefined while it runs, and for ever where the program ended first. */
  readonly result: Result | undefined;
  readonly closed: { readonly at: string; readonly why: ClosedWhy } | undefined;
}

/**
 * `superseded`: a later job of the same board took over. `untouched`: its program ended before anything was changed.
 * `gone`: a virtual board ended with its program.
 */
export type ClosedWhy = 'ended' | 'resumed' | 'superseded' | 'discarded' | 'untouched' | 'gone';

/** `well`: done. `badly`: ended some other way. `never`: it runs, or its program ended first. */
export const historyEnds = ['well', 'badly', 'never'] as const;
export type HistoryEnd = (typeof historyEnds)[number];

export interface HistoryFilter {
  /** Part of a board's name, serial number, or its port. */
  readonly unit?: string | undefined;
  /** Part of a name, a file, a hash, an error or an id. */
  readonly search?: string | undefined;
  /** Exactly this port and serial number: the page of one board. */
  readonly portPath?: string | undefined;
  readonly serial?: string | undefined;
  /** Exactly these USB ids. */
  readonly ids?: Pick<RecordedUnit, 'vendorId' | 'productId'> | undefined;
  /** Exactly this job. */
  readonly id?: string | undefined;
  readonly kind?: RecordedKind | undefined;
  readonly ended?: HistoryEnd | undefined;
  /** Begun then or later; ISO 8601, UTC. */
  readonly since?: string | undefined;
  readonly virtual?: boolean | undefined;
  readonly limit?: number | undefined;
  /** Only jobs before this number: the next page. */
  readonly before?: number | undefined;
}

/** Where the next piece begins: behind the job with this number, and so many bytes into the one after it. */
export interface HistoryCursor {
  readonly before?: number | undefined;
  readonly offset: number;
}

export const historyFormats = ['csv', 'json'] as const;
export type HistoryFormat = (typeof historyFormats)[number];

/** A board the history knows, as the last of its jobs knew it. */
export interface KnownUnit {
  readonly unit: RecordedUnit;
  readonly jobs: number;
  readonly lastStartedAt: string;
  /** Id of the last of its jobs: by that the board is asked for. */
  readonly lastJob: string;
}

/** How many jobs fit a filter, and how many of them ended well. */
export interface HistoryCounts {
  readonly jobs: number;
  readonly done: number;
}

/** Ranges of one memory. */
export interface RegionRanges {
  readonly alternate: number;
  readonly ranges: readonly Range[];
}

/** A job that ended half-way, or never. */
export interface OpenJob {
  readonly id: string;
  readonly number: number;
  readonly kind: RecordedKind;
  readonly startedAt: string;
  readonly unit: RecordedUnit;
  readonly images: readonly RecordedImage[];
  readonly planHash: string | undefined;
  readonly backup: RecordedBackup | undefined;
  /** Whether that file is where it was, and holds what it held. */
  readonly backupThere: boolean;
  /** `running`: in a program that still runs. `died`: its program ended first. `ended`: it ended half-way. */
  readonly state: 'running' | 'died' | 'ended';
  readonly process: { readonly pid: number; readonly shell: string };
  readonly lastStep: StepName | undefined;
  /** Erased, and not written again. */
  readonly erased: readonly RegionRanges[];
  readonly written: readonly RegionRanges[];
  /** May hold anything. */
  readonly inDoubt: readonly RegionRanges[];
  readonly verified: boolean;
  /** The journal could not be kept to the end: all that was planned is in doubt. */
  readonly journalLost: boolean;
  readonly proposal: Proposal;
}

/** What to do about an open job, and why not more. */
export type Proposal =
  | { readonly do: 'resume' }
  | { readonly do: 'restore'; readonly why: 'image-not-held' | 'kept-bytes-lost' | 'asked-for' }
  | {
      readonly do: 'nothing';
      readonly why: 'still-runs' | 'nothing-to-write' | 'verified' | 'image-not-held';
    };
