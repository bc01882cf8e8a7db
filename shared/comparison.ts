// How what is on a board compares with a backup: where it differs, and what was not looked at.
import type { Range } from './ranges.ts';

/** A range of one memory. */
export interface MemoryRange extends Range {
  readonly alternate: number;
}

/** Why bytes were not compared. Texts in `shared/text/comparison.ts`. */
export type WhyNotCompared =
  /** Keys and the like: never read into a file, so no backup holds them. */
  | 'secret'
  /** The board's own map does not let it be read. */
  | 'not-readable'
  /** The backup has it, the board has no such memory. */
  | 'outside-memory';

export interface NotCompared extends MemoryRange {
  readonly why: WhyNotCompared;
  /** What a profile says lies there. */
  readonly what?: string;
}

export interface Comparison {
  /** Name of the backup or file. */
  readonly name: string;
  /** Whose backup it is; undefined where nobody noted that. */
  readonly from?: {
    readonly board: string;
    readonly portPath: string;
    readonly serial: string;
    /** Whether it is this board; `unknown` where no number of their own tells. */
    readonly isThisBoard: 'yes' | 'no' | 'unknown';
  };
  /** What was read, neighbours joined. Offsets where the protocol has no addresses. */
  readonly compared: readonly MemoryRange[];
  readonly differentBytes: number;
  /** Where they lie, in order; at most `limits.comparedPlaces`, and `more` when there are more. */
  readonly different: readonly MemoryRange[];
  readonly more: boolean;
  /** Sectors that were compared, and that differ; 0 where the protocol knows no sectors. */
  readonly sectors: number;
  readonly differentSectors: number;
  readonly notCompared: readonly NotCompared[];
}

/** Whether all that was compared is the same. */
export function isSame({ differentBytes }: Pick<Comparison, 'differentBytes'>): boolean {
  return differentBytes === 0;
}
