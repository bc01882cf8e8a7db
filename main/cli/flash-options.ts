// Options of the commands that install something.
import type { Command } from 'commander';
import { collect } from './board-command.ts';
import { parseNumber } from './numbers.ts';

/** Of every command that ends in a flash, wherever its files come from. */
export function planOptions(command: Command): Command {
  return command
    .option('-y, --yes', 'confirm the plan without asking; never answers a danger')
    .option('-n, --dry-run', 'show the plan and change nothing')
    .option('--backup', 'back up first, also where that is not usual for the board')
    .option('--no-backup', 'do not back up first')
    .option('--backup-to <path>', 'file or folder for the backup')
    .option('--no-verify', 'do not read back and compare')
    .option('--no-leave', 'stay in flash mode afterwards')
    .option('--full', 'write every sector, also those that hold the image already')
    .option('--keep-rest', 'keep what surrounds the image in the sectors it touches')
    .option('--reset', 'detach and reset the port at the end')
    .option('--entry <path>', 'of an archive: the file that is meant')
    .option('--allow <danger>', 'option-bytes or unsupported-board; may be given again', collect)
    .option(
      '--accept <finding>',
      'what would be asked; docs/command-line.md lists the names; may be given again',
      collect,
    );
}

/** Of those whose files a person names. */
export function flashOptions(command: Command): Command {
  return planOptions(command)
    .option('--as-raw', 'write the bytes of the file as they are, whatever they look like')
    .option('--address <address>', 'where a file without addresses goes', parseNumber);
}

/** For boards that are waited for. */
export function waitOptions(command: Command): Command {
  return command
    .option('--guide', 'with --board: say which hand movement is due, and when to let go')
    .option('--way <name>', 'with --board: which way into flash mode by hand')
    .option('--chip <name>', 'with --board: its chip, such as stm32f405, where it may have several');
}
