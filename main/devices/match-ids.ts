// Which profiles a board's ids fit. Ids never prove a board; they only leave some profiles out (devices.md 0.1, 0.2).
import type { Profile, ProfileMode } from '../../shared/profile.ts';

/** What every board on USB shows without being opened. */
export interface IdFacts {
  readonly vendorId: number;
  readonly productId: number;
}

/** How closely ids of a profile (`0483:df11`, `1366:*`, `*:*`) name a device: 3 exactly, 0 not at all. */
export function closeness(ids: string, facts: IdFacts): 0 | 1 | 2 | 3 {
  if (ids === '*:*') return 1;
  const [vendor = '', product = ''] = ids.split(':');
  if (Number.parseInt(vendor, 16) !== facts.vendorId) return 0;
  if (product === '*') return 2;
  return Number.parseInt(product, 16) === facts.productId ? 3 : 0;
}

/** Whether ids as profiles write them name this device. */
export function fitsIds(ids: string, facts: IdFacts): boolean {
  return closeness(ids, facts) > 0;
}

/**
 * The profiles whose ids name this device most closely: one that names it exactly leaves out those that name only its
 * maker, or any DFU device. In the order they were given.
 * @param mode only modes of this kind count; any when left out
 */
export function profilesFor(
  profiles: readonly Profile[],
  facts: IdFacts,
  mode?: ProfileMode['kind'],
): Profile[] {
  const found = profiles.map((profile) => ({
    profile,
    closeness: Math.max(
      0,
      ...profile.modes
        .filter((one) => mode === undefined || one.kind === mode)
        .flatMap((one) => one.ids.map((ids) => closeness(ids, facts))),
    ),
  }));
  const closest = Math.max(1, ...found.map((one) => one.closeness));
  return found.filter((one) => one.closeness === closest).map((one) => one.profile);
}
