// Firmware that was fetched, by the hash of its content: there without a network, bounded, and never believed unread.
import { mkdir, readdir, stat, unlink, utimes } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import { fileNameSchema, sha256Schema, timeSchema } from '../../shared/firmware-index.ts';
import type { FirmwareOffer } from '../../shared/firmware.ts';
import { limits } from '../../shared/limits.ts';
import { sha256Of } from '../base/hash.ts';
import { readFileBounded, writeFileAtomically } from '../store/atomic-file.ts';
import type { UpdateServices } from './updates.ts';

const recordSchema = v.object({
  fileName: fileNameSchema,
  fetchedAt: timeSchema,
  digest: v.picklist(['checked', 'not-given']),
  /** Ids of the offers it was fetched for. */
  offers: v.pipe(v.array(v.string()), v.maxLength(50)),
});
export type KeptRecord = v.InferOutput<typeof recordSchema>;

export interface KeptContent {
  readonly sha256: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly record: KeptRecord;
}

type Place = Pick<UpdateServices, 'folder' | 'now'>;

function folderIn({ folder }: Pick<Place, 'folder'>): string {
  return path.join(folder, 'files');
}

/** What is kept for an offer: content with its digest, or, where its maker gave none, what was fetched for it. Never rejects. */
export async function findKept(place: Place, offer: FirmwareOffer): Promise<KeptContent | undefined> {
  if (offer.sha256 !== undefined) return await readKept(place, offer.sha256);
  for (const hash of await keptHashes(place)) {
    const record = await readRecord(place, hash);
    if (record?.offers.includes(offer.id) === true) return await readKept(place, hash);
  }
  return undefined;
}

/** Read whole and hashed again: a disk may forget, and anybody may have been at the folder. */
async function readKept(place: Place, hash: string): Promise<KeptContent | undefined> {
  const file = path.join(folderIn(place), hash);
  const record = await readRecord(place, hash);
  if (record === undefined) return undefined;
  try {
    const bytes = new Uint8Array(await readFileBounded(file, limits.containerBytes));
    if ((await sha256Of(bytes)) !== hash) {
      await remove(place, hash);
      return undefined;
    }
    // What is used is pruned last.
    await utimes(file, place.now(), place.now()).catch(() => undefined);
    return { sha256: hash, bytes, record };
  } catch {
    return undefined;
  }
}

async function readRecord(place: Place, hash: string): Promise<KeptRecord | undefined> {
  try {
    const bytes = await readFileBounded(path.join(folderIn(place), `${hash}.json`), 64 * 1024);
    return v.parse(recordSchema, JSON.parse(new TextDecoder().decode(bytes)));
  } catch {
    return undefined;
  }
}

/** Keeps content; durable when it resolves. What was used longest ago makes room. @throws FlashError `file.*` */
export async function keepContent(
  place: Place,
  hash: string,
  bytes: Uint8Array,
  record: KeptRecord,
): Promise<void> {
  const folder = folderIn(place);
  await mkdir(folder, { recursive: true, mode: 0o700 }).catch(() => undefined);
  await prune(place, hash, bytes.length);
  const before = (await readRecord(place, hash))?.offers ?? [];
  const offers = [...new Set([...record.offers, ...before])].slice(0, 50);
  const text = JSON.stringify({ ...record, offers });
  await writeFileAtomically(path.join(folder, hash), bytes, { exclusive: false });
  await writeFileAtomically(path.join(folder, `${hash}.json`), new TextEncoder().encode(text), {
    exclusive: false,
  });
}

/** Makes room for so many bytes, and for one file more. */
async function prune(place: Place, coming: string, comingBytes: number): Promise<void> {
  const kept: { readonly hash: string; readonly size: number; readonly usedAt: number }[] = [];
  for (const hash of await keptHashes(place)) {
    const found = await stat(path.join(folderIn(place), hash)).catch(() => undefined);
    if (found !== undefined && hash !== coming) kept.push({ hash, size: found.size, usedAt: found.mtimeMs });
  }
  kept.sort((a, b) => b.usedAt - a.usedAt);
  let bytes = comingBytes;
  for (const [index, { hash, size }] of kept.entries()) {
    bytes += size;
    if (index + 1 >= limits.keptFirmwareFiles || bytes > limits.keptFirmwareBytes) await remove(place, hash);
  }
  await sweepParts(place);
}

/** What a program that was killed in the middle of writing left behind. */
async function sweepParts(place: Place): Promise<void> {
  for (const name of await readdir(folderIn(place)).catch(() => [])) {
    if (!name.endsWith('.part')) continue;
    const file = path.join(folderIn(place), name);
    const found = await stat(file).catch(() => undefined);
    if (found !== undefined && place.now().getTime() - found.mtimeMs > limits.fetchMs)
      await unlink(file).catch(() => undefined);
  }
}

async function remove(place: Place, hash: string): Promise<void> {
  for (const name of [hash, `${hash}.json`])
    await unlink(path.join(folderIn(place), name)).catch(() => undefined);
}

async function keptHashes(place: Place): Promise<string[]> {
  const names = await readdir(folderIn(place)).catch(() => []);
  return names.filter((name) => v.is(sha256Schema, name));
}
