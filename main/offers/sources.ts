// Looking and fetching, bound to the place they run in.
import type { FirmwareLook, FirmwareOffer, FirmwarePage } from '../../shared/firmware.ts';
import type { Profile } from '../../shared/profile.ts';
import { fetchFirmware } from '../updates/fetch.ts';
import type { KnownFolder } from '../updates/folder-source.ts';
import { keepLookingDaily, type DailyOptions } from '../updates/look-daily.ts';
import { lookForUpdates, pagesOf } from '../updates/look.ts';
import { foldersOf } from '../updates/own-sources.ts';
import type { FetchedFirmware, FetchOptions, LookOptions, UpdateServices } from '../updates/updates.ts';
import { watchFolders } from '../updates/watch-folders.ts';

/** Where firmware is looked for and fetched from. Nothing is asked before one of these is called. */
export interface FirmwareSources {
  look(profile: Profile, options: LookOptions): Promise<readonly FirmwareLook[]>;
  fetch(offer: FirmwareOffer, options: FetchOptions): Promise<FetchedFirmware>;
  pages(profile: Profile): Promise<readonly FirmwarePage[]>;
  /** The folders among the sources of these boards. Never rejects. */
  folders(profiles: readonly Profile[]): Promise<readonly KnownFolder[]>;
  /** Watches folders until it is disposed of: `watchFolders`. */
  watchFolders(folders: readonly KnownFolder[], changed: () => Promise<void>): Disposable;
  /** Looks once a day, where that is wanted, until it is disposed of: `keepLookingDaily`. */
  lookDaily(options: DailyOptions): Disposable;
}

/** The sources of a place, as `updateServices` has it. Opening them asks nobody anything. */
export function openSources(services: UpdateServices): FirmwareSources {
  return {
    look: (profile, options) => lookForUpdates(services, profile, options),
    fetch: (offer, options) => fetchFirmware(services, offer, options),
    pages: (profile) => pagesOf(services, profile),
    folders: (profiles) => foldersOf(services, profiles),
    watchFolders: (folders, changed) => watchFolders(services, folders, changed),
    lookDaily: (options) => keepLookingDaily(services, options),
  };
}
