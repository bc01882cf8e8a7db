// Two files, or two parts of one, for the same bytes: they must agree.
import { FlashError } from '../../../shared/errors/flash-error.ts';
import { limits } from '../../../shared/limits.ts';
import { intersection, type Range } from '../../../shared/ranges.ts';
import { firstDifference } from '../../base/bytes.ts';
import type { Placed } from '../placement.ts';
import { rangeOf } from './areas.ts';

/** A run with the name of the file it is from. */
export interface NamedRun extends Placed {
  readonly name: string;
}

/**
 * The same bytes, each once. Needs them sorted by region, then by start.
 * @throws FlashError `image.overlap`, `image.too-large`
 */
export function withoutOverlaps(placed: readonly NamedRun[]): Placed[] {
  const kept: NamedRun[] = [];
  for (const next of placed) {
    refuseTooLarge(next);
    const from =
      kept.findLastIndex((one) => one.region !== next.region || rangeOf(one).end <= next.start) + 1;
    for (const before of kept.slice(from)) refuseDisagreement(before, next);
    const end =
      kept[from] === undefined ? next.start : Math.max(...kept.slice(from).map((one) => rangeOf(one).end));
    const rest = next.bytes.subarray(Math.max(0, end - next.start));
    if (rest.length > 0) kept.push({ ...next, start: Math.max(next.start, end), bytes: rest });
  }
  return kept.map(({ region, start, bytes }) => ({ region, start, bytes }));
}

function refuseTooLarge({ name, bytes }: NamedRun): void {
  const limit = limits.imageSpanBytes;
  if (bytes.length > limit) throw new FlashError('image.too-large', { name, size: bytes.length, limit });
}

function refuseDisagreement(before: NamedRun, next: NamedRun): void {
  const shared = intersection(rangeOf(before), rangeOf(next));
  if (shared === undefined) return;
  const different = firstDifference(within(before, shared), within(next, shared));
  if (different === undefined) return;
  const range = { start: shared.start + different, end: shared.end };
  throw new FlashError('image.overlap', { range, names: [before.name, next.name] });
}

function within(run: NamedRun, range: Range): Uint8Array {
  return run.bytes.subarray(range.start - run.start, range.end - run.start);
}
