// The file of an offer, read as firmware, and held against what was offered.
import { versionNameOf } from '../../shared/board-updates.ts';
import { FlashError } from '../../shared/errors/flash-error.ts';
import type { FirmwareOffer, KeptFirmware, SignatureState } from '../../shared/firmware.ts';
import type { Profile } from '../../shared/profile.ts';
import { compareNumbered } from '../../shared/versions.ts';
import type { FirmwareImage } from '../images/image.ts';
import type { FetchOptions } from '../updates/updates.ts';
import { offerOf, type Found } from './look-for-board.ts';
import type { FirmwareSources } from './sources.ts';

/** A file that may be put on the board. */
export interface FetchedOffer {
  readonly offer: FirmwareOffer;
  readonly kept: KeptFirmware;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly signature: SignatureState;
}

/**
 * Fetches an offer of a look, or takes it from what is kept.
 * @throws FlashError `api.unknown` for an offer that look did not bring; `update.*`, `file.*`, `job.aborted`
 */
export async function fetchOffer(
  sources: FirmwareSources,
  found: Found,
  id: string,
  options: FetchOptions,
): Promise<FetchedOffer> {
  const offer = offerOf(found, id);
  if (offer === undefined) throw new FlashError('api.unknown', { what: 'offer' });
  const { kept, bytes } = await sources.fetch(offer, options);
  const look = found.looks.find(({ source }) => source === offer.source);
  return { offer, kept, bytes, signature: look?.signature ?? 'none' };
}

/**
 * A file that says it is another version than was offered is put on no board.
 * @throws FlashError `update.other-version`
 */
export function refuseOtherVersion(
  { version, fileName }: FirmwareOffer,
  profile: Profile | undefined,
  { facts }: Pick<FirmwareImage, 'facts'>,
): void {
  const of = versionNameOf(profile);
  for (const fact of facts) {
    if (fact.code !== 'version' || fact.of !== of) continue;
    if (fact.version === version || compareNumbered(fact.version, version) === 0) continue;
    throw new FlashError('update.other-version', { fileName, offered: version, found: fact.version });
  }
}
