// Looking for firmware, and fetching it: what the rest of the program calls.
import type { FirmwareLook, FirmwareOffer, KeptFirmware } from '../../shared/firmware.ts';
import type { FirmwareSource } from '../../shared/firmware-source.ts';
import type { Profile } from '../../shared/profile.ts';
import type { Clock } from '../base/clock.ts';
import type { Wait } from '../base/wait.ts';
import type { Log } from '../log/log.ts';

/** What looking needs of the place it runs in. */
export interface UpdateServices {
  /** Where looks, files and the person's own sources are kept: `Host.paths.updates`. */
  readonly folder: string;
  readonly clock: Clock;
  readonly log: Log;
  /** Of this program: servers are told who asks. */
  readonly version: string;
  /** The wall clock, for dates of looks. */
  now(): Date;
  /** Of tests with servers of their own; no shell sets it. */
  readonly forTests?: ServersOfTests | undefined;
}

export interface ServersOfTests {
  /** Whose certificates are believed as well, PEM. */
  readonly authority: string;
  /** Instead of `https://api.github.com`. */
  readonly github?: string;
  /** Sources of profiles may be on this computer. */
  readonly localServers: boolean;
}

/** Which sources may be asked. `folders`: those alone, and no connection is made; `kept`: none at all. Of the others is told what is kept. */
export type Ask = 'sources' | 'folders' | 'kept';

/** Whether a source of this kind may. */
export function mayAsk(ask: Ask, kind: FirmwareSource['kind']): boolean {
  return ask === 'sources' || (ask === 'folders' && kind === 'folder');
}

export interface LookOptions {
  readonly wait: Wait;
  readonly ask: Ask;
}

export interface FetchOptions extends LookOptions {
  /** Bytes that came so far, and in all where that is known. */
  readonly progress?: ((doneBytes: number, totalBytes: number | undefined) => void) | undefined;
}

/**
 * What every source of a board offers: `lookForUpdates` of look.ts. One entry a source, those of kind `page` left out
 * (`pagesOf`). Whatever goes wrong with a source is its entry's `problem`; what an earlier look brought still stands there.
 * @throws FlashError `job.aborted`; nothing else
 */
export type LookForUpdates = (
  services: UpdateServices,
  profile: Profile,
  options: LookOptions,
) => Promise<readonly FirmwareLook[]>;

/**
 * The file of an offer: `fetchFirmware` of fetch.ts. From the disk where content with the offer's digest is kept, else from its
 * source. What it resolves with has the length and the digest the offer names, where it names them; it is kept on disk under its hash.
 * @throws FlashError `update.*`, `file.*`, `job.aborted`
 */
export type FetchFirmware = (
  services: UpdateServices,
  offer: FirmwareOffer,
  options: FetchOptions,
) => Promise<FetchedFirmware>;

export interface FetchedFirmware {
  readonly kept: KeptFirmware;
  readonly bytes: Uint8Array<ArrayBuffer>;
}
