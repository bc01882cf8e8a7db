// The ways into flash mode that a profile gives, apart from those that need a hand (shared/coach-way.ts).
import type { Profile, WayIn } from '../../shared/profile.ts';

/** A way that needs no hand. */
export type SoftwareWay = Exclude<WayIn, { kind: 'by-hand' }>;

/** Ways that need no hand, in order; none for a board whose flash mode is not served here. */
export function softwareWays(profile: Profile): readonly SoftwareWay[] {
  return profile.support === 'named' ? [] : profile.ways.filter((way) => way.kind !== 'by-hand');
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
