// The checks before flashing without a board: against a chip that somebody names.
import { FlashError } from '../../shared/errors/flash-error.ts';
import type { Plan } from '../../shared/plan.ts';
import { chipBySlug, chipSlugs, stRom } from '../devices/chips.ts';
import { builtInProfiles } from '../devices/profiles.ts';
import { dfuseBoard } from './arm/expected-board.ts';
import { planFlash } from './plan.ts';
import type { FlashRequest } from './request.ts';

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
  return planFlash(dfuseBoard(chip, stRom, builtInProfiles), request, []).plan;
}
