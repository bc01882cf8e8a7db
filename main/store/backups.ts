// Backups on disk: named after board, time and content, and never written over.
import { createHash } from 'node:crypto';
import { access, constants, mkdir, stat, statfs } from 'node:fs/promises';
import path from 'node:path';
import { FlashError, isFlashError } from '../../shared/errors/flash-error.ts';
import { sameBytes } from '../base/bytes.ts';
import { readFileBounded, syncFolder, writeError, writeFileAtomically } from './atomic-file.ts';

export interface SavedFile {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

/**
 * Saves under `<board>-<time>-<hash>` and its extension; durable when it resolves. The same content under the same name is fine.
 * @param backup.board becomes part of the file name, whatever it holds
 * @throws FlashError `file.*`
 */
export async function saveBackup(backup: {
  readonly folder: string;
  readonly board: string;
  readonly when: Date;
  readonly bytes: Uint8Array;
  readonly extension?: 'dfu' | 'bin';
}): Promise<SavedFile> {
  const { folder, board, when, bytes, extension = 'dfu' } = backup;
  await makeFolder(folder);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const time = when.toISOString().replace(/[-:]/g, '').replace(/\.\d+/, '');
  const file = path.join(folder, `${fileNamePart(board)}-${time}-${sha256.slice(0, 12)}.${extension}`);
  try {
    await writeFileAtomically(file, bytes, { exclusive: true });
  } catch (error) {
    // Two boards of a kind with the same content at the same second share a backup; but only one that is really there.
    if (!isFlashError(error, 'file.exists') || !(await holds(file, bytes))) throw error;
    await syncFolder(folder).catch((reason: unknown) => {
      throw writeError(reason, file);
    });
  }
  return { path: file, bytes: bytes.length, sha256 };
}

/** Saves to a file of the person's choice. @throws FlashError `file.exists`, `file.*` */
export async function saveBackupAs(file: string, bytes: Uint8Array): Promise<SavedFile> {
  await writeFileAtomically(file, bytes, { exclusive: true });
  return {
    path: path.resolve(file),
    bytes: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
  };
}

/** Room that must be free before a backup is begun: more than any board we know. */
const leastFreeBytes = 4 * 1024 * 1024;

/** An existing folder takes backups under their usual names; any other place is a file to be made. */
export async function isFolder(place: string): Promise<boolean> {
  try {
    return (await stat(place)).isDirectory();
  } catch {
    return false;
  }
}

/**
 * Before anything is planned: could a backup be saved there? A hint that saves time, no promise.
 * @param to the file or folder of the person's choice; the backups folder otherwise
 * @throws FlashError `file.exists`, `file.cannot-create`, `file.disk-full`
 */
export async function checkBackupFolder(to: string | undefined, folder: string): Promise<void> {
  const chosen = to !== undefined && (await isFolder(to)) ? to : undefined;
  const place = to === undefined ? folder : (chosen ?? path.dirname(path.resolve(to)));
  if (to === undefined) await makeFolder(folder);
  else if (chosen === undefined && (await exists(to))) throw new FlashError('file.exists', { path: to });
  try {
    await access(place, constants.W_OK);
    const { bavail, bsize } = await statfs(place);
    if (bavail * bsize < leastFreeBytes) throw new FlashError('file.disk-full', { path: place });
  } catch (error) {
    throw writeError(error, to ?? place);
  }
}

function fileNamePart(board: string): string {
  const slug = board.replace(/[^A-Za-z0-9]+/g, '-').replace(/^-|-$/g, '');
  return slug.slice(0, 60) || 'board';
}

async function holds(file: string, bytes: Uint8Array): Promise<boolean> {
  try {
    return sameBytes(await readFileBounded(file, bytes.length), bytes);
  } catch {
    return false;
  }
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    // Something that is no folder stands there.
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') {
      throw new FlashError('file.cannot-create', { path: folder, reason: 'ENOTDIR' }, error);
    }
    throw writeError(error, folder);
  }
}

async function exists(file: string): Promise<boolean> {
  try {
    await stat(file);
    return true;
  } catch {
    return false;
  }
}
