// The command line: options in, exit codes out. It starts the core and knows nothing of USB.
import '../base/thread-pool.ts';
import { Command, CommanderError, Option } from 'commander';
import { isFlashError, toFlashError } from '../../shared/errors/flash-error.ts';
import { historyEnds } from '../../shared/history.ts';
import { ExitCode, exitCodeOfError } from '../../shared/result.ts';
import { cleanText } from '../../shared/text/clean.ts';
import { errorText } from '../../shared/text/errors.ts';
import { addBatchOptions } from './batch-command.ts';
import { boardCommand, collect } from './board-command.ts';
import { backupsCommand } from './backups-command.ts';
import { boardNames } from '../bench/boards/registry.ts';
import { benchVerbs } from './bench-actions.ts';
import { bench, type BenchCommandOptions } from './commands/bench.ts';
import { demo } from './commands/demo.ts';
import { devices, info, type DevicesOptions } from './commands/devices.ts';
import { history, resume, type HistoryOptions, type ResumeOptions } from './commands/history.ts';
import {
  backup,
  chip,
  detach,
  flash,
  restore,
  type BackupOptions,
  type ChipOptions,
  type DetachOptions,
  type FlashOptions,
} from './commands/jobs.ts';
import { rights, type RightsCommandOptions } from './commands/rights.ts';
import { tellOfNewerRelease, tellVersion, type VersionOptions } from './commands/version.ts';
import { addFileCommands } from './file-commands.ts';
import { flashOptions, waitOptions } from './flash-options.ts';
import { addProfilesCommand } from './profiles-command.ts';
import { addSourcesCommand } from './sources-command.ts';
import { addUpdateCommand } from './update-command.ts';
import { platform, version } from './host.ts';
import { parseFactor, parseMoment, parseNumber, parsePort } from './numbers.ts';
import { endWithoutReader, outputLost } from './output.ts';
import { writeJson } from './report-json.ts';
import type { CommonOptions } from './shell.ts';

let exitCode: ExitCode = ExitCode.done;

function journalCommands(program: Command): void {
  program
    .command('history')
    .description('every job there was, with its board, its files and how it ended')
    .option('--unit <text>', "part of a board's name or serial number, or its port")
    .option('--search <text>', 'part of a file name, hash, error or id')
    .addOption(new Option('--ended <how>', 'how they ended').choices(historyEnds))
    .option('--since <day>', 'begun then or later (UTC), such as 2026-11-21', parseMoment)
    .option('--limit <number>', 'only so many, the newest', parseNumber)
    .option('--csv <file>', 'write them to a new file, for spreadsheets')
    .option('--json', 'one JSON object a line instead of text')
    .option('-v, --verbose', 'notes on what happens, to standard error')
    .action(does((options: HistoryOptions) => history(options)));
  boardCommand(program, 'resume', 'jobs and batches that ended half-way: list them, go on with one')
    .argument('[id]', 'the job or batch to go on with, or the beginning of its id')
    .option('--discard', 'put it away: nothing will be done about it')
    .option('-y, --yes', 'confirm the plan without asking; never answers a danger')
    .option('--log <file>', 'of a batch: a table with a row for each board; goes on with one that is there')
    .action(does((id: string | undefined, options: ResumeOptions) => resume(id, options)));
}

function does<A extends unknown[]>(action: (...args: A) => Promise<ExitCode>): (...args: A) => Promise<void> {
  return async (...args) => {
    exitCode = await action(...args);
  };
}

