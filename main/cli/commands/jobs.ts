// Commands that are jobs: flash, restore, backup, detach, and the chip's own.
import { waysByHand } from '../../../shared/coach-way.ts';
import { FlashError } from '../../../shared/errors/flash-error.ts';
import type { ExitCode } from '../../../shared/result.ts';
import {
  chipChoices,
  type ArmRequest,
  type ChipRequest,
  type FirmwareImage,
  type FlashRequest,
} from '../../core.ts';
import { limits } from '../../../shared/limits.ts';
import { readImageArgument } from '../image-argument.ts';
import { backupAt } from './backups.ts';
import { runJobInTerminal } from '../run-job.ts';
import {
  acceptancesOf,
  openShell,
  permissionsOf,
  selectionOf,
  type CommonOptions,
  type Shell,
} from '../shell.ts';

export interface FlashOptions extends CommonOptions {
  readonly dryRun?: boolean;
  /** Undefined: as is usual for the board. */
  readonly backup?: boolean;
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
  readonly guide?: boolean;
  readonly way?: string;
  readonly chip?: string;
}

/** Reads the files first: a file that is wrong is no reason to touch a board. */
export async function flash(files: readonly string[], options: FlashOptions): Promise<ExitCode> {
  return await install(files, options, 'flash', undefined);
}

async function install(
  files: readonly string[],
  options: FlashOptions,
  command: 'flash' | 'restore',
  backupOf: FlashRequest['backupOf'],
): Promise<ExitCode> {
  // What cannot be meant is said before a file is read.
  flashRequestOf([], options);
  const images: FirmwareImage[] = [];
  for (const file of files) images.push(await readImageArgument(file, options));
  const shell = await openShell(options);
  const waits = options.board !== undefined && (command === 'flash' || options.guide === true);
  if (command === 'flash' || waits) checkBoardOptions(options, shell);
  const request: FlashRequest = { ...flashRequestOf(images, options), backupOf };
  const told = { ...terminalOptions(options), guide: options.guide === true };
  return await runJobInTerminal(shell, waits ? armed(request, options) : request, told);
}

/** The flash that the options ask for. @throws FlashError `usage` on a permission or finding there is not */
export function flashRequestOf(images: readonly FirmwareImage[], options: FlashOptions): FlashRequest {
  return {
    kind: 'flash',
    images,
    allow: permissionsOf(options.allow),
    accept: acceptancesOf(options.accept),
    selection: selectionOf(options),
    transferSize: options.transferSize,
    alternate: options.alt,
    address: options.address,
    dryRun: options.dryRun === true,
    backup: options.backup !== false,
    insistOnBackup: options.backup === true,
    backupTo: options.backupTo,
    verify: options.verify,
    leave: options.leave,
    full: options.full === true,
    asRaw: options.asRaw === true,
    keepRest: options.keepRest === true,
    reset: options.reset === true,
  };
}

/** A board that is named is waited for with everything settled. @throws FlashError `usage` */
export function armed(flash: FlashRequest, options: FlashOptions): ArmRequest {
  const { board: profile = '', device: portPath, guide, wait, way } = options;
  const wanted = guide === true && wait === undefined ? limits.armedWaitMs : (wait ?? 0) * 1000;
  return {
    kind: 'arm',
    flash,
    // Not said: as is usual for the board. A place for it is a wish for it.
    backup: options.backup ?? (options.backupTo === undefined ? undefined : true),
    profile,
    portPath,
    chip: options.chip?.toLowerCase(),
    way,
    waitMs: Math.min(wanted, limits.longestWaitMs),
  };
}

/** What does not go together is said before anything is read. @throws FlashError `usage` */
export function checkBoardOptions(
  { board, guide, way, chip, device, vidPid, serial }: FlashOptions,
  shell: Shell,
): void {
  const usage = (detail: string): FlashError => new FlashError('usage', { detail });
  if (board === undefined) {
    if (guide === true || way !== undefined || chip !== undefined)
      throw usage('--guide, --way and --chip need --board: which board is waited for');
    return;
  }
  const { profiles } = shell.core;
  const profile = profiles.find(({ id }) => id === board);
  if (profile === undefined)
    throw usage(`There is no board "${board}"; there are ${profiles.map(({ id }) => id).join(', ')}`);
  if (vidPid !== undefined || serial !== undefined)
    throw usage('--board says which board; leave out --vid-pid and --serial');
  if (device !== undefined && !/^[\w-]+-\d+(\.\d+)*$/.test(device))
    throw usage('With --board, --device takes a port path as "rekindle devices" prints it');
  const chips = chipChoices(profile);
  if (chip !== undefined && !chips.includes(chip.toLowerCase()))
    throw usage(
      chips.length === 0
        ? `${profile.name} has no choice of chips; leave out --chip`
        : `There is no chip "${chip}" for it; there are ${chips.join(', ')}`,
    );
  const ways = waysByHand(profile).map(({ name }) => name);
  if (way !== undefined && !ways.includes(way))
    throw usage(`There is no way "${way}"; there are ${ways.join(', ')}`);
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

export interface CompareOptions extends CommonOptions {
  readonly address?: number;
  readonly leave?: boolean;
  readonly reset?: boolean;
  readonly allow?: string[];
}

/** Says where a board differs from a backup, which is read first: one that is damaged is no reason to touch a board. */
export async function compare(id: string, options: CompareOptions): Promise<ExitCode> {
  const allow = permissionsOf(options.allow);
  const backup = await backupAt(id);
  const image = await readImageArgument(backup.path, {});
  const shell = await openShell(options);
  return await runJobInTerminal(
    shell,
    {
      kind: 'compare',
      image,
      allow,
      backupOf: backup.of,
      selection: selectionOf(options),
      transferSize: options.transferSize,
      alternate: options.alt,
      address: options.address,
      leave: options.leave === true,
      reset: options.reset === true,
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
  return await install([backup.path], options, 'restore', backup.of);
}
