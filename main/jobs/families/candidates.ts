// Which boards of those we know this may be, and whose family has a word on it.
import { formatIds } from '../../../shared/hex.ts';
import type { Profile, ProfileMode } from '../../../shared/profile.ts';
import { provesChip } from '../../devices/chips.ts';
import type { Facts } from '../../devices/bus.ts';
import type { FamilyId } from '../../families/family.ts';

/** What a board shows of itself. */
export interface Shown {
  readonly manufacturer: string;
  readonly product: string;
  readonly chip: string | undefined;
}

/** Profiles with a mode that these ids name exactly, and that nothing the board shows speaks against. */
export function candidatesFor(
  profiles: readonly Profile[],
  facts: Pick<Facts, 'vendorId' | 'productId'>,
  shown: Shown,
): Profile[] {
  const ids = formatIds(facts.vendorId, facts.productId);
  return profiles.filter((profile) =>
    profile.modes.some((mode) => mode.ids.includes(ids) && fits(mode, shown)),
  );
}

function fits(mode: ProfileMode, { manufacturer, product, chip }: Shown): boolean {
  const isOneOf = (wanted: readonly string[] | undefined, found: string): boolean =>
    wanted === undefined || wanted.includes(found);
  return (
    isOneOf(mode.manufacturers, manufacturer) &&
    isOneOf(mode.products, product) &&
    (mode.chips === undefined || chip === undefined || mode.chips.includes(chip))
  );
}

/** The family all candidates share. A boot ROM's ids are every board's, and prove none (devices.md 0.2). */
export function sharedFamily(
  candidates: readonly Profile[],
  facts: Pick<Facts, 'vendorId' | 'productId'>,
): FamilyId | undefined {
  const [first, ...others] = candidates;
  if (provesChip(facts) || first?.family === undefined) return undefined;
  return others.every((one) => one.family === first.family) ? first.family : undefined;
}
