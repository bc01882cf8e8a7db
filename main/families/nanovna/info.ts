// Who a NanoVNA's program says it is: `info` and `version` (devices.md 5.2, 5.4, 5.7).
import type { NamedVersion, NanovnaLayout, ProgramSays } from '../../../shared/families.ts';
import { cleanText } from '../../../shared/text/clean.ts';
import type { UsbNames } from '../family.ts';
import type { Shell } from './shell.ts';

/** Lines of `info` that are kept; it has fewer than ten. */
const mostLines = 24;
const mostLineLetters = 120;
/** Commands no other ChibiOS program that we know of has together. */
const ownCommands = ['data', 'frequencies', 'recall', 'clearconfig'];

/** Asks the shell; undefined where it is some other board's with the same kind of prompt. */
export async function askInfo(shell: Shell, usb: UsbNames): Promise<ProgramSays | undefined> {
  const info = tidy((await shell.ask('info')) ?? []);
  const version = tidy((await shell.ask('version')) ?? []);
  const said = [...info, ...version];
  const named = said.some((line) => /nanovna/i.test(line)) || /^nanovna/i.test(usb.product);
  if (!named && !(await hasOwnCommands(shell))) return undefined;
  const board = info.map((line) => /^Board: *(.+)$/i.exec(line)?.[1]?.trim()).find(Boolean);
  const profile = profileOf(board) ?? profileOf(usb.product);
  return {
    name: /^nanovna/i.test(usb.product) ? usb.product : nameOf(board),
    profile,
    versions: versionsIn(info, version),
    layout: layoutOf(usb),
    lines: said,
  };
}

/** For builds that name no board anywhere: the commands they have. */
async function hasOwnCommands(shell: Shell): Promise<boolean> {
  const help = ((await shell.ask('help')) ?? [])
    .join(' ')
    .toLowerCase()
    .split(/[^a-z_]+/);
  return ownCommands.every((command) => help.includes(command));
}

function nameOf(board: string | undefined): string {
  return board !== undefined && /nanovna/i.test(board) ? board.slice(0, 40) : 'NanoVNA';
}

/** "NanoVNA-H 4" in `info`, "NanoVNA-H4" on USB; "NanoVNA" and "NanoVNA-H" are the same board's (devices.md 5.7). */
function profileOf(name: string | undefined): string | undefined {
  if (name === undefined) return undefined;
  if (/^nanovna-h ?4/i.test(name)) return 'nanovna-h4';
  return /^nanovna(-h)?$/i.test(name.trim()) ? 'nanovna-h' : undefined;
}

function versionsIn(info: readonly string[], version: readonly string[]): NamedVersion[] {
  const labelled = info.map((line) => /^Version: *(\d+(?:\.\d+)+)/i.exec(line)?.[1]);
  const plain = version.map((line) => /^v?(\d+(?:\.\d+)+)/i.exec(line)?.[1]);
  const found = [...labelled, ...plain].find((one) => one !== undefined);
  return found === undefined ? [] : [{ of: 'NanoVNA', version: found }];
}

/** By what each builder's program calls itself on USB (devices.md 5.2). */
function layoutOf({ product }: UsbNames): NanovnaLayout | undefined {
  if (/^nanovna-h/i.test(product)) return 'dislord';
  return product.startsWith('ChibiOS/RT') ? 'ttrftech' : undefined;
}

function tidy(lines: readonly string[]): string[] {
  return lines
    .map((line) => cleanText(line).trim().slice(0, mostLineLetters))
    .filter((line) => line !== '')
    .slice(0, mostLines);
}
