// The record beside a backup. A backup without one, or with a damaged one, is still a backup.
import * as v from 'valibot';
import { backupRecordSchema, type BackupRecord } from '../../shared/backup-record.ts';
import { isFlashError } from '../../shared/errors/flash-error.ts';
import { limits } from '../../shared/limits.ts';
import { readFileBounded, writeFileAtomically } from './atomic-file.ts';

/** The record's file: beside the backup, so that both move together. */
export function recordPath(backup: string): string {
  return `${backup}.json`;
}

/** `missing`: made elsewhere, or by an older Rekindle. `damaged`: not to be understood. */
export type FoundRecord = BackupRecord | 'missing' | 'damaged';

/** Never rejects. */
export async function readRecord(backup: string): Promise<FoundRecord> {
  try {
    const bytes = await readFileBounded(recordPath(backup), limits.backupRecordBytes);
    const parsed = v.safeParse(backupRecordSchema, JSON.parse(new TextDecoder().decode(bytes)));
    return parsed.success ? parsed.output : 'damaged';
  } catch (error) {
    return isFlashError(error, 'file.not-found') ? 'missing' : 'damaged';
  }
}

/** Durable when it resolves. @throws FlashError `file.*` */
export async function writeRecord(backup: string, record: BackupRecord): Promise<void> {
  const text = `${JSON.stringify(record, null, 2)}\n`;
  await writeFileAtomically(recordPath(backup), new TextEncoder().encode(text));
}
