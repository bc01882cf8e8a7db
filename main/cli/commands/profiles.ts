// Boards we know: listed, shown, and those that a person has written looked over.
import { FlashError } from '../../../shared/errors/flash-error.ts';
import type { Profile } from '../../../shared/profile.ts';
import { ExitCode } from '../../../shared/result.ts';
import { cleanText } from '../../../shared/text/clean.ts';
import { profileProblemText } from '../../../shared/text/profile-problems.ts';
import { profileLines, profileWords, supportTexts } from '../../../shared/text/profiles.ts';
import { builtInProfiles, loadProfiles, readProfileFile, type LoadedProfiles } from '../../core.ts';
import { terminalHost } from '../host.ts';
import { writeJson } from '../report-json.ts';
import { openTerminalLog } from '../terminal-log.ts';

export interface ProfilesOptions {
  readonly json?: boolean;
  readonly verbose?: boolean;
}

/** All boards we know, or those in which every word is found. */
export async function listProfiles(words: readonly string[], options: ProfilesOptions): Promise<ExitCode> {
  const { profiles, problems } = await load(options);
  const wanted = words.map((word) => word.toLowerCase());
  const found = profiles.filter((profile) => wanted.every((word) => profileWords(profile).includes(word)));
  if (options.json === true) {
    writeJson('profiles', { profiles: found, problems });
    return ExitCode.done;
  }
  const width = Math.max(0, ...found.map((profile) => profile.id.length));
  print(
    found.map(
      ({ id, name, maker, support }) => `${id.padEnd(width)}  ${name} (${maker}): ${supportTexts[support]}`,
    ),
  );
  if (found.length === 0) print(['No board we know fits that.']);
  if (problems.length > 0) print(['', 'Not used, because something is wrong with them:']);
  for (const { file, problems: wrong } of problems) {
    print([`  ${file}`, ...wrong.map((one) => `    ${profileProblemText(one)}`)]);
  }
  return ExitCode.done;
}

/** All that is known of one board. @throws FlashError `usage` for one we do not know */
export async function showProfile(id: string, options: ProfilesOptions): Promise<ExitCode> {
  const profile = (await load(options)).profiles.find((one) => one.id === id);
  if (profile === undefined)
    throw new FlashError('usage', { detail: `There is no profile "${id}"; "rekindle profiles" lists them` });
  if (options.json === true) writeJson('profile', { profile });
  else print(profileLines(profile));
  return ExitCode.done;
}

/** Everything that is wrong with files that describe boards. */
export async function validateProfiles(
  files: readonly string[],
  options: ProfilesOptions,
): Promise<ExitCode> {
  const taken = new Set(builtInProfiles.map((profile: Profile) => profile.id));
  let wrong = false;
  for (const file of files) {
    const { profile, problems } = await readProfileFile(file, taken);
    wrong ||= profile === undefined;
    if (profile !== undefined) taken.add(profile.id);
    if (options.json === true) {
      const told = problems.map((one) => ({ ...one, text: profileProblemText(one) }));
      writeJson('validated', { file, valid: profile !== undefined, problems: told });
      continue;
    }
    print([`${file}: ${profile === undefined ? 'not valid' : 'valid'}`]);
    print(problems.map((one) => `  ${profileProblemText(one)}`));
  }
  return wrong ? ExitCode.badFile : ExitCode.done;
}

async function load(options: ProfilesOptions): Promise<LoadedProfiles> {
  const { log } = await openTerminalLog(options.verbose === true);
  return await loadProfiles(terminalHost(log).paths.profiles, log);
}

function print(lines: readonly string[]): void {
  for (const line of lines) process.stdout.write(`${cleanText(line)}\n`);
}
