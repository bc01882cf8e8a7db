// Memories that a mistake destroys for good: our own list, whatever the board's map allows (devices.md 0.3, 7 rule 3).
import { FlashError } from '../../../shared/errors/flash-error.ts';
import { intersection } from '../../../shared/ranges.ts';
import { forbiddenOn } from '../../devices/forbidden.ts';
import { rangeOf } from './areas.ts';
import { refuse, type Check, type Finding } from './check.ts';

export const forbidden: Check = {
  id: 'forbidden',
  find: ({ board, placed, request }) =>
    placed.flatMap((one): Finding[] => {
      const range = rangeOf(one);
      const listed = forbiddenOn(board, one.region.alternate).flatMap(({ range: area, what }) => {
        const touched = intersection(area, range);
        return touched === undefined
          ? []
          : [refuse(new FlashError('plan.forbidden-range', { range: touched, what }))];
      });
      switch (one.region.kind) {
        case 'main-flash':
        case 'other':
          return listed;
        case 'otp':
        case 'device-feature':
          return [
            ...listed,
            refuse(new FlashError('plan.forbidden-range', { range, what: one.region.name })),
          ];
        case 'option-bytes': {
          if (request.allow.has('option-bytes')) return listed;
          const params = { permission: 'option-bytes', consequence: 'option-bytes' };
          return [...listed, refuse(new FlashError('plan.needs-permission', params))];
        }
      }
    }),
};
