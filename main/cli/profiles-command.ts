// The options of "rekindle profiles" and its three verbs.
import type { Command } from 'commander';
import type { ExitCode } from '../../shared/result.ts';
import { listProfiles, showProfile, validateProfiles, type ProfilesOptions } from './commands/profiles.ts';

/** Adds it to the program. @param does keeps the exit code */
export function addProfilesCommand(
  program: Command,
  does: <A extends unknown[]>(action: (...args: A) => Promise<ExitCode>) => (...args: A) => Promise<void>,
): void {
  const profiles = program.command('profiles').description('boards Rekindle knows, and those you describe');
  const verb = (name: string, summary: string, isDefault = false): Command =>
    profiles
      .command(name, { isDefault })
      .description(summary)
      .option('--json', 'one JSON object a line instead of text')
      .option('-v, --verbose', 'notes on what happens, to standard error');
  verb('list', 'all of them, or those in which every word is found', true)
    .argument('[words...]', 'parts of a name, a maker or ids')
    .action(does((words: string[], options: ProfilesOptions) => listProfiles(words, options)));
  verb('show', 'all that is known of one')
    .argument('<id>', 'as "list" prints it')
    .action(does((id: string, options: ProfilesOptions) => showProfile(id, options)));
  verb('validate', 'what is wrong with files that describe boards')
    .argument('<files...>', 'as docs/profiles.md says')
    .action(does((files: string[], options: ProfilesOptions) => validateProfiles(files, options)));
}
