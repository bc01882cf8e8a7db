// The image begins in a memory of the board and goes past its end: too large, or for the bigger sister of this chip.
import { FlashError } from '../../../shared/errors/flash-error.ts';
import { intersection, totalSize, union } from '../../../shared/ranges.ts';
import { rangesOf } from '../../targets/target.ts';
import { outsideOf, rangeOf } from './areas.ts';
import { refuse, type Check } from './check.ts';

export const fits: Check = {
  id: 'fits',
  find: ({ board, placed }) =>
    !board.addressed
      ? []
      : placed.flatMap((one) => {
          const memory = union(rangesOf(one.region));
          const begins = memory.some((area) => intersection(area, rangeOf(one)) !== undefined);
          const ranges = outsideOf(one);
          if (!begins || totalSize(ranges) === 0) return [];
          return [refuse(new FlashError('plan.outside-memory', { ranges, memory }))];
        }),
};
