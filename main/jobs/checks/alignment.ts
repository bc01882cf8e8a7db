// Chips program whole units at a time (dfu.md 2.10, 2.11). In erased sectors the rest of a unit is filled with FF.
import { FlashError } from '../../../shared/errors/flash-error.ts';
import { sectorsOf } from '../../targets/target.ts';
import type { BoardFacts } from '../board-facts.ts';
import type { Placed } from '../placement.ts';
import { rangeOf } from './areas.ts';
import { refuse, tell, type Check, type Finding } from './check.ts';

/** Bytes programmed at a time, by the beginning of a chip's name (dfu.md 2.10, most marked there as unverified). */
const units: readonly (readonly [chip: string, bytes: number])[] = [
  ['stm32f0', 2],
  ['stm32f1', 2],
  ['stm32f3', 2],
  ['stm32g', 8],
  ['stm32l4', 8],
  ['stm32wb', 8],
  ['stm32h7', 32],
  ['stm32u5', 16],
];

export const alignment: Check = {
  id: 'alignment',
  find({ board, placed }) {
    const unit = unitOf(board);
    if (!board.addressed || unit === 1) return [];
    return placed.flatMap((one): Finding[] => {
      const range = rangeOf(one);
      if (range.start % unit === 0 && (range.end % unit === 0 || isErased(one))) return [];
      // What is not erased first cannot be filled up either: half a unit would be programmed with what nobody chose.
      if (!isErased(one)) return [refuse(new FlashError('plan.unaligned', { range, unit }))];
      return [tell({ code: 'unaligned', range, unit })];
    });
  },
};

function unitOf({ chip }: BoardFacts): number {
  return units.find(([name]) => chip?.startsWith(name) === true)?.[1] ?? 1;
}

function isErased(one: Placed): boolean {
  const { start } = one;
  for (const sector of sectorsOf(one.region))
    if (start >= sector.start && start < sector.end) return sector.run.erasable;
  return true;
}
