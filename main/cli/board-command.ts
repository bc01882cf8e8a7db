// What every command that touches a board takes.
import { Option, type Command } from 'commander';
import { boardNames } from '../bench/boards/registry.ts';
import { parseFactor, parseNumber, parseSeconds, parseTransferSize } from './numbers.ts';

/** An option that may be given again. One that takes a list would swallow the file that follows it. */
export function collect(value: string, before: string[] = []): string[] {
  return [...before, value];
}

/** Which board, and through what: the same on every command that touches one. */
export function boardCommand(program: Command, name: string, summary: string): Command {
  return program
    .command(name)
    .description(summary)
    .option('-d, --device <text>', 'port path, or any part of what "devices" prints that fits one board')
    .option('--board <profile>', 'which board it is, such as pycom-pytrack; "flash" waits for it, settled')
    .option('--vid-pid <ids>', 'vendor:product, or program,flash-mode; * for any')
    .option('--serial <text>', 'serial number, or program,flash-mode')
    .option('--interface <number>', 'interface number', parseNumber)
    .option('--alt <setting>', 'alternate setting: number or exact name')
    .option('--transfer-size <bytes>', 'bytes a block, against what the board says', parseTransferSize)
    .option('--wait <seconds>', 'wait this long for the board to be plugged in', parseSeconds)
    .option(
      '--bench <boards>',
      `virtual boards instead of real ones: ${boardNames.join(', ')}; NAME:app runs its program, NAME:dfu is in flash mode`,
    )
    .option('--faults <file>', 'misfortunes for the virtual boards, as JSON')
    .option('--time-scale <factor>', 'speed of the virtual boards; 0 makes flash instant', parseFactor)
    .option('--trace <file>', 'record every USB transfer to a new file')
    .addOption(
      new Option('--play <file>', 'answer from a recorded trace instead of a board').conflicts('bench'),
    )
    .option('--json', 'one JSON object a line instead of text')
    .option('-v, --verbose', 'notes on what happens, to standard error');
}
