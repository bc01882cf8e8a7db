// Memories that a mistake destroys for good: our own list, whatever the board's map allows (devices.md 0.3, 7 rule 3).
import { FlashError } from '../../../shared/errors/flash-error.ts';
import { intersection, union, type Range } from '../../../shared/ranges.ts';
import type { Placed } from '../placement.ts';
import { rangeOf } from './areas.ts';
import { refuse, type Check, type Finding } from './check.ts';

export const forbidden: Check = {
  id: 'forbidden',
  find: ({ board, placed, request }) =>
    placed.flatMap((one): Finding[] => {
      const range = rangeOf(one);
      const changed = changedBy(one);
      const listed = board.guards.forbidden.flatMap(({ alternate, range: area, what }) => {
        if (alternate !== one.region.alternate) return [];
        const touched = changed.flatMap((part) => intersection(area, part) ?? [])[0];
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
          return listed.length > 0
            ? listed
            : [refuse(new FlashError('plan.forbidden-range', { range, what: one.region.name }))];
        case 'option-bytes': {
          if (request.allow.has('option-bytes')) return listed;
          const params = { permission: 'option-bytes', consequence: 'option-bytes' };
          return [...listed, refuse(new FlashError('plan.needs-permission', params))];
        }
      }
    }),
};

/** Its own bytes, and the rest of the sectors that are erased for them. */
function changedBy(placed: Placed): Range[] {
  const range = rangeOf(placed);
  const erased = placed.region.runs.flatMap((run): Range[] => {
    const end = run.start + run.count * run.sectorSize;
    const inside = intersection(range, { start: run.start, end });
    if (!run.erasable || inside === undefined) return [];
    const before = (inside.start - run.start) % run.sectorSize;
    const last = Math.ceil((inside.end - run.start) / run.sectorSize);
    return [{ start: inside.start - before, end: run.start + last * run.sectorSize }];
  });
  return union([range, ...erased]);
}
