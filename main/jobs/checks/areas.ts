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
    const lost = placed.filter((one) => isOutside(rangesOf(one.region), rangeOf(one)));
    if (lost.length === 0) return [];
    const ranges = union(lost.map(rangeOf));
    // In a memory that is not the chosen one: then that one is what it should fit.
    const all = board.regions.flatMap(rangesOf);
    const isElsewhere = ranges.some((range) => !isOutside(all, range));
    const memory = union(isElsewhere ? lost.flatMap((one) => rangesOf(one.region)) : all);
    return [refuse(new FlashError('plan.outside-memory', { ranges, memory }))];
  },
};

function isOutside(memory: readonly Range[], range: Range): boolean {
  return memory.every((area) => intersection(area, range) === undefined);
}

export function rangeOf(one: Pick<Placed, 'start' | 'bytes'>): Range {
  return { start: one.start, end: one.start + one.bytes.length };
}

/** What of a run does not lie in its own region. */
export function outsideOf(one: Placed): Range[] {
  return subtract([rangeOf(one)], rangesOf(one.region));
}
