// The newest index that was ever seen, of each key and name: nobody can put an old one in its place, not even after a restart.
import { createHash } from 'node:crypto';
import { mkdir, readdir, unlink } from 'node:fs/promises';
import path from 'node:path';
import { FlashError, isFlashError } from '../../shared/errors/flash-error.ts';
import { readFileBounded, writeFileAtomically } from '../store/atomic-file.ts';
import type { UpdateServices } from './updates.ts';

export interface SeenIndex {
  /** Whose it is: the key it is signed with, or, where it is not signed, what it is known by. */
  readonly key: string;
  readonly name: string;
  readonly sequence: number;
  readonly publishedAt: string;
  readonly host: string;
}

/**
 * Notes that this index was seen; durable when it resolves. The number is in the file's name and a file is never replaced, so that of two
 * programs at once neither undoes the other's.
 * @throws FlashError `update.replayed` where a later one was seen; `update.folder` where it cannot be noted
 */
export async function rememberSequence({ folder }: UpdateServices, index: SeenIndex): Promise<void> {
  const { key, name, sequence, publishedAt, host } = index;
  const seenFolder = path.join(folder, 'seen');
  const whose = createHash('sha256').update(`${key}\n${name}`).digest('hex').slice(0, 32);
  const fileOf = (number: number): string => path.join(seenFolder, `${whose}.${number}`);
  try {
    await mkdir(seenFolder, { recursive: true, mode: 0o700 });
    const numbers = (await readdir(seenFolder))
      .filter((file) => file.startsWith(`${whose}.`))
      .map((file) => Number(file.slice(whose.length + 1)))
      .filter((number) => Number.isSafeInteger(number));
    const newest = Math.max(0, ...numbers);
    if (newest > sequence) {
      const seen = await dateIn(fileOf(newest));
      throw new FlashError('update.replayed', { host, found: publishedAt, seen });
    }
    if (newest < sequence) await note(fileOf(sequence), publishedAt);
    for (const number of numbers) if (number < sequence) await unlink(fileOf(number)).catch(() => undefined);
  } catch (error) {
    if (isFlashError(error, 'update.replayed')) throw error;
    const reason = isFlashError(error) ? error.code : ((error as NodeJS.ErrnoException).code ?? 'unknown');
    throw new FlashError('update.folder', { folder: seenFolder, reason }, error);
  }
}

async function note(file: string, publishedAt: string): Promise<void> {
  try {
    await writeFileAtomically(file, new TextEncoder().encode(publishedAt), { exclusive: true });
  } catch (error) {
    // Another program has seen the same one at the same time.
    if (!isFlashError(error, 'file.exists')) throw error;
  }
}

async function dateIn(file: string): Promise<string> {
  try {
    return new TextDecoder().decode(await readFileBounded(file, 100));
  } catch {
    return 'a later date';
  }
}
