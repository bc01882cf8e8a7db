// Every family there is, by the name a profile gives. A new one is a folder here and a line below.
import type { Family, FamilyId } from './family.ts';
import { nanovna } from './nanovna/nanovna.ts';
import { odrive } from './odrive/odrive.ts';
import { pycom } from './pycom/pycom.ts';

const families: { readonly [id in FamilyId]: Family } = { nanovna, pycom, odrive };

export function familyOf(id: FamilyId): Family {
  return families[id];
}
