// Looking and fetching, bound to the place they run in.
import type { FirmwareLook, FirmwareOffer, FirmwarePage } from '../../shared/firmware.ts';
import type { Profile } from '../../shared/profile.ts';
import { fetchFirmware } from '../updates/fetch.ts';
import { lookForUpdates, pagesOf } from '../updates/look.ts';
import type { FetchedFirmware, FetchOptions, LookOptions, UpdateServices } from '../updates/updates.ts';

/** Where firmware is looked for and fetched from. Nothing is asked before one of these is called. */
export interface FirmwareSources {
  look(profile: Profile, options: LookOptions): Promise<readonly FirmwareLook[]>;
  fetch(offer: FirmwareOffer, options: FetchOptions): Promise<FetchedFirmware>;
  pages(profile: Profile): Promise<readonly FirmwarePage[]>;
}

/** The sources of a place, as `updateServices` has it. Opening them asks nobody anything. */
export function openSources(services: UpdateServices): FirmwareSources {
  return {
    look: (profile, options) => lookForUpdates(services, profile, options),
    fetch: (offer, options) => fetchFirmware(services, offer, options),
    pages: (profile) => pagesOf(services, profile),
  };
}
