// What one board could be updated to: the board is asked what it is and holds, its sources what they have.
import { judgeLooks, type BoardStanding, type BoardUpdates } from '../../shared/board-updates.ts';
import type { FirmwareLook, FirmwareOffer, FirmwarePage } from '../../shared/firmware.ts';
import { noPort } from '../../shared/plan.ts';
import type { Profile } from '../../shared/profile.ts';
import type { Wait } from '../base/wait.ts';
import type { Services } from '../jobs/services.ts';
import { standingOf, standingUnasked } from '../jobs/standing.ts';
import type { Sighting } from '../jobs/survey.ts';
import type { Ask } from '../updates/updates.ts';
import type { FirmwareSources } from './sources.ts';

/** All that one look brought; what is told of it follows. */
export interface Found {
  readonly standing: BoardStanding;
  readonly profile: Profile | undefined;
  readonly looks: readonly FirmwareLook[];
  readonly pages: readonly FirmwarePage[];
}

/** @throws FlashError `job.aborted`, `file.*` and `update.malformed` where the person's own sources cannot be read */
export async function lookForBoard(
  services: Services,
  sources: FirmwareSources,
  sighting: Sighting,
  { wait, ask }: { readonly wait: Wait; readonly ask: Ask },
): Promise<Found> {
  const { standing, profile } = await standingOf(services, sighting, wait);
  // Of a board nobody knows, nobody is asked.
  if (profile === undefined) return { standing, profile, looks: [], pages: [] };
  const [looks, pages] = await Promise.all([sources.look(profile, { wait, ask }), sources.pages(profile)]);
  return { standing, profile, looks, pages };
}

/**
 * The same for a board that is yet to come: what it will hold, and which of its kind it is, nobody knows.
 * @throws FlashError as `lookForBoard` does
 */
export async function lookForProfile(
  sources: FirmwareSources,
  profile: Profile,
  { wait, ask }: { readonly wait: Wait; readonly ask: Ask },
): Promise<Found> {
  const [looks, pages] = await Promise.all([sources.look(profile, { wait, ask }), sources.pages(profile)]);
  const unknown = { variant: undefined, version: undefined };
  const standing = { portPath: noPort, profile: profile.id, name: profile.name, virtual: false, ...unknown };
  return { standing, profile, looks, pages };
}

/**
 * The same without opening the board or asking anybody: what is kept of earlier looks. Undefined where it is not known which board it is, or
 * it was never looked for.
 * @throws FlashError as `lookForBoard` does
 */
export async function keptForBoard(
  services: Services,
  sources: FirmwareSources,
  sighting: Sighting,
  wait: Wait,
): Promise<Found | undefined> {
  const { standing, profile } = standingUnasked(services, sighting);
  if (profile === undefined) return undefined;
  const looks = await sources.look(profile, { wait, ask: 'kept' });
  if (looks.every(({ at }) => at === undefined)) return undefined;
  return { standing, profile, looks, pages: await sources.pages(profile) };
}

/** What people are told of it. */
export function updatesOf({ standing, profile, looks, pages }: Found): BoardUpdates {
  return judgeLooks(standing, profile, looks, pages);
}

/** An offer that fits the board, by its id: nothing else of what was found can be asked for. */
export function offerOf(found: Found, id: string): FirmwareOffer | undefined {
  if (!updatesOf(found).offers.some((one) => one.id === id)) return undefined;
  return found.looks.flatMap((look) => look.offers).find((one) => one.id === id);
}
