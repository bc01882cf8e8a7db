// The files around the database: the damaged one put aside, the copy before a change of the schema. Runs in the store's thread.
import { randomUUID } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  unlinkSync,
} from 'node:fs';
import path from 'node:path';
import type { DatabaseSync } from 'node:sqlite';

/** A repair takes moments; a mark older than this was left by a process that died over it, ms. */
const repairLimitMs = 30_000;

/**
 * Renames a damaged database with what belongs to it; nothing is ever deleted.
 * @param inode of the file that was found damaged: another process may have put a new one in its place meanwhile
 * @returns its new name; undefined when another process is at it, or done with it
 * @throws the system's error
 */
export function putAside(file: string, inode: bigint, now: Date): string | undefined {
  const mark = `${file}.repair`;
  if (!takeMark(mark)) return undefined;
  try {
    if (inodeOf(file) !== inode) return undefined;
    const aside = freeName(file, `damaged-${stampOf(now)}`);
    // The log first: a log without its database says nothing, and must not meet the new one.
    for (const end of ['-wal', '-shm', '']) {
      if (existsSync(file + end)) renameSync(file + end, aside + end);
    }
    syncFolderNow(path.dirname(file));
    return aside;
  } finally {
    unlinkSync(mark);
  }
}

/** A copy of the whole database as it is, durable when it returns. @throws SQLite's or the system's error */
export function copyBefore(db: DatabaseSync, file: string, version: number, now: Date): string {
  const copy = freeName(file, `before-${version}-${stampOf(now)}`);
  const temporary = path.join(path.dirname(file), `.rekindle-${randomUUID()}.part`);
  try {
    db.prepare('VACUUM INTO ?').run(temporary);
    const handle = openSync(temporary, 'r+');
    fsyncSync(handle);
    closeSync(handle);
    renameSync(temporary, copy);
    syncFolderNow(path.dirname(file));
    return copy;
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** Which file stands there; undefined when none does. */
export function inodeOf(file: string): bigint | undefined {
  return statSync(file, { bigint: true, throwIfNoEntry: false })?.ino;
}

function takeMark(mark: string): boolean {
  try {
    closeSync(openSync(mark, 'wx', 0o600));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    const left = statSync(mark, { throwIfNoEntry: false });
    // A clock that was set back must not keep a dead process's mark for ever, so both directions count.
    if (left !== undefined && Math.abs(Date.now() - left.mtimeMs) > repairLimitMs)
      rmSync(mark, { force: true });
    return false;
  }
}

function stampOf(now: Date): string {
  return now.toISOString().replace(/[-:]/g, '').replace(/\.\d+/, '');
}

function freeName(file: string, what: string): string {
  const { dir, name, ext } = path.parse(file);
  for (let count = 1; ; count++) {
    const full = path.join(dir, `${name}-${what}${count === 1 ? '' : `-${count}`}${ext}`);
    if (!existsSync(full)) return full;
  }
}

function syncFolderNow(folder: string): void {
  try {
    const handle = openSync(folder, 'r');
    try {
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
  } catch (error) {
    // Systems that cannot open folders make names durable by themselves.
    const { code } = error as NodeJS.ErrnoException;
    if (!['EISDIR', 'EPERM', 'EINVAL', 'EACCES'].includes(code ?? '')) throw error;
  }
}
