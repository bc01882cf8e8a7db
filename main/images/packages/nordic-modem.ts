// Nordic modem firmware: `mfw_*.zip` with signed loaders and numbered segments (devices.md 4.3).
import { createHash } from 'node:crypto';
import { FlashError } from '../../../shared/errors/flash-error.ts';
import type { ImageFact } from '../../../shared/image-facts.ts';
import type { Archive, ArchiveEntry } from '../archives/archive.ts';
import { ihex } from '../formats/ihex.ts';
import type { ParsedImage } from '../image.ts';
import { joinParts } from '../join.ts';
import type { ImagePackage } from './package.ts';

const segmentName = /^firmware\.update\.image\.segments\.(\d{1,4})\.hex$/;
const wholeName = 'firmware.update.image.hex';
const digestName = 'firmware.update.image.digest.txt';
const loaderName = /^([0-9a-f]{7})\.ipc_dfu\.signed_(\d+\.\d+\.\d+)\.ihex$/;

export const nordicModem: ImagePackage = {
  id: 'nordic-modem',
  recognise(archive) {
    const found = archive.entries.find(({ path }) => segmentName.test(path) || path === wholeName);
    return found === undefined
      ? undefined
      : { evidence: `it holds ${found.path}`, parse: () => parseModem(archive) };
  },
};

function parseModem(archive: Archive): ParsedImage {
  const pieces = segmentsOf(archive).flatMap(
    (entry) => ihex.parse(entry.unpack(), `${archive.name}/${entry.path}`).parts,
  );
  const parts = joinParts(pieces, archive.name).map((part) => ({ ...part, space: 'modem' as const }));
  const loaders = archive.entries.flatMap(({ path }): ImageFact[] => {
    const [, key, version] = loaderName.exec(path) ?? [];
    if (key === undefined || version === undefined) return [];
    return [{ code: 'member', name: path, role: 'modem-loader', detail: `key ${key}, version ${version}` }];
  });
  const digest = digestFact(
    archive,
    parts.map((part) => part.bytes),
  );
  return { parts, facts: [...nameFacts(archive.name), digest, ...loaders] };
}

/** In the order of their numbers: as text, segment 10 would come before segment 2. */
function segmentsOf(archive: Archive): ArchiveEntry[] {
  const numbered = archive.entries
    .flatMap((entry) => {
      const match = segmentName.exec(entry.path);
      return match === null ? [] : [{ entry, number: Number(match[1]) }];
    })
    .sort((a, b) => a.number - b.number);
  if (numbered.length === 0) return archive.entries.filter(({ path }) => path === wholeName);
  for (const [index, { number }] of numbered.entries()) {
    if (number !== index)
      throw new FlashError('image.malformed', {
        name: archive.name,
        offset: 0,
        reason: 'modem-segment-missing',
      });
  }
  return numbered.map(({ entry }) => entry);
}

/** The two families must not be mixed; only the name tells them apart. */
function nameFacts(name: string): ImageFact[] {
  const match = /mfw_(nrf9160|nrf91x1)_(\d+\.\d+\.\d+)/i.exec(name);
  const [, chip = 'nrf91', version] = match ?? [];
  const evidence = match === null ? 'its contents' : 'its name';
  const facts: ImageFact[] = [
    { code: 'chip', at: {}, chip: chip.toLowerCase(), evidence },
    { code: 'other-route', what: chip, route: 'modem-update' },
  ];
  if (version !== undefined)
    facts.push({ code: 'version', at: {}, of: `${chip.toLowerCase()} modem`, version });
  return facts;
}

/** "SHA256 of all ranges in ascending address order": taken as the bytes of the segments, which no sample has proven. */
function digestFact(archive: Archive, ranges: readonly Uint8Array[]): ImageFact {
  const base = { code: 'digest', at: {}, what: 'SHA-256' } as const;
  const text = archive.entries.find(({ path }) => path === digestName)?.unpack();
  const expected = /SHA256 of all ranges in ascending address order:\s*([0-9a-f]{64})/i
    .exec(text === undefined ? '' : new TextDecoder().decode(text.subarray(0, 4096)))?.[1]
    ?.toLowerCase();
  if (expected === undefined) return { ...base, verdict: 'not-checked' };
  const hash = createHash('sha256');
  for (const range of ranges) hash.update(range);
  const found = hash.digest('hex');
  return { ...base, verdict: found === expected ? 'good' : 'bad', expected, found };
}
