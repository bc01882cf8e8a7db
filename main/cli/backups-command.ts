// How the library of backups is spoken to in the terminal.
import type { Command } from 'commander';
import type { ExitCode } from '../../shared/result.ts';
import {
  changeBackup,
  exportBackup,
  importFile,
  listOfBackups,
  prune,
  removeOne,
  showBackup,
  type BackupsOptions,
  type ChangeOptions,
  type ExportOptions,
  type ImportOptions,
  type PruneOptions,
} from './commands/backups.ts';
import { boardCommand, collect } from './board-command.ts';
import { compare, type CompareOptions } from './commands/jobs.ts';
import { parseNumber } from './numbers.ts';

/** Turns what a command does into what the parser calls. */
export type Does = <A extends unknown[]>(
  command: (...rest: A) => Promise<ExitCode>,
) => (...rest: A) => Promise<void>;

/** `backups` and what is under it. */
export function backupsCommand(program: Command, does: Does): void {
  const json = (command: Command): Command =>
    command.option('--json', 'one JSON object a line instead of text');
  const backups = json(
    program
      .command('backups')
      .description('the library of backups: list, name, check, compare, export, import, prune'),
  ).action(does((options: BackupsOptions) => listOfBackups(options)));
  json(backups.command('show').description('all that is known of one, and whether its file is intact'))
    .argument('<id>')
    .action(does((id: string, options: BackupsOptions) => showBackup(id, options)));
  json(backups.command('change').description('give it a name or a note'))
    .argument('<id>')
    .option('--name <text>', 'a name; empty takes it away')
    .option('--note <text>', 'a note; empty takes it away')
    .action(does((id: string, options: ChangeOptions) => changeBackup(id, options)));
  json(backups.command('export').description('save it elsewhere: .dfu, .hex or .bin'))
    .argument('<id>')
    .argument('<out>', 'the file to write; never replaces one')
    .option('--address <address>', 'where plain bytes without an address belong', parseNumber)
    .action(does((id: string, out: string, options: ExportOptions) => exportBackup(id, out, options)));
  json(backups.command('import').description('take a file in as a backup'))
    .argument('<file>')
    .requiredOption('--of <board>', 'what it is a backup of')
    .action(does((file: string, options: ImportOptions) => importFile(file, options)));
  boardCommand(backups, 'compare', 'read what it holds from a board, and say where they differ')
    .argument('<id>', 'a backup of the library, or a file')
    .option('--address <address>', 'where plain bytes without an address belong', parseNumber)
    .option('--leave', 'start the program afterwards')
    .option('--reset', 'detach and reset the port at the end')
    .option('--allow <danger>', 'unsupported-board: a board known by name only', collect)
    .action(does((id: string, options: CompareOptions) => compare(id, options)));
  json(backups.command('remove').description('throw one away'))
    .argument('<id>')
    .action(does((id: string, options: BackupsOptions) => removeOne(id, options)));
  json(
    backups
      .command('prune')
      .description(
        'remove old ones; never the newest of a board, one with a name or a note, or one that is needed',
      ),
  )
    .option('--keep <count>', 'all but the newest so many of each board', parseNumber)
    .option('--older-than <days>', 'those older than this; with --keep, what both let go', parseNumber)
    .option('-n, --dry-run', 'say what would go, and remove nothing')
    .action(does((options: PruneOptions) => prune(options)));
}
