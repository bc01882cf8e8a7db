// Files that are either whole or not there: temporary file, sync, rename, sync of the folder.
import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { link, open, rename, stat, unlink } from 'node:fs/promises';
import { constants as osConstants } from 'node:os';
import path from 'node:path';
import { concatBytes } from '../base/bytes.ts';
import { FlashError, isFlashError, toFlashError } from '../../shared/errors/flash-error.ts';

/**
 * Writes a file so that a crash at any moment leaves the old one or the new one, never a part.
 * @param content all at once, or piece by piece; an error of the pieces is passed on
 * @param options.exclusive never replace a file that is there
 * @throws FlashError `file.exists`, `file.disk-full`, `file.cannot-create`
 */
export async function writeFileAtomically(
  file: string,
  content: Uint8Array | AsyncIterable<Uint8Array>,
  options: { exclusive?: boolean } = {},
): Promise<void> {
  // A name nobody else has: what is removed below must be ours.
  const temporary = path.join(path.dirname(file), `.rekindle-${randomUUID()}.part`);
  try {
    const handle = await open(temporary, 'wx', 0o600);
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await (options.exclusive === true ? takeName(temporary, file) : rename(temporary, file));
    await syncFolder(path.dirname(file));
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    throw writeError(error, file);
  }
}

/** What link() says on file systems without hard links (FAT, exFAT, some network drives). */
const withoutHardLinks: readonly string[] = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'];

/** Gives the finished file its name, unless somebody has it. */
async function takeName(temporary: string, file: string): Promise<void> {
  try {
    await link(temporary, file);
  } catch (error) {
    if (!withoutHardLinks.includes(codeOf(error))) throw error;
    await replaceOwnPlaceholder(temporary, file);
    return;
  }
  await unlink(temporary);
}

/** Without hard links: holds the name with an empty file that only we can have made, then replaces that. */
async function replaceOwnPlaceholder(temporary: string, file: string): Promise<void> {
  const placeholder = await open(file, 'wx', 0o600);
  await placeholder.close();
  try {
    await rename(temporary, file);
  } catch (error) {
    await unlink(file).catch(() => undefined);
    throw error;
  }
}

/**
 * A new name must reach the disk too; systems that cannot open folders do it by themselves.
 * @throws the system's error
 */
export async function syncFolder(folder: string): Promise<void> {
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
  if (code === unknownCode) return toFlashError(error);
  return new FlashError('file.cannot-create', { path: file, reason: code }, error);
}

/**
 * Reads an ordinary file of at most `limitBytes`, whole.
 * @throws FlashError `file.not-found`, `file.unreadable`, `image.too-large`
 */
export async function readFileBounded(file: string, limitBytes: number): Promise<Uint8Array> {
  try {
    // Looked at before it is opened, as opening some devices does something; looked at again behind the handle, and
    // opened without waiting, as a pipe may have taken its place.
    refuseSpecial(file, await stat(file));
    await using handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
    const now = await handle.stat();
    refuseSpecial(file, now);
    const { size } = now;
    if (size > limitBytes) throw tooLarge(file, size, limitBytes);
    // One byte more than there should be, to see whether the file grows meanwhile.
    const bytes = new Uint8Array(size + 1);
    let offset = 0;
    while (offset < bytes.length) {
      const { bytesRead } = await handle.read(bytes, offset, bytes.length - offset, offset);
      if (bytesRead === 0) break;
      offset += bytesRead;
    }
    if (offset !== size) throw new FlashError('file.unreadable', { path: file, reason: 'CHANGED' });
    return bytes.subarray(0, size);
  } catch (error) {
    if (isFlashError(error)) throw error;
    if (codeOf(error) === 'ENOENT') throw new FlashError('file.not-found', { path: file }, error);
    throw new FlashError('file.unreadable', { path: file, reason: codeOf(error) }, error);
  }
}

function refuseSpecial(file: string, found: { isFile(): boolean; isDirectory(): boolean }): void {
  if (found.isFile()) return;
  throw new FlashError('file.unreadable', {
    path: file,
    reason: found.isDirectory() ? 'EISDIR' : 'ENOTFILE',
  });
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

const unknownCode = 'unknown';

function codeOf(error: unknown): string {
  const { code, errno } = (error ?? {}) as NodeJS.ErrnoException;
  // libuv has no name for a used-up quota, only the number.
  if (errno === -osConstants.errno.EDQUOT) return 'EDQUOT';
  return code ?? unknownCode;
}
