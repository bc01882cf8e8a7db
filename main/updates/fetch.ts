// The file of an offer: from the disk, or from its source, and then never other than its maker said.
import { FlashError } from '../../shared/errors/flash-error.ts';
import type { FirmwareOffer } from '../../shared/firmware.ts';
import { limits } from '../../shared/limits.ts';
import { sha256Of } from '../base/hash.ts';
import { shrink } from '../base/wait.ts';
import { readFromFolder } from './folder-source.ts';
import { findKept, keepContent, type KeptContent } from './kept-files.ts';
import { loadOwnSources, ownHostOf } from './own-sources.ts';
import { mayAsk, type FetchFirmware, type FetchOptions, type UpdateServices } from './updates.ts';
import { askWeb, hostOf } from './web.ts';

export const fetchFirmware: FetchFirmware = async (services, offer, options) => {
  const kept = await findKept(services, offer);
  if (kept !== undefined && fits(offer, kept)) return fetched(offer, kept, 'cache');
  if (!mayAsk(options.ask, offer.kind)) throw new FlashError('update.not-kept', { fileName: offer.fileName });
  const bytes =
    offer.kind === 'folder'
      ? await readFromFolder(services, offer, shrink(options.wait, services.clock, limits.folderFileMs))
      : await fetchFromWeb(services, offer, options);
  const sha256 = await check(offer, bytes);
  const record = {
    fileName: offer.fileName,
    fetchedAt: services.now().toISOString(),
    digest: offer.sha256 === undefined ? ('not-given' as const) : ('checked' as const),
    offers: [offer.id],
  };
  await keepContent(services, sha256, bytes, record);
  return fetched(offer, { sha256, bytes, record }, 'net');
};

/** Content kept without a digest may have been cut short unseen; the length of the offer is one more witness. */
function fits({ sizeBytes }: FirmwareOffer, { bytes }: KeptContent): boolean {
  return sizeBytes === undefined || sizeBytes === bytes.length;
}

function fetched(offer: FirmwareOffer, { sha256, bytes, record }: KeptContent, from: 'net' | 'cache') {
  return {
    bytes,
    kept: {
      sha256,
      fileName: offer.fileName,
      sizeBytes: bytes.length,
      digest: offer.sha256 === undefined ? ('not-given' as const) : ('checked' as const),
      from,
      fetchedAt: record.fetchedAt,
    },
  };
}

async function fetchFromWeb(
  services: UpdateServices,
  offer: FirmwareOffer,
  { wait, progress }: FetchOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  const { address, sizeBytes } = offer;
  const answer = await askWeb(services, {
    address,
    ownHost: await ownHostFor(services, offer),
    // One byte more than there should be tells one that is too long.
    limitBytes: Math.min(limits.containerBytes, sizeBytes === undefined ? Infinity : sizeBytes + 1),
    limitMs: limits.fetchMs,
    wait,
    progress,
  });
  if (answer.status !== 200)
    throw new FlashError('update.status', { host: hostOf(address), status: answer.status });
  return answer.bytes;
}

/** Of a source the person has named. What a profile names is never within the person's own network. */
async function ownHostFor(services: UpdateServices, offer: FirmwareOffer): Promise<string | undefined> {
  const { sources } = await loadOwnSources(services);
  const own = sources.find(({ board, source }) => board === offer.profile && source.id === offer.source);
  return own === undefined ? undefined : ownHostOf({ profile: offer.profile, source: own.source, own: true });
}

/** @throws FlashError `update.wrong-size`, `update.wrong-digest` */
async function check(
  { fileName, sizeBytes, sha256 }: FirmwareOffer,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<string> {
  if (sizeBytes !== undefined && bytes.length !== sizeBytes)
    throw new FlashError('update.wrong-size', { fileName, expected: sizeBytes, found: bytes.length });
  const found = await sha256Of(bytes);
  if (sha256 !== undefined && found !== sha256)
    throw new FlashError('update.wrong-digest', { fileName, expected: sha256, found });
  return found;
}
