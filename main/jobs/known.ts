import type { Range } from '../../shared/ranges.ts';

/** Bytes of one region that were read from the board in this job. */
export interface KnownRun {
  readonly alternate: number;
  readonly start: number;
  readonly bytes: Uint8Array;
}

/** The bytes of a range, if they were all read in one go; never a guess. */
export function knownBytes(
  known: readonly KnownRun[],
  alternate: number,
  range: Range,
): Uint8Array | undefined {
  const run = known.find(
    (one) =>
      one.alternate === alternate && one.start <= range.start && one.start + one.bytes.length >= range.end,
  );
  return run?.bytes.subarray(range.start - run.start, range.end - run.start);
}
