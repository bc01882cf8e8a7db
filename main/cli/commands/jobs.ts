// Commands that are jobs: flash, restore, backup, detach, and the chip's own.
import { FlashError } from '../../../shared/errors/flash-error.ts';
import type { ExitCode } from '../../../shared/result.ts';
import type { ChipRequest, FirmwareImage, FlashRequest } from '../../core.ts';
import { readImageArgument } from '../image-argument.ts';
import { backupAt } from './backups.ts';
import { runJobInTerminal } from '../run-job.ts';
import { acceptancesOf, openShell, permissionsOf, selectionOf, type CommonOptions } from '../shell.ts';

export interface FlashOptions extends CommonOptions {
  readonly dryRun?: boolean;
  readonly backup: boolean;
  readonly backupTo?: string;
  readonly verify: boolean;
  readonly leave: boolean;
  readonly full?: boolean;
  readonly asRaw?: boolean;
  readonly keepRest?: boolean;
  readonly address?: number;
  readonly reset?: boolean;
  readonly yes?: boolean;
  readonly entry?: string;
  readonly allow?: string[];
  readonly accept?: string[];
}

/** Reads the files first: a file that is wrong is no reason to touch a board. */
export async function flash(files: readonly string[], options: FlashOptions): Promise<ExitCode> {
  return await install(files, options, undefined);
}

async function install(
  files: readonly string[],
  options: FlashOptions,
  backupOf: FlashRequest['backupOf'],
): Promise<ExitCode> {
  const allow = permissionsOf(options.allow);
  const accept = acceptancesOf(options.accept);
  const images: FirmwareImage[] = [];
  for (const file of files) images.push(await readImageArgument(file, options));
  const shell = await openShell(options);
  const request: FlashRequest = {
    kind: 'flash',
    images,
    allow,
    accept,
    selection: selectionOf(options),
    transferSize: options.transferSize,
    alternate: options.alt,
    address: options.address,
    dryRun: options.dryRun === true,
    backup: options.backup,
    backupTo: options.backupTo,
    verify: options.verify,
    leave: options.leave,
    full: options.full === true,
    asRaw: options.asRaw === true,
    keepRest: options.keepRest === true,
    reset: options.reset === true,
    backupOf,
  };
  return await runJobInTerminal(shell, request, terminalOptions(options));
}

export interface BackupOptions extends CommonOptions {
  readonly address?: number;
  readonly length?: number;
  readonly raw?: boolean;
  readonly twice?: boolean;
  readonly leave?: boolean;
  readonly reset?: boolean;
  readonly allow?: string[];
}

export async function backup(out: string | undefined, options: BackupOptions): Promise<ExitCode> {
  const allow = permissionsOf(options.allow);
  const shell = await openShell(options);
  return await runJobInTerminal(
    shell,
    {
      kind: 'backup',
      allow,
      selection: selectionOf(options),
      transferSize: options.transferSize,
      alternate: options.alt,
      to: out,
      address: options.address,
      length: options.length,
      raw: options.raw === true,
      twice: options.twice === true,
      leave: options.leave === true,
      reset: options.reset === true,
    },
    terminalOptions(options),
  );
}

export interface DetachOptions extends CommonOptions {
  readonly allow?: string[];
}

export async function detach(options: DetachOptions): Promise<ExitCode> {
  const allow = permissionsOf(options.allow);
  const shell = await openShell(options);
  return await runJobInTerminal(
    shell,
    { kind: 'detach', allow, selection: selectionOf(options) },
    terminalOptions(options),
  );
}

export interface ChipOptions extends CommonOptions {
  readonly allow?: string[];
  readonly address?: number;
  readonly dryRun?: boolean;
}

export async function chip(command: ChipRequest['command'], options: ChipOptions): Promise<ExitCode> {
  const allow = permissionsOf(options.allow);
  const shell = await openShell(options);
  return await runJobInTerminal(
    shell,
    {
      kind: 'chip',
      command,
      allow,
      selection: selectionOf(options),
      transferSize: options.transferSize,
      alternate: options.alt,
      address: options.address,
      dryRun: options.dryRun === true,
    },
    terminalOptions(options),
  );
}

function terminalOptions(options: { json?: boolean; yes?: boolean }): { json: boolean; yes: boolean } {
  return { json: options.json === true, yes: options.yes === true };
}

/** A restore is a flash of a backup: the same care, and the backup's own addresses. */
export async function restore(file: string, options: FlashOptions): Promise<ExitCode> {
  if (file === '') throw new FlashError('usage', { detail: 'restore needs the file of a backup' });
  const backup = await backupAt(file);
  return await install([backup.path], options, backup.of);
}
