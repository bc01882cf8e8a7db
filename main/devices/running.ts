// Which boards a device may be while its program runs, by what it shows of itself.
import type { Profile, WayByHand, WayIn } from '../../shared/profile.ts';
import { fitsIds, profilesFor, type IdFacts } from './match-ids.ts';

/** A way that needs no hand. */
export type SoftwareWay = Exclude<WayIn, { kind: 'by-hand' }>;

/** What a device says of itself; empty where it could not be asked, as on systems whose driver has it. */
export interface ShownNames {
  readonly manufacturer: string;
  readonly product: string;
}

/**
 * Boards that a running device may be, those whose ids name it most closely. What could not be read contradicts nothing.
 * @param mode what it shows besides its ids: a DFU interface of its program, or none
 */
export function runningProfiles(
  profiles: readonly Profile[],
  facts: IdFacts,
  { manufacturer, product }: ShownNames,
  mode: 'runtime' | 'other',
): readonly Profile[] {
  const kinds = mode === 'runtime' ? (['application', 'runtime-dfu'] as const) : (['application'] as const);
  const fitting = kinds.flatMap((kind) =>
    profilesFor(profiles, facts, kind).filter((profile) =>
      profile.modes.some(
        (one) =>
          one.kind === kind &&
          one.ids.some((ids) => fitsIds(ids, facts)) &&
          fits(one.manufacturers, manufacturer) &&
          fits(one.products, product),
      ),
    ),
  );
  return [...new Set(fitting)];
}

function fits(wanted: readonly string[] | undefined, shown: string): boolean {
  return wanted === undefined || shown === '' || wanted.includes(shown);
}

/** Ways that need no hand, in order; none for a board whose flash mode is not served here. */
export function softwareWays(profile: Profile): readonly SoftwareWay[] {
  return profile.support === 'named' ? [] : profile.ways.filter((way) => way.kind !== 'by-hand');
}

export function waysByHand(profile: Profile): readonly WayByHand[] {
  return profile.ways.filter((way) => way.kind === 'by-hand');
}

/** The ids a board has in one of its modes, as profiles write them. */
export function idsIn(profile: Profile, mode: Profile['modes'][number]['kind']): readonly string[] {
  return profile.modes.filter((one) => one.kind === mode).flatMap((one) => one.ids);
}

/** Whether two boards are sent into flash mode by the same acts: then it need not be known which of them it is. */
export function sameWays(one: Profile, other: Profile): boolean {
  const acts = (profile: Profile): string =>
    JSON.stringify(softwareWays(profile).map(({ source: _source, ...act }) => act));
  return acts(one) === acts(other);
}
