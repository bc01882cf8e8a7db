// Nordic DFU packages: a manifest, and pairs of init packet and firmware (devices.md 4.8).
import * as v from 'valibot';
import { FlashError } from '../../../shared/errors/flash-error.ts';
import type { ImageFact } from '../../../shared/image-facts.ts';
import type { Archive, ArchiveEntry } from '../archives/archive.ts';
import { addressedPart, type ImagePart, type ParsedImage } from '../image.ts';
import type { ImagePackage } from './package.ts';

const manifestName = 'manifest.json';
const mostManifestBytes = 64 * 1024;
const images = ['application', 'softdevice', 'bootloader', 'softdevice_bootloader'] as const;
const memberSchema = v.looseObject({ bin_file: v.string(), dat_file: v.string() });
const manifestSchema = v.looseObject({
  manifest: v.looseObject(v.entriesFromList(images, v.optional(memberSchema))),
});

export const nordicDfu: ImagePackage = {
  id: 'nordic-dfu',
  recognise(archive) {
    const manifest = archive.entries.find(({ path }) => path === manifestName);
    const hasPackets = archive.entries.some(({ path }) => path.endsWith('.dat'));
    return manifest !== undefined && hasPackets
      ? { evidence: 'it holds manifest.json and init packets', parse: () => parseNordic(archive) }
      : undefined;
  },
};

function parseNordic(archive: Archive): ParsedImage {
  const { manifest } = readManifest(archive);
  const parts: ImagePart[] = [];
  const facts: ImageFact[] = [{ code: 'other-route', what: 'nRF52', route: 'nordic-serial-dfu' }];
  for (const image of images) {
    const member = manifest[image];
    if (member === undefined) continue;
    const firmware = entryOf(archive, member.bin_file);
    const packet = entryOf(archive, member.dat_file);
    parts.push(addressedPart(undefined, firmware.unpack()));
    facts.push(
      { code: 'member', name: firmware.path, role: 'firmware', detail: image },
      { code: 'member', name: packet.path, role: 'init-packet', detail: image },
    );
    packet.unpack();
  }
  if (parts.length === 0) throw badManifest(archive);
  return { parts, facts };
}

function badManifest(archive: Archive): FlashError {
  return new FlashError('image.malformed', {
    name: `${archive.name}/${manifestName}`,
    offset: 0,
    reason: 'bad-manifest',
  });
}

function readManifest(archive: Archive): v.InferOutput<typeof manifestSchema> {
  const entry = entryOf(archive, manifestName);
  if (entry.sizeBytes > mostManifestBytes) throw badManifest(archive);
  let parsed: unknown;
  try {
    parsed = JSON.parse(new TextDecoder().decode(entry.unpack()));
  } catch (error) {
    if (error instanceof FlashError) throw error;
    throw badManifest(archive);
  }
  const manifest = v.safeParse(manifestSchema, parsed);
  if (!manifest.success) throw badManifest(archive);
  return manifest.output;
}

function entryOf(archive: Archive, wanted: string): ArchiveEntry {
  const entry = archive.entries.find(({ path }) => path === wanted);
  if (entry === undefined) throw badManifest(archive);
  return entry;
}
