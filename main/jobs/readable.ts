// What may be read into a file: what the board's map offers, without what its profiles keep secret (devices.md 1.10).
import type { WhyNotCompared } from '../../shared/comparison.ts';
import { FlashError } from '../../shared/errors/flash-error.ts';
import { contains, intersection, subtract, type Range } from '../../shared/ranges.ts';
import type { GuardedRange } from '../devices/guards.ts';
import { rangesOf, type Region } from '../targets/target.ts';
import type { BoardFacts } from './board-facts.ts';

/** The ranges of a region that its map lets us read, neighbours joined. */
export function readableRanges(region: Region): Range[] {
  const ranges: Range[] = [];
  for (const run of region.runs) {
    if (!run.readable) continue;
    const end = run.start + run.count * run.sectorSize;
    const last = ranges.at(-1);
    if (last?.end === run.start) ranges[ranges.length - 1] = { start: last.start, end };
    else ranges.push({ start: run.start, end });
  }
  return ranges;
}

/** The readable ranges of a region that hold no secrets: all that a backup ever has. */
export function openRanges(region: Region, board: Pick<BoardFacts, 'guards'>): Range[] {
  const secrets = secretsOf(region, board).map((one) => one.range);
  return subtract(readableRanges(region), secrets);
}

/** @throws FlashError `backup.secret` when a secret lies in the range; without one, when any lies in the memory */
export function refuseSecrets(
  region: Region,
  range: Range | undefined,
  board: Pick<BoardFacts, 'guards'>,
): void {
  for (const { range: secret, what } of secretsOf(region, board)) {
    const touched = range === undefined ? secret : intersection(secret, range);
    if (touched !== undefined) throw new FlashError('backup.secret', { range: touched, what });
  }
}

/** The open range that holds an address, if the whole wish fits. */
export function openRangeAt(
  region: Region,
  start: number,
  length: number | undefined,
  board: Pick<BoardFacts, 'guards'>,
): Range | undefined {
  const holder = readableRanges(region).find((one) => start >= one.start && start < one.end);
  if (holder === undefined) return undefined;
  const range = { start, end: length === undefined ? holder.end : start + length };
  if (!contains(holder, range)) return undefined;
  refuseSecrets(region, range, board);
  return range;
}

/** A part of a wish that is not read, and why. */
export interface ClosedRange {
  readonly range: Range;
  readonly why: WhyNotCompared;
  /** What a profile says lies there. */
  readonly what?: string;
}

/** A wish cut up: what of it may be read, in order, and what may not. Secrets of the region are told whether they are in it or not. */
export function sortWish(
  region: Region,
  wish: Range,
  board: Pick<BoardFacts, 'guards' | 'addressed'>,
): { readonly open: Range[]; readonly closed: ClosedRange[] } {
  const secrets = secretsOf(region, board);
  const closed: ClosedRange[] = secrets.map(({ range, what }) => ({ range, why: 'secret', what }));
  // Without a map nobody knows where in it they lie.
  if (!board.addressed) return { open: secrets.length > 0 ? [] : [wish], closed };
  const memory = rangesOf(region);
  const outside = subtract([wish], memory);
  const inside = subtract([wish], outside);
  const unreadable = subtract(inside, readableRanges(region));
  closed.push(
    ...outside.map((range) => ({ range, why: 'outside-memory' }) as const),
    ...unreadable.map((range) => ({ range, why: 'not-readable' }) as const),
  );
  const hidden = secrets.map(({ range }) => range);
  return { open: subtract(inside, [...unreadable, ...hidden]), closed };
}

function secretsOf(region: Region, { guards }: Pick<BoardFacts, 'guards'>): GuardedRange[] {
  return guards.secrets.filter((one) => one.alternate === region.alternate);
}
