// How firmware files are looked at and converted in the terminal.
import type { Command } from 'commander';
import type { Does } from './backups-command.ts';
import { boardCommand } from './board-command.ts';
import { convert, type ConvertCommandOptions } from './commands/convert.ts';
import { inspect, type InspectOptions } from './commands/inspect.ts';
import { parseByte, parseNumber, parseShownBytes } from './numbers.ts';

/** `inspect` and `convert`. */
export function addFileCommands(program: Command, does: Does): void {
  inspectCommand(program, does);
  convertCommand(program, does);
}

function inspectCommand(program: Command, does: Does): void {
  boardCommand(program, 'inspect', 'what a firmware file is, and what would stand against flashing it')
    .argument('<file>', 'firmware file; - for standard input')
    .option('--entry <path>', 'of an archive: the file that is meant')
    .option('--as-raw', 'take the bytes of the file as they are')
    .option('--address <address>', 'where a file without addresses goes', parseNumber)
    .option('--for <chip>', 'check it against a chip, such as stm32f072')
    .option('--check', 'check it against the connected board, which is not changed')
    .option('--hex [address]', 'show its bytes, from an address on', parseNumber)
    .option('--length <bytes>', 'how many bytes to show', parseShownBytes)
    .option('--find <text>', 'where a text is, or bytes as 0x and hex digits')
    .option('--diff <file>', 'how it differs from another file or a backup')
    .action(does((file: string, options: InspectOptions) => inspect(file, options)));
}

function convertCommand(program: Command, does: Does): void {
  program
    .command('convert')
    .description('write a firmware file in another format: .bin, .hex, .dfu')
    .argument('<in>', 'firmware file; - for standard input')
    .argument('<out>', 'the file to write; never replaces one')
    .option('--format <format>', 'bin, hex, dfu (with suffix) or dfuse; by the name otherwise')
    .option('--entry <path>', 'of an archive: the file that is meant')
    .option('--as-raw', 'take the bytes of the file as they are')
    .option('--address <address>', 'where bytes without an address go', parseNumber)
    .option('--vid-pid <ids>', 'vendor:product for the suffix; any otherwise')
    .option('--bcd-device <number>', 'device version for the suffix', parseNumber)
    .option('--fill <byte>', 'what fills gaps in a .bin; 0xff otherwise', parseByte)
    .option('--chip <name>', 'of a file for several kinds of chips: which')
    .option('--strip-prefix', 'take off a TI or LPC prefix')
    .option('--json', 'one JSON object a line instead of text')
    .action(
      does((input: string, output: string, options: ConvertCommandOptions) =>
        convert(input, output, options),
      ),
    );
}
