// Whether what the journal tells of a board is so, byte for byte.
import type { OpenJob, RegionRanges } from '../../shared/history.ts';
import { totalSize, type Range } from '../../shared/ranges.ts';

/** What a board's main flash was before, is now, and was to become. */
export interface FlashTruth {
  /** Address of the first byte. */
  readonly start: number;
  readonly now: Uint8Array;
  readonly before: Uint8Array;
  /** The image; behind it, padding is blank. */
  readonly wanted: Uint8Array;
}

/** The first thing told that is not so; undefined when all is. Memory 0 is the main flash. */
export function lieOf(job: OpenJob, flash: FlashTruth): string | undefined {
  const { start, now, before, wanted } = flash;
  const inside = (all: readonly RegionRanges[], offset: number): boolean =>
    rangesIn(all).some((range) => offset + start >= range.start && offset + start < range.end);
  for (let offset = 0; offset < now.length; offset++) {
    if (inside(job.inDoubt, offset)) continue;
    const is = now[offset];
    if (inside(job.written, offset)) {
      if (is !== (wanted[offset] ?? 0xff)) return `told written, and is not, at ${offset}`;
    } else if (inside(job.erased, offset)) {
      if (is !== 0xff) return `told erased, and is not, at ${offset}`;
    } else if (is !== before[offset]) return `told untouched, and is not, at ${offset}`;
  }
  return undefined;
}

export function bytesIn(all: readonly RegionRanges[]): number {
  return totalSize(rangesIn(all));
}

function rangesIn(all: readonly RegionRanges[]): Range[] {
  return all.filter(({ alternate }) => alternate === 0).flatMap(({ ranges }) => [...ranges]);
}
