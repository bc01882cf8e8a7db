// What SQLite's errors mean for people and programs.
import { FlashError, isFlashError } from '../../shared/errors/flash-error.ts';

/** Primary result codes (sqlite.org/rescode.html). */
const Sqlite = { busy: 5, locked: 6, readOnly: 8, corrupt: 11, full: 13, cannotOpen: 14, notADatabase: 26 };

function primaryCode(error: unknown): number | undefined {
  const { code, errcode } = (error ?? {}) as { code?: unknown; errcode?: unknown };
  return code === 'ERR_SQLITE_ERROR' && typeof errcode === 'number' ? errcode & 0xff : undefined;
}

/** Another process holds it; it may be free a moment later. */
export function isBusy(error: unknown): boolean {
  const code = primaryCode(error);
  return code === Sqlite.busy || code === Sqlite.locked;
}

/** The file is not what SQLite wrote. */
export function isDamage(error: unknown): boolean {
  const code = primaryCode(error);
  return code === Sqlite.corrupt || code === Sqlite.notADatabase;
}

/** It can be read at most. */
export function isReadOnly(error: unknown): boolean {
  const code = primaryCode(error);
  return code === Sqlite.readOnly || code === Sqlite.cannotOpen;
}

/** A FlashError of `store.*` or `file.disk-full`. */
export function storeError(error: unknown, file: string, waitedMs: number): FlashError {
  if (isFlashError(error)) return error;
  if (isBusy(error)) return new FlashError('store.locked', { path: file, waitedMs }, error);
  switch (primaryCode(error)) {
    case Sqlite.full:
      return new FlashError('file.disk-full', { path: file }, error);
    case Sqlite.readOnly:
    case Sqlite.cannotOpen:
      return new FlashError('store.read-only', { path: file }, error);
    case Sqlite.corrupt:
    case Sqlite.notADatabase:
      return new FlashError('store.damaged', { path: file, aside: undefined }, error);
    default: {
      const { code } = (error ?? {}) as NodeJS.ErrnoException;
      if (code === 'ENOSPC' || code === 'EDQUOT')
        return new FlashError('file.disk-full', { path: file }, error);
      if (['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST'].includes(code ?? ''))
        return new FlashError('store.read-only', { path: file }, error);
      const reason = error instanceof Error ? error.message : String(error);
      return new FlashError('store.failed', { path: file, reason: reason.slice(0, 200) }, error);
    }
  }
}
