// Every byte must lie in a memory of the board. Two ways not to: in none at all, or past the end of the one it begins in.
import { FlashError } from '../../../shared/errors/flash-error.ts';
import { intersection, subtract, union, type Range } from '../../../shared/ranges.ts';
import { rangesOf } from '../../targets/target.ts';
import type { Placed } from '../placement.ts';
import { refuse, type Check } from './check.ts';

/** Part of the image outside every area: another board's file, or a wrong address. */
export const outsideEveryArea: Check = {
  id: 'areas',
  find({ board, placed }) {
    if (!board.addressed) return [];
    const memory = union(board.regions.flatMap(rangesOf));
    const lost = placed
      .map(rangeOf)
      .filter((range) => memory.every((area) => intersection(area, range) === undefined));
    return lost.length === 0
      ? []
      : [refuse(new FlashError('plan.outside-memory', { ranges: union(lost), memory }))];
  },
};

export function rangeOf(one: Pick<Placed, 'start' | 'bytes'>): Range {
  return { start: one.start, end: one.start + one.bytes.length };
}

/** What of a run does not lie in its own region. */
export function outsideOf(one: Placed): Range[] {
  return subtract([rangeOf(one)], rangesOf(one.region));
}
