// Which boards can be waited for: there is a plan to be made, now or the moment their memory is seen.
import type { Profile } from './profile.ts';

/** Boot ROMs that say by their ids which protocol they speak, and by their map what their memory is like (devices.md 0.1). */
const romIds: readonly string[] = ['0483:df11', '28e9:0189'];

/** Ids of its flash mode; undefined where it has none, or ids that many boards of other makers may have. */
export function flashIdsOf(profile: Pick<Profile, 'modes'>): string | undefined {
  const [ids] = profile.modes.find(({ kind }) => kind === 'flash')?.ids ?? [];
  return ids?.includes('*') === false ? ids : undefined;
}

/** Chips its flash mode may be of; empty where its profile leaves them open. */
export function chipsOf({ modes }: Pick<Profile, 'modes'>): readonly string[] {
  return modes.find(({ kind }) => kind === 'flash')?.chips ?? [];
}

/** Whether its memory is told by the map its loader prints, whichever of several chips it has. */
export function isOfManyChips(profile: Pick<Profile, 'modes'>): boolean {
  const ids = flashIdsOf(profile);
  return ids !== undefined && chipsOf(profile).length !== 1 && romIds.includes(ids);
}

/** Whether a board of this profile can be waited for. */
export function canBeAwaited(profile: Pick<Profile, 'modes' | 'support' | 'family'>): boolean {
  if (profile.support === 'named' || flashIdsOf(profile) === undefined) return false;
  return chipsOf(profile).length === 1 || profile.family === 'pycom' || isOfManyChips(profile);
}
