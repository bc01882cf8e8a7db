// Files that are either whole or not there: temporary file, sync, rename, sync of the folder.
import { link, open, rename, stat, unlink } from 'node:fs/promises';
import path from 'node:path';
import { concatBytes } from '../base/bytes.ts';
import { FlashError, isFlashError } from '../../shared/errors/flash-error.ts';

/**
 * Writes a file so that a crash at any moment leaves the old one or the new one, never a part.
 * @param options.exclusive never replace a file that is there
 * @throws FlashError `file.exists`, `file.disk-full`, `file.cannot-create`
 */
export async function writeFileAtomically(
  file: string,
  bytes: Uint8Array,
  options: { exclusive?: boolean } = {},
): Promise<void> {
  const temporary = path.join(
    path.dirname(file),
    `.${path.basename(file).slice(0, 100)}.${process.pid}.${Date.now()}.part`,
  );
  try {
    const handle = await open(temporary, 'wx', 0o600);
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    if (options.exclusive === true) {
      await link(temporary, file);
      await unlink(temporary);
    } else {
      await rename(temporary, file);
    }
    await syncFolder(path.dirname(file));
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    throw writeError(error, file);
  }
}

/** The folder's own entry must reach the disk too; systems that cannot open folders do it by themselves. */
async function syncFolder(folder: string): Promise<void> {
  try {
    await using handle = await open(folder, 'r');
    await handle.sync();
  } catch (error) {
    if (!['EISDIR', 'EPERM', 'EINVAL', 'EACCES'].includes(codeOf(error))) throw error;
  }
}

/** What a failed write means. */
export function writeError(error: unknown, file: string): FlashError {
  if (isFlashError(error)) return error;
  const code = codeOf(error);
  if (code === 'EEXIST') return new FlashError('file.exists', { path: file }, error);
  if (code === 'ENOSPC' || code === 'EDQUOT') return new FlashError('file.disk-full', { path: file }, error);
  return new FlashError('file.cannot-create', { path: file, reason: code }, error);
}

/**
 * Reads an ordinary file of at most `limitBytes`.
 * @throws FlashError `file.not-found`, `file.unreadable`, `image.too-large`
 */
export async function readFileBounded(file: string, limitBytes: number): Promise<Uint8Array> {
  try {
    // Looked at before it is opened: opening a pipe would wait for its writer.
    const before = await stat(file);
    if (!before.isFile())
      throw new FlashError('file.unreadable', {
        path: file,
        reason: before.isDirectory() ? 'EISDIR' : 'ENOTFILE',
      });
    await using handle = await open(file, 'r');
    const { size } = await handle.stat();
    if (size > limitBytes) throw tooLarge(file, size, limitBytes);
    const bytes = new Uint8Array(size);
    let offset = 0;
    while (offset < size) {
      const { bytesRead } = await handle.read(bytes, offset, size - offset, offset);
      if (bytesRead === 0) break;
      offset += bytesRead;
    }
    return bytes.subarray(0, offset);
  } catch (error) {
    if (isFlashError(error)) throw error;
    if (codeOf(error) === 'ENOENT') throw new FlashError('file.not-found', { path: file }, error);
    throw new FlashError('file.unreadable', { path: file, reason: codeOf(error) }, error);
  }
}

/**
 * Reads a stream to its end, or to the limit.
 * @throws FlashError `image.too-large`, `file.unreadable`
 */
export async function readStreamBounded(
  stream: AsyncIterable<Uint8Array>,
  limitBytes: number,
): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const part of stream) {
      size += part.length;
      if (size > limitBytes) throw tooLarge('standard input', size, limitBytes);
      parts.push(part);
    }
  } catch (error) {
    if (isFlashError(error)) throw error;
    throw new FlashError('file.unreadable', { path: 'standard input', reason: codeOf(error) }, error);
  }
  return concatBytes(parts);
}

function tooLarge(name: string, size: number, limit: number): FlashError {
  return new FlashError('image.too-large', { name, size, limit });
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException | undefined)?.code ?? 'unknown';
}
