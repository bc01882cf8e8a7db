// The options of "rekindle sources" and its verbs.
import type { Command } from 'commander';
import type { ExitCode } from '../../shared/result.ts';
import {
  addSource,
  makeIndexFile,
  pinKey,
  removeSource,
  type AddOptions,
  type IndexCommandOptions,
} from './commands/sources-change.ts';
import {
  checkSources,
  listSources,
  showSources,
  type CheckOptions,
  type SourcesOptions,
} from './commands/sources.ts';

/** Adds it to the program. @param does keeps the exit code */
export function addSourcesCommand(
  program: Command,
  does: <A extends unknown[]>(action: (...args: A) => Promise<ExitCode>) => (...args: A) => Promise<void>,
): void {
  const sources = program
    .command('sources')
    .description('where firmware comes from; only "check" asks the network');
  const verb = (name: string, summary: string, isDefault = false): Command =>
    sources
      .command(name, { isDefault })
      .description(summary)
      .option('--json', 'one JSON object a line instead of text')
      .option('-v, --verbose', 'notes on what happens, to standard error');
  verb('list', 'of every board that has some', true).action(
    does((options: SourcesOptions) => listSources(options)),
  );
  verb('show', 'those of one board, and what they had when last looked at')
    .argument('<board>', 'as "profiles list" prints it')
    .action(does((board: string, options: SourcesOptions) => showSources(board, options)));
  verb('check', 'look for firmware now')
    .argument('[boards...]', 'otherwise those that were looked for before')
    .option('--kept', 'tell what is kept of earlier looks, and ask nobody')
    .action(does((boards: string[], options: CheckOptions) => checkSources(boards, options)));
  verb('add', 'a source of your own')
    .argument('<board>', 'as "profiles list" prints it')
    .argument('<where>', 'address of an index, or a folder')
    .option('--id <name>', 'what it is called here')
    .option('--key <key>', 'whose signature the index must bear: 32 bytes in base64')
    .option('--channel <channel>', 'stable (otherwise) or pre-release')
    .option('--files <pattern>', "of a folder: names, as 'rocket_{version}.bin'; may be given again", collect)
    .action(does((board: string, where: string, options: AddOptions) => addSource(board, where, options)));
  verb('remove', 'take back a source you added')
    .argument('<board>')
    .argument('<id>')
    .action(does((board: string, id: string, options: SourcesOptions) => removeSource(board, id, options)));
  verb('pin', 'the key an index must be signed with from now on')
    .argument('<board>')
    .argument('<id>')
    .argument('[key]', '32 bytes in base64; without it, your key is forgotten')
    .action(
      does((board: string, id: string, key: string | undefined, options: SourcesOptions) =>
        pinKey(board, id, key, options),
      ),
    );
  verb('index', 'make an index of a folder, to be published')
    .argument('<folder>')
    .option(
      '--firmware <which>',
      "BOARD=NAME or BOARD@VARIANT=NAME, as 'acme-rocket=rocket_{version}.bin'; may be given again",
      collect,
    )
    .option('--name <name>', "what the index is called; the folder's name otherwise")
    .option('--base <address>', 'where the files will lie; beside the index otherwise')
    .option('--channel <channel>', 'stable (otherwise) or pre-release')
    .option('--bootloader <version>', 'the smallest bootloader they need')
    .option('--sign <file>', 'with this Ed25519 key, PEM')
    .option('--out <file>', 'index.json in the folder otherwise; an older index is replaced')
    .action(does((folder: string, options: IndexCommandOptions) => makeIndexFile(folder, options)));
}

function collect(value: string, before: string[] = []): string[] {
  return [...before, value];
}
