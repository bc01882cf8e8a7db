// The backups that lie in the backups folder, told from their names: `<board>-<time>-<hash>.dfu` (backups.ts).
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { FlashError } from '../../shared/errors/flash-error.ts';
import type { BackupReport } from '../../shared/contract/backups.ts';
import { limits } from '../../shared/limits.ts';
import { readFileBounded } from './atomic-file.ts';

const namePattern = /^([A-Za-z0-9-]{1,60})-(\d{8}T\d{6}Z)-([0-9a-f]{12})\.(?:dfu|bin)$/;
const mostBackups = 10_000;

/** Newest first; empty when the folder is not there yet. */
export async function listBackups(folder: string): Promise<BackupReport[]> {
  const names = await readdir(folder).catch(() => []);
  const found: BackupReport[] = [];
  for (const name of names.slice(0, mostBackups)) {
    const [, board = '', time = '', hash = ''] = namePattern.exec(name) ?? [];
    if (hash === '') continue;
    const facts = await stat(path.join(folder, name)).catch(() => undefined);
    if (facts?.isFile() !== true) continue;
    const virtual = board.startsWith('virtual-');
    found.push({
      id: name,
      board: virtual ? board.slice('virtual-'.length) : board,
      virtual,
      when: time.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'),
      bytes: facts.size,
      hash,
    });
  }
  return found.sort((a, b) => b.when.localeCompare(a.when));
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
