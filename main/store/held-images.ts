// Images of open jobs, by the hash of their content: what a job needs to go on is there, whatever became of the file it came from.
import { readdirSync, unlinkSync } from 'node:fs';
import { mkdir, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { FlashError, isFlashError } from '../../shared/errors/flash-error.ts';
import { limits } from '../../shared/limits.ts';
import { sha256Of } from '../base/hash.ts';
import { readFileBounded, writeError, writeFileAtomically } from './atomic-file.ts';

const namePattern = /^[0-9a-f]{64}$/;

/**
 * Keeps content under its name, the SHA-256 of it; durable when it resolves. The journal must name it before: what nobody names is swept.
 * @throws FlashError `file.*`; `api.limit` when the folder is full
 */
export async function holdImage(folder: string, name: string, content: Uint8Array): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw writeError(error, folder);
  }
  const file = path.join(folder, name);
  if (await isThere(folder, name)) return;
  if ((await sizeOf(folder)) + content.length > limits.heldImagesBytes)
    throw new FlashError('api.limit', { what: 'held-images', limit: limits.heldImagesBytes });
  await writeFileAtomically(file, content);
}

/** @throws FlashError `file.*`; `file.unreadable` when it is not what it was */
export async function readHeldImage(folder: string, name: string): Promise<Uint8Array> {
  const file = path.join(folder, name);
  if (!namePattern.test(name)) throw new FlashError('file.not-found', { path: file });
  const content = await readFileBounded(file, limits.heldImageBytes);
  if ((await sha256Of(content)) !== name)
    throw new FlashError('file.unreadable', { path: file, reason: 'CHANGED' });
  return content;
}

/** Whether there is a file of that name; whether it is undamaged, reading it tells. */
export async function isHeld(folder: string, name: string): Promise<boolean> {
  const facts = namePattern.test(name)
    ? await stat(path.join(folder, name)).catch(() => undefined)
    : undefined;
  return facts?.isFile() === true;
}

/** Whole and undamaged. */
async function isThere(folder: string, name: string): Promise<boolean> {
  try {
    await readHeldImage(folder, name);
    return true;
  } catch (error) {
    if (isFlashError(error)) return false;
    throw error;
  }
}

async function sizeOf(folder: string): Promise<number> {
  let size = 0;
  for (const name of await readdir(folder))
    size += (await stat(path.join(folder, name)).catch(() => undefined))?.size ?? 0;
  return size;
}

/**
 * Removes what no open job needs. Called inside the transaction that asked for the names: no job can begin to need one meanwhile.
 * @returns how many were removed
 */
export function sweepHeldImages(folder: string, needed: readonly string[]): number {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    return 0;
  }
  let removed = 0;
  for (const name of names) {
    if (!namePattern.test(name) || needed.includes(name)) continue;
    try {
      unlinkSync(path.join(folder, name));
      removed++;
    } catch {
      // It stays until the next time.
    }
  }
  return removed;
}
