// What may be read into a file: what the board's map offers, without what its profiles keep secret (devices.md 1.10).
import { FlashError } from '../../shared/errors/flash-error.ts';
import { contains, intersection, subtract, type Range } from '../../shared/ranges.ts';
import type { GuardedRange } from '../devices/guards.ts';
import type { Region } from '../targets/target.ts';
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

function secretsOf(region: Region, { guards }: Pick<BoardFacts, 'guards'>): GuardedRange[] {
  return guards.secrets.filter((one) => one.alternate === region.alternate);
}
