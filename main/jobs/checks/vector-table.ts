// A program that cannot start: the chip takes its stack and its first instruction from the start of flash (dfu.md 3.8).
import type { ImageFact } from '../../../shared/image-facts.ts';
import { processorOf } from '../chip-fit.ts';
import { rangeOf } from './areas.ts';
import { ask, tell, type Check, type Finding } from './check.ts';

export const vectorTable: Check = {
  id: 'vector-table',
  find: ({ images, board, placed, request }) =>
    images.flatMap(({ name, facts, notices }): Finding[] => {
      const fact = facts.find((one) => one.code === 'vector-table');
      if (fact?.code !== 'vector-table' || fact.plausible) return [];
      // A blank or disguised file has been asked about already.
      if (notices.some((notice) => notice.code === 'all-blank' || notice.code === 'looks-like')) return [];
      const isStart = placed.some((one) => {
        const first = one.region.kind === 'main-flash' ? one.region.runs[0]?.start : undefined;
        return (
          first !== undefined &&
          first >= rangeOf(one).start &&
          first < rangeOf(one).end &&
          isFor(fact, one.start)
        );
      });
      const isCortex =
        board.addressed && processorOf(board.chip) === 'arm' && board.chip?.startsWith('nrf') !== true;
      if (!isStart || !isCortex) return [tell({ code: 'no-vector-table', name })];
      if (request.accept?.has('vector-table') === true) return [];
      return [ask({ id: 'write-implausible', flag: '--accept vector-table', detail: name })];
    }),
};

function isFor(fact: Extract<ImageFact, { code: 'vector-table' }>, start: number): boolean {
  return fact.at.address === undefined || fact.at.address === start;
}
