// What a person does with backups: names, notes, checks, imports, and throwing old ones away.
import { createHash } from 'node:crypto';
import { readdir, unlink } from 'node:fs/promises';
import path from 'node:path';
import type { BackupRecord } from '../../shared/backup-record.ts';
import type { BackupReport } from '../../shared/contract/backups.ts';
import { FlashError } from '../../shared/errors/flash-error.ts';
import { syncFolder, writeError } from './atomic-file.ts';
import { backupPath, describeBackup, readBackup } from './backup-list.ts';
import { nextOrder } from './backup-order.ts';
import { recordPath, writeRecord } from './backup-record.ts';
import { saveBackup } from './backups.ts';

/**
 * Gives a backup a name or a note. One whose record is missing or damaged gets a new one, of what its name and content tell.
 * @throws FlashError `api.unknown`, `file.*`
 */
export async function changeRecord(
  folder: string,
  id: string,
  change: Partial<Pick<BackupRecord, 'name' | 'note'>>,
): Promise<void> {
  const backup = await mustFind(folder, id);
  const record = backup.record ?? (await recordFromContent(folder, backup));
  await writeRecord(backupPath(folder, id), { ...record, ...change });
}

/** Whether a backup still is what was saved. */
export type ContentCheck = 'same' | 'changed';

/** Reads it whole and compares its digest with the one it was saved under. @throws FlashError `api.unknown`, `file.*` */
export async function checkContent(folder: string, id: string): Promise<ContentCheck> {
  const backup = await mustFind(folder, id);
  const found = sha256Of(await readBackup(folder, id));
  const good = backup.record === undefined ? found.startsWith(backup.hash) : found === backup.record.sha256;
  return good ? 'same' : 'changed';
}

/**
 * A backup as it was saved. @throws FlashError `backup.changed` when it is not any more, `api.unknown`, `file.*`
 */
export async function readIntactBackup(folder: string, id: string): Promise<Uint8Array> {
  const backup = await mustFind(folder, id);
  const bytes = await readBackup(folder, id);
  const found = sha256Of(bytes);
  const saved = backup.record?.sha256 ?? backup.hash;
  if (!found.startsWith(saved)) throw new FlashError('backup.changed', { name: id, saved, found });
  return bytes;
}

/**
 * Takes a file in as a backup of a board; the same content of the same second is taken in once.
 * @param record all but what its bytes tell
 * @throws FlashError `file.*`
 */
export async function importBackup(
  folder: string,
  bytes: Uint8Array,
  record: Omit<BackupRecord, 'bytes' | 'sha256'>,
  extension: 'dfu' | 'bin',
): Promise<string> {
  const board = record.virtual ? `virtual-${record.board}` : record.board;
  const saved = await saveBackup({ folder, board, when: new Date(record.when), bytes, extension });
  const { bytes: size, sha256 } = saved;
  await writeRecord(saved.path, { ...record, order: await nextOrder(folder), bytes: size, sha256 });
  return path.basename(saved.path);
}

/** Removes a backup and its record. @throws FlashError `api.unknown`, `file.*` */
export async function removeBackup(folder: string, id: string): Promise<void> {
  const file = backupPath(folder, id);
  await mustFind(folder, id);
  try {
    await unlink(file);
    // The record is nothing without the backup; one that was never there is not missed.
    await unlink(recordPath(file)).catch(() => undefined);
    for (const beside of await textsBeside(folder, id)) await unlink(beside).catch(() => undefined);
    await syncFolder(folder);
  } catch (error) {
    throw writeError(error, file);
  }
}

/** Text that was saved with a backup: `<backup>.<kind>.txt`. */
async function textsBeside(folder: string, id: string): Promise<string[]> {
  const stem = `${path.parse(id).name}.`;
  const names = await readdir(folder);
  return names
    .filter((name) => name.startsWith(stem) && name.endsWith('.txt'))
    .map((name) => path.join(folder, name));
}

async function mustFind(folder: string, id: string): Promise<BackupReport> {
  backupPath(folder, id);
  const found = await describeBackup(folder, id);
  if (found === undefined) throw new FlashError('api.unknown', { what: 'backup' });
  return found;
}

async function recordFromContent(folder: string, backup: BackupReport): Promise<BackupRecord> {
  const bytes = await readBackup(folder, backup.id);
  return {
    format: 1,
    board: backup.board,
    virtual: backup.virtual,
    unit: { portPath: '', serial: '', ids: '' },
    when: backup.when,
    ranges: [],
    found: [],
    protocol: '',
    readTwice: false,
    program: '',
    bytes: bytes.length,
    sha256: sha256Of(bytes),
    name: '',
    note: '',
  };
}

function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
