// A program that cannot start: the chip takes its stack and its first instruction from the start of flash (dfu.md 3.8).
import type { FactPlace } from '../../../shared/image-facts.ts';
import type { BoardFacts } from '../board-facts.ts';
import { processorOf } from '../chip-fit.ts';
import type { Placed } from '../placement.ts';
import { rangeOf } from './areas.ts';
import { ask, tell, type Check, type Finding } from './check.ts';

export const vectorTable: Check = {
  id: 'vector-table',
  find: ({ images, board, placed, request }) => {
    if (isAnotherProcessor(board)) return [];
    return images.flatMap(({ name, facts, notices }): Finding[] => {
      // A blank or disguised file has been asked about already.
      if (notices.some((notice) => notice.code === 'all-blank' || notice.code === 'looks-like')) return [];
      const header = facts.find((one) => one.code === 'mcuboot');
      const table = facts.find((one) => one.code === 'vector-table' && !one.plausible);
      const found = header ?? table;
      if (found === undefined || !('at' in found)) return [];
      if (!isCortexM(board) || !isAtStart(found.at, placed))
        // Behind a bootloader an MCUboot header is where it belongs.
        return header === undefined ? [tell({ code: 'no-vector-table', name })] : [];
      if (request.accept?.has('vector-table') === true) return [];
      return [ask({ id: 'write-implausible', flag: '--accept vector-table', detail: name })];
    });
  },
};

/** What a Cortex-M begins with says nothing of these: Pycom's boards are PICs (devices.md 2). */
function isAnotherProcessor({ chip, families = [] }: BoardFacts): boolean {
  const processor = processorOf(chip);
  if (processor !== undefined) return processor !== 'arm';
  return families.some(({ id, settled }) => id === 'pycom' && settled);
}

/** Boards whose own bootloader lies elsewhere, so that the chip starts what is written at the start of flash. */
function isCortexM({ addressed, chip }: BoardFacts): boolean {
  return addressed && processorOf(chip) === 'arm' && chip?.startsWith('nrf') !== true;
}

function isAtStart(at: FactPlace, placed: readonly Placed[]): boolean {
  return placed.some((one) => {
    const first = one.region.kind === 'main-flash' ? one.region.runs[0]?.start : undefined;
    const isHere = at.address === undefined || at.address === one.start;
    return first !== undefined && isHere && first >= one.start && first < rangeOf(one).end;
  });
}
