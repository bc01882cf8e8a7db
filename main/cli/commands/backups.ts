// The library of backups: what there is, whose it is, and what can be done with it.
import path from 'node:path';
import type { BackupReport } from '../../../shared/contract/backups.ts';
import { FlashError } from '../../../shared/errors/flash-error.ts';
import { ExitCode } from '../../../shared/result.ts';
import { backupLines, backupTexts } from '../../../shared/text/backups.ts';
import { cleanText } from '../../../shared/text/clean.ts';
import { formatBytes } from '../../../shared/units.ts';
import {
  changeRecord,
  checkContent,
  convertImage,
  describeBackup,
  importBackupFile,
  listBackups,
  openImageFile,
  openJournal,
  prunable,
  prune as pruneLibrary,
  readIntactBackup,
  readRecord,
  removeBackup,
  saveNewFile,
  backupPath,
  realClock,
} from '../../core.ts';
import { silentLog } from '../../log/log.ts';
import { terminalHost } from '../host.ts';
import { writeJson } from '../report-json.ts';

export interface BackupsOptions {
  readonly json?: boolean;
}

const host = terminalHost(silentLog);
const folder = host.paths.backups;

/** All of them, newest first. */
export async function listOfBackups(options: BackupsOptions): Promise<ExitCode> {
  const backups = await listBackups(folder);
  if (options.json === true) {
    for (const backup of backups) writeJson('kept-backup', backup);
    return ExitCode.done;
  }
  if (backups.length === 0) say(backupTexts.none);
  for (const backup of backups) {
    const name = backup.record?.name ?? '';
    say(
      `${backup.id}  ${formatBytes(backup.bytes)}${backup.virtual ? '  virtual' : ''}${name === '' ? '' : `  "${name}"`}`,
    );
  }
  say(backupTexts.where(folder));
  return ExitCode.done;
}

/** Everything that is known of one, and whether its file still is what was saved. */
export async function showBackup(id: string, options: BackupsOptions): Promise<ExitCode> {
  const backup = await find(id);
  const content = await checkContent(folder, id);
  if (options.json === true) writeJson('kept-backup', { ...backup, content });
  else for (const line of backupLines(backup, content)) say(line);
  return content === 'same' ? ExitCode.done : ExitCode.badFile;
}

export interface ChangeOptions extends BackupsOptions {
  readonly name?: string;
  readonly note?: string;
}

/** Gives it a name or a note; an empty text takes it away. */
export async function changeBackup(id: string, options: ChangeOptions): Promise<ExitCode> {
  const { name, note } = options;
  if (name === undefined && note === undefined)
    throw new FlashError('usage', { detail: 'backups change needs --name or --note' });
  await changeRecord(folder, id, {
    ...(name === undefined ? {} : { name: name.slice(0, 60) }),
    ...(note === undefined ? {} : { note: note.slice(0, 2_000) }),
  });
  return await showBackup(id, options);
}

export interface ExportOptions extends BackupsOptions {
  /** Where bytes without an address belong. */
  readonly address?: number;
}

/** Copies it to a new file, in the format its name asks for. */
export async function exportBackup(id: string, out: string, options: ExportOptions): Promise<ExitCode> {
  const bytes = await readIntactBackup(folder, id);
  const extension = path.extname(out).toLowerCase();
  const format = formats.get(extension);
  if (format === undefined && extension !== path.extname(id))
    throw new FlashError('usage', { detail: `${out} should end in .dfu, .hex or .bin` });
  const { address } = options;
  const sameAsSaved = extension === path.extname(id) && address === undefined;
  const file =
    sameAsSaved || format === undefined
      ? bytes
      : convertImage(await openImageFile(backupPath(folder, id)), format, { address });
  await saveNewFile(out, file);
  if (options.json === true)
    writeJson('backup-exported', { id, path: path.resolve(out), bytes: file.length });
  else say(backupTexts.exported(path.resolve(out), formatBytes(file.length)));
  return ExitCode.done;
}

const formats = new Map([
  ['.dfu', 'dfuse'],
  ['.hex', 'hex'],
  ['.bin', 'bin'],
] as const satisfies [string, 'dfuse' | 'hex' | 'bin'][]) as ReadonlyMap<string, 'dfuse' | 'hex' | 'bin'>;

export interface ImportOptions extends BackupsOptions {
  readonly of: string;
}

/** Takes a file in as a backup. */
export async function importFile(file: string, options: ImportOptions): Promise<ExitCode> {
  const id = await importBackupFile(host, file, { board: options.of, virtual: false });
  if (options.json === true) writeJson('backup-imported', { id });
  else say(backupTexts.imported(id));
  return ExitCode.done;
}

export interface PruneOptions extends BackupsOptions {
  readonly keep?: number;
  readonly olderThan?: number;
  readonly dryRun?: boolean;
}

/** Throws away what the options let go, and never the newest of a board. */
export async function prune(options: PruneOptions): Promise<ExitCode> {
  const { keep, olderThan: olderThanDays } = options;
  if (keep === undefined && olderThanDays === undefined)
    throw new FlashError('usage', { detail: 'backups prune needs --keep or --older-than' });
  const policy = {
    ...(keep === undefined ? {} : { keep }),
    ...(olderThanDays === undefined ? {} : { olderThanDays }),
  };
  await using journal = openJournal(host, realClock);
  const gone =
    options.dryRun === true ? await prunable(journal, policy) : await pruneLibrary(journal, policy);
  if (options.json === true) {
    for (const { id } of gone) writeJson('backup-removed', { id, dryRun: options.dryRun === true });
    return ExitCode.done;
  }
  for (const { id } of gone) say(id);
  say(backupTexts.pruned(gone.length, options.dryRun === true));
  return ExitCode.done;
}

/** Removes one. */
export async function removeOne(id: string, options: BackupsOptions): Promise<ExitCode> {
  await removeBackup(folder, id);
  if (options.json === true) writeJson('backup-removed', { id, dryRun: false });
  else say(backupTexts.removed(id));
  return ExitCode.done;
}

/** A backup as `restore` names it: a file, or one of the library by its id; and whose it is, where that was noted. */
export async function backupAt(named: string): Promise<{
  path: string;
  of: { board: string; unit: { portPath: string; serial: string; ids: string } } | undefined;
}> {
  const known = await describeBackup(folder, named);
  if (known !== undefined) await readIntactBackup(folder, named);
  const file = known === undefined ? named : backupPath(folder, named);
  const record = await readRecord(file);
  return {
    path: file,
    of: typeof record === 'string' ? undefined : { board: record.board, unit: record.unit },
  };
}

async function find(id: string): Promise<BackupReport> {
  const found = await describeBackup(folder, id);
  if (found === undefined) throw new FlashError('api.unknown', { what: 'backup' });
  return found;
}

function say(text: string): void {
  process.stdout.write(`${cleanText(text)}\n`);
}
