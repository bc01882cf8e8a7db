// The last list of a release, on disk as it came: it is checked again whenever it is read, so nobody can slip in another.
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import type { AppRelease } from '../../shared/app-release.ts';
import { timeSchema } from '../../shared/firmware-index.ts';
import { limits } from '../../shared/limits.ts';
import { readFileBounded, writeFileAtomically } from '../store/atomic-file.ts';
import type { UpdateServices } from '../updates/updates.ts';

type Place = Pick<UpdateServices, 'folder' | 'log'>;

const base64Schema = v.pipe(v.string(), v.base64());
const keptSchema = v.object({ at: timeSchema, list: base64Schema, signature: base64Schema });

function fileOf({ folder }: Place): string {
  return path.join(folder, 'release.json');
}

/** @param read checks and reads what was kept, or throws. Never rejects; undefined where nothing good is kept. */
export async function loadRelease(
  place: Place,
  read: (bytes: Uint8Array, signature: Uint8Array) => AppRelease,
): Promise<{ release: AppRelease; at: string } | undefined> {
  try {
    const bytes = await readFileBounded(fileOf(place), limits.keptReleaseBytes);
    const { at, list, signature } = v.parse(keptSchema, JSON.parse(new TextDecoder().decode(bytes)));
    return { release: read(fromBase64(list), fromBase64(signature)), at };
  } catch {
    return undefined;
  }
}

/** Kept as well as the disk lets it: what was found is told in any case. Never rejects. */
export async function saveRelease(
  place: Place,
  { at, bytes, signature }: { at: string; bytes: Uint8Array; signature: Uint8Array },
): Promise<void> {
  try {
    await mkdir(place.folder, { recursive: true, mode: 0o700 });
    const kept = JSON.stringify({ at, list: toBase64(bytes), signature: toBase64(signature) });
    await writeFileAtomically(fileOf(place), new TextEncoder().encode(kept), { exclusive: false });
  } catch (error) {
    place.log.write('warn', 'releases', `what was found was not kept: ${String(error)}`);
  }
}

function toBase64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}

function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}
