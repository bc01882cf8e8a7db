// Rows of the journal and the history, as they go in and come out. docs/history.md describes the tables.
import type {
  ClosedWhy,
  HistoryEntry,
  RecordedBackup,
  RecordedImage,
  RecordedKind,
  RecordedUnit,
  RegionRanges,
} from '../../shared/history.ts';
import type { StepName } from '../../shared/plan.ts';
import type { Result, StepRecord } from '../../shared/result.ts';
import type { ProcessIdentity } from '../base/process-identity.ts';

/** One run of a program. */
export interface RunRow {
  readonly id: string;
  readonly process: ProcessIdentity;
  readonly shell: string;
  readonly version: string;
  readonly system: string;
  readonly startedAt: string;
}

export interface JobBeginning {
  readonly id: string;
  readonly kind: RecordedKind;
  readonly startedAt: string;
  readonly unit: RecordedUnit;
}

/** What was confirmed, before the first erase. */
export interface PlannedRow {
  readonly planHash: string;
  /** What was asked for, without the images: enough to ask for it again. */
  readonly request: object;
  readonly images: readonly RecordedImage[];
  readonly backup: RecordedBackup | undefined;
  /** Sectors and bytes that will be touched, by memory. */
  readonly planned: readonly RegionRanges[];
}

/** One erase or write, told before it is sent. */
export interface Act {
  readonly kind: 'erase' | 'write';
  readonly alternate: number;
  readonly start: number;
  readonly end: number;
}

export interface StepRow {
  readonly step: StepName;
  readonly state: StepRecord['state'] | 'running';
  readonly reason?: StepRecord['reason'];
  readonly durationMs?: number;
  readonly bytes?: number;
  readonly at: string;
}

export interface JobEnding {
  readonly endedAt: string;
  readonly verdict: string;
  readonly result: Result;
  /** Undefined leaves it open: the board is half-way. */
  readonly closed: ClosedWhy | undefined;
}

/** An open job with everything its journal says. */
export interface OpenRow {
  readonly entry: HistoryEntry;
  readonly run: RunRow;
  readonly journal: 'none' | 'kept' | 'lost';
  readonly verified: boolean;
  readonly request: object | undefined;
  readonly planned: readonly RegionRanges[];
  /** Every step that began, the last one last. */
  readonly begun: readonly StepName[];
  /** In order; `doubt`: an earlier job began it, and nobody knows how it ended. */
  readonly acts: readonly (Act & { readonly state: 'begun' | 'done' | 'doubt' })[];
}
