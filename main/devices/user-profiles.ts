// The boards a person has described, in a folder of their own. Whatever lies there, the program starts.
import { lstat, opendir } from 'node:fs/promises';
import path from 'node:path';
import { isFlashError } from '../../shared/errors/flash-error.ts';
import { limits } from '../../shared/limits.ts';
import type { Profile } from '../../shared/profile.ts';
import type { ProfileFileProblems, ProfileProblem } from '../../shared/profile-problem.ts';
import { cleanText } from '../../shared/text/clean.ts';
import type { Log } from '../log/log.ts';
import { readFileBounded } from '../store/atomic-file.ts';
import { builtInProfiles } from './profiles.ts';
import { readProfile, type ReadProfile } from './read-profile.ts';

/** Every board we know, and what could not be used. */
export interface LoadedProfiles {
  /** The program's own first, then the person's, each by name. */
  readonly profiles: readonly Profile[];
  readonly problems: readonly ProfileFileProblems[];
}

/** The built-in profiles and those of a folder; files beside `*.json` are nobody's business. Never rejects. */
export async function loadProfiles(folder: string, log: Log): Promise<LoadedProfiles> {
  const problems: ProfileFileProblems[] = [];
  const own: Profile[] = [];
  const taken = new Set(builtInProfiles.map((profile) => profile.id));
  const { names, more } = await listFolder(folder, problems);
  for (const name of names) {
    const read = await readProfileFile(path.join(folder, name), taken);
    if (read.profile === undefined) problems.push({ file: cleanText(name), problems: read.problems });
    else {
      taken.add(read.profile.id);
      own.push(read.profile);
    }
  }
  if (more)
    problems.push(
      about(folder, { code: 'too-many-files', path: '', params: { limit: limits.profileFiles } }),
    );
  for (const { file, problems: found } of problems) {
    log.write(
      'warn',
      'profiles',
      `${file} is not used: ${found.map(({ code, path: at }) => `${code} ${at}`).join(', ')}`,
    );
  }
  return {
    profiles: [...builtInProfiles, ...own.toSorted((a, b) => a.name.localeCompare(b.name, 'en'))],
    problems,
  };
}

/** One file, as somebody named it or as it lies in the folder. Never rejects. */
export async function readProfileFile(file: string, taken: ReadonlySet<string>): Promise<ReadProfile> {
  try {
    const entry = await lstat(file);
    if (!entry.isFile()) return problem({ code: 'not-a-file', path: '', params: {} });
    return readProfile(await readFileBounded(file, limits.profileBytes), path.basename(file), taken);
  } catch (error) {
    if (isFlashError(error, 'image.too-large'))
      return problem({ code: 'too-large', path: '', params: { limit: limits.profileBytes } });
    return problem({ code: 'unreadable', path: '', params: { reason: reasonOf(error) } });
  }
}

function problem(one: ProfileProblem): ReadProfile {
  return { profile: undefined, problems: [one] };
}

function about(folder: string, one: ProfileProblem): ProfileFileProblems {
  return { file: cleanText(path.basename(folder)), problems: [one] };
}

async function listFolder(
  folder: string,
  problems: ProfileFileProblems[],
): Promise<{ names: string[]; more: boolean }> {
  const names: string[] = [];
  let looked = 0;
  let more = false;
  try {
    for await (const { name } of await opendir(folder)) {
      if (++looked > limits.profileFolderEntries) more = true;
      if (more) break;
      if (/\.json$/i.test(name)) names.push(name);
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT')
      problems.push(about(folder, { code: 'unreadable', path: '', params: { reason: reasonOf(error) } }));
  }
  names.sort();
  return { names: names.slice(0, limits.profileFiles), more: more || names.length > limits.profileFiles };
}

function reasonOf(error: unknown): string {
  if (isFlashError(error, 'file.unreadable')) return error.params.reason;
  return (error as NodeJS.ErrnoException).code ?? 'unknown';
}
