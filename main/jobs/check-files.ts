// The checks before flashing without a board: against a chip that somebody names.
import { FlashError } from '../../shared/errors/flash-error.ts';
import type { Plan } from '../../shared/plan.ts';
import { chipBySlug, chipSlugs, stRom } from '../devices/chips.ts';
import { guardsOf } from '../devices/guards.ts';
import { builtInProfiles } from '../devices/profiles.ts';
import type { BoardFacts } from './board-facts.ts';
import { planFlash } from './plan.ts';
import type { FlashRequest } from './request.ts';

const yes = { possible: true } as const;

/**
 * The plan there would be for a board with this chip in its bootloader.
 * @throws FlashError `usage` for a chip we have no map of
 */
export function planForChip(slug: string, request: FlashRequest): Plan {
  const chip = chipBySlug(slug.toLowerCase());
  if (chip === undefined)
    throw new FlashError('usage', {
      detail: `There is no map of "${slug}"; there are ${chipSlugs().join(', ')}`,
    });
  const board: BoardFacts = {
    name: chip.name,
    slug: chip.slug,
    chip: chip.slug,
    likely: chip.boards,
    portPath: 'none',
    virtual: false,
    serial: '',
    ...stRom,
    runtimeIds: undefined,
    entered: false,
    protocol: 'dfuse',
    addressed: true,
    regions: [{ alternate: 0, name: 'Internal Flash', kind: 'main-flash', runs: chip.runs }],
    guards: guardsOf(builtInProfiles, { ...stRom, chip: chip.slug, runtimeIds: undefined }),
    abilities: { write: yes, read: yes, erase: yes, verify: yes, leave: yes },
  };
  return planFlash(board, request, []).plan;
}
