// The backups in the backups folder: told from their names, `<board>-<time>-<hash>.dfu`, and from the records beside them.
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { FlashError } from '../../shared/errors/flash-error.ts';
import type { BackupReport } from '../../shared/contract/backups.ts';
import { limits } from '../../shared/limits.ts';
import { readFileBounded } from './atomic-file.ts';
import { readRecord } from './backup-record.ts';

const namePattern = /^([A-Za-z0-9-]{1,60})-(\d{8}T\d{6}Z)-([0-9a-f]{12})\.(?:dfu|bin)$/;
/** Files looked at side by side. */
const atOnce = 32;

/** Whether a file is called as backups of the library are. */
export function isBackupName(name: string): boolean {
  return namePattern.test(name);
}

/** Newest first; empty when the folder is not there yet. */
export async function listBackups(folder: string): Promise<BackupReport[]> {
  const names = (await readdir(folder).catch(() => [])).filter(isBackupName);
  // The newest are those people look for: by the time in the name, whatever stands before it.
  const newest = names.toSorted((a, b) => timeIn(b).localeCompare(timeIn(a))).slice(0, limits.backups);
  const found: BackupReport[] = [];
  for (let first = 0; first < newest.length; first += atOnce) {
    const some = newest.slice(first, first + atOnce).map((name) => describeBackup(folder, name));
    found.push(...(await Promise.all(some)).filter((one) => one !== undefined));
  }
  return found;
}

/** One backup; undefined where there is none of that name. */
export async function describeBackup(folder: string, name: string): Promise<BackupReport | undefined> {
  const [, board = '', , hash = ''] = namePattern.exec(name) ?? [];
  if (hash === '') return undefined;
  const file = path.join(folder, name);
  const [facts, record] = await Promise.all([stat(file).catch(() => undefined), readRecord(file)]);
  if (facts?.isFile() !== true) return undefined;
  const virtual = board.startsWith('virtual-');
  return {
    id: name,
    board: virtual ? board.slice('virtual-'.length) : board,
    virtual,
    when: timeIn(name).replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'),
    bytes: facts.size,
    hash,
    record: typeof record === 'string' ? undefined : record,
    recordState: typeof record === 'string' ? record : 'there',
  };
}

function timeIn(name: string): string {
  return namePattern.exec(name)?.[2] ?? '';
}

/** Where a backup lies. @throws FlashError `api.unknown` for any other name: a page names no paths */
export function backupPath(folder: string, id: string): string {
  if (!namePattern.test(id)) throw new FlashError('api.unknown', { what: 'backup' });
  return path.join(folder, id);
}

/** @throws FlashError `api.unknown`, `file.*` */
export async function readBackup(folder: string, id: string): Promise<Uint8Array> {
  return await readFileBounded(backupPath(folder, id), limits.containerBytes);
}
