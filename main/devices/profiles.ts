// The boards we know: those that come with the program, and those a person has written.
import * as v from 'valibot';
import { profileSchema, type Profile } from '../../shared/profile.ts';

/** Every file of assets/profiles, put into the program when it is built. */
declare const REKINDLE_PROFILES: readonly unknown[];

/** The boards that come with the program, by name. */
export const builtInProfiles: readonly Profile[] = v
  .parse(v.array(profileSchema), REKINDLE_PROFILES)
  .toSorted((a, b) => a.name.localeCompare(b.name, 'en'));

const builtInIds = new Set(builtInProfiles.map((profile) => profile.id));

/** Whether a profile comes with the program; nobody else's may have its id. */
export function isBuiltIn(profile: Pick<Profile, 'id'>): boolean {
  return builtInIds.has(profile.id);
}