function buildProgram(): Command {
  const program = new Command('rekindle')
    .description(
      'Flashes boards that are updated over USB: plans, backs up, writes, compares, and tells the truth.',
    )
    .version(version)
    // An option that a command and one under it have belongs to the one it stands behind.
    .enablePositionalOptions()
    .showHelpAfterError('(rekindle --help shows what can be said)');

  boardCommand(program, 'devices', 'what is plugged in, and in which mode')
    .option('-w, --watch', 'go on, and show what comes and goes')
    .option('-a, --all', 'everything on USB')
    .action(does((options: DevicesOptions) => devices(options)));
  boardCommand(program, 'info', 'all that a board says of itself, memories included').action(
    does((options: CommonOptions) => info(options)),
  );
  waitOptions(
    flashOptions(boardCommand(program, 'flash', 'install firmware: back up, erase, write, compare, start')),
  )
    .argument('<files...>', 'firmware files; - for standard input')
    .action(does((files: string[], options: FlashOptions) => flash(files, options)));
  addUpdateCommand(program, does);
  const many = boardCommand(program, 'batch', 'flash boards as they are plugged in, until enough are done');
  addBatchOptions(flashOptions(many), does);
  waitOptions(flashOptions(boardCommand(program, 'restore', 'put a backup back')))
    .argument('<file>', 'the backup')
    .action(does((file: string, options: FlashOptions) => restore(file, options)));
  boardCommand(program, 'backup', 'read a board into a file; changes nothing on it')
    .argument('[out]', 'file or folder; the backups folder otherwise')
    .option('--address <address>', 'read from here', parseNumber)
    .option('--length <bytes>', 'read this many bytes', parseNumber)
    .option('--twice', 'read it all a second time, and compare, before it is saved')
    .option('--raw', 'plain bytes instead of a .dfu file')
    .option('--leave', 'start the program afterwards')
    .option('--reset', 'detach and reset the port at the end')
    .option('--allow <danger>', 'unsupported-board: a board known by name only', collect)
    .action(does((out: string | undefined, options: BackupOptions) => backup(out, options)));
  backupsCommand(program, does);
  boardCommand(program, 'detach', 'from its program to flash mode, and nothing else')
    .option('--allow <danger>', 'unsupported-board: a board known by name only', collect)
    .action(does((options: DetachOptions) => detach(options)));
  boardCommand(program, 'leave', 'start the program of a board in flash mode')
    .option('--address <address>', 'where the program starts', parseNumber)
    .option('--allow <danger>', 'unsupported-board: a board known by name only', collect)
    .action(does((options: ChipOptions) => chip('leave', options)));
  boardCommand(program, 'reset', 'detach and reset the port')
    .option('--allow <danger>', 'unsupported-board: a board known by name only', collect)
    .action(does((options: ChipOptions) => chip('reset', options)));
  for (const command of ['mass-erase', 'read-unprotect'] as const) {
    boardCommand(
      program,
      command,
      command === 'mass-erase' ? 'erase the whole chip' : 'lift read protection, which erases the whole chip',
    )
      .option('--allow <danger>', `needs --allow ${command}`, collect)
      .option('-n, --dry-run', 'change nothing')
      .action(does((options: ChipOptions) => chip(command, options)));
  }
  journalCommands(program);
  addFileCommands(program, does);
  addProfilesCommand(program, does);
  addSourcesCommand(program, does);
  program
    .command('rights')
    .description('what lets your account open boards: show it, install it, remove it')
    .option('--install', "install the rule, with an administrator's password")
    .option('--remove', 'take it away again')
    .option('--json', 'one JSON object a line instead of text')
    .option('-v, --verbose', 'notes on what happens, to standard error')
    .action(does((options: RightsCommandOptions) => rights(options)));
  program
    .command('version')
    .description('which Rekindle this is, and whether a newer one is known; only --check asks the network')
    .option('--check', 'look for a newer release now')
    .option('--json', 'one JSON object a line instead of text')
    .option('-v, --verbose', 'notes on what happens, to standard error')
    .action(does((options: VersionOptions) => tellVersion(options)));
  program
    .command('bench')
    .description('virtual boards for other programs, over USB/IP on 127.0.0.1; or a hand on them')
    .argument('[action...]', `with --at: ${Object.keys(benchVerbs).join(', ')}; then port and control`)
    .option(
      '--board <names>',
      `${boardNames.join(', ')}; several with commas; NAME:app, NAME:dfu, NAME:unplugged`,
    )
    .option('--usbip <port>', 'TCP port; 0 for any free one', parsePort, 3240)
    .option('--at <address>', 'move the boards of a running bench, at the address it has printed')
    .option('--faults <file>', 'misfortunes, as JSON')
    .option('--time-scale <factor>', 'speed; 0 makes flash instant', parseFactor)
    .option('--json', 'one JSON object a line instead of text')
    .action(does((words: readonly string[], options: BenchCommandOptions) => bench(words, options)));
  program
    .command('demo')
    .description('flash a virtual NanoVNA, to see how it goes')
    .option('--json', 'one JSON object a line instead of text')
    .action(does((options: { json?: boolean }) => demo(options)));
  return program;
}

/** The parser has told people already; programs get their line. */
function tellUsage(error: CommanderError): ExitCode {
  if (error.exitCode === 0) return ExitCode.done;
  const detail = error.message.replace(/^error: /, '');
  if (!process.argv.includes('--json')) return ExitCode.usage;
  const params = { detail };
  const words = errorText('usage', params, platform);
  writeJson('error', { exitCode: ExitCode.usage, code: 'usage', params, ...words });
  return ExitCode.usage;
}

function tellError(error: unknown, json: boolean): ExitCode {
  const known = toFlashError(error);
  const words = errorText(known.code, known.params as never, platform);
  const code = exitCodeOfError(known.code);
  if (json) writeJson('error', { exitCode: code, code: known.code, params: known.params, ...words });
  else
    process.stderr.write(
      `rekindle: ${cleanText(words.title)}.\n${words.advice.split('\n').map(cleanText).join('\n')}\n`,
    );
  if (isFlashError(error) || !process.argv.includes('--verbose')) return code;
  process.stderr.write(`${error instanceof Error ? (error.stack ?? '') : ''}\n`);
  return code;
}

endWithoutReader(() => exitCode);
// Whatever nobody caught is our mistake, and has its own exit code.
process.on('uncaughtException', (error) => {
  process.exit(tellError(error, process.argv.includes('--json')));
});

const program = buildProgram();
const commands = program.commands.flatMap((command) => [command, ...command.commands]);
for (const command of [program, ...commands]) command.exitOverride();
try {
  await program.parseAsync();
} catch (error) {
  exitCode =
    error instanceof CommanderError ? tellUsage(error) : tellError(error, process.argv.includes('--json'));
}
if (!process.argv.includes('--json') && !process.argv.includes('version')) await tellOfNewerRelease();
// Done, but whoever should read it did not get all of it: that is not success.
process.exitCode = exitCode === ExitCode.done && outputLost() ? ExitCode.cannotCreate : exitCode;
