// Where firmware comes from: listed, looked at, added to. The network is asked by "check" alone.
import { FlashError } from '../../../shared/errors/flash-error.ts';
import type { FirmwareLook } from '../../../shared/firmware.ts';
import type { Profile } from '../../../shared/profile.ts';
import { ExitCode, exitCodeOfError } from '../../../shared/result.ts';
import { cleanText } from '../../../shared/text/clean.ts';
import { lookLines, pageLines, sourcesTexts, sourceText } from '../../../shared/text/sources.ts';
import {
  boardsLookedFor,
  loadOwnSources,
  loadProfiles,
  lookForUpdates,
  pagesOf,
  realClock,
  sourcesOf,
  startWait,
  updateServices,
  type UpdateServices,
} from '../../core.ts';
import { platform, terminalHost } from '../host.ts';
import { listenForInterrupt } from '../interrupt.ts';
import { writeJson } from '../report-json.ts';
import { openTerminalLog } from '../terminal-log.ts';

export interface SourcesOptions {
  readonly json?: boolean;
  readonly verbose?: boolean;
}

/** What the verbs work on. */
export interface SourcesPlace {
  readonly services: UpdateServices;
  readonly profiles: readonly Profile[];
}

export async function openSources(options: SourcesOptions): Promise<SourcesPlace> {
  const { log } = await openTerminalLog(options.verbose === true);
  const host = terminalHost(log);
  const { profiles } = await loadProfiles(host.paths.profiles, log);
  return { services: updateServices(host, realClock), profiles };
}

/** @throws FlashError `usage` for a board we do not know */
export function boardNamed({ profiles }: SourcesPlace, id: string): Profile {
  const profile = profiles.find((one) => one.id === id);
  if (profile !== undefined) return profile;
  throw new FlashError('usage', { detail: `There is no profile "${id}"; "rekindle profiles" lists them` });
}

/** Every board that has sources. */
export async function listSources(options: SourcesOptions): Promise<ExitCode> {
  const place = await openSources(options);
  const own = await loadOwnSources(place.services);
  for (const profile of place.profiles) {
    const sources = sourcesOf(profile, own);
    if (sources.length === 0) continue;
    if (options.json === true) {
      writeJson('sources', {
        board: profile.id,
        sources: sources.map(({ source, own: added }) => ({ ...source, own: added })),
      });
      continue;
    }
    say([profile.id]);
    for (const { source, own: added } of sources)
      say([`  ${source.id}: ${sourceText(source)}${added ? ` (${sourcesTexts.own})` : ''}`]);
  }
  return ExitCode.done;
}

/** The sources of one board, and what they had when they were last looked at. Nobody is asked. */
export async function showSources(id: string, options: SourcesOptions): Promise<ExitCode> {
  const place = await openSources(options);
  const profile = boardNamed(place, id);
  const sources = sourcesOf(profile, await loadOwnSources(place.services));
  if (options.json === true)
    writeJson('sources', { board: id, sources: sources.map(({ source, own }) => ({ ...source, own })) });
  else if (sources.length === 0) say([sourcesTexts.none]);
  await tellLooks(place, profile, { ...options, ask: 'kept' });
  return ExitCode.done;
}

export interface CheckOptions extends SourcesOptions {
  readonly kept?: boolean;
}

/**
 * Looks now. Without names: every board that was looked for before. The exit code is that of the first thing that went wrong.
 * @throws FlashError `usage` for a board we do not know
 */
export async function checkSources(ids: readonly string[], options: CheckOptions): Promise<ExitCode> {
  const place = await openSources(options);
  const before = await boardsLookedFor(place.services);
  const boards =
    ids.length > 0
      ? ids.map((id) => boardNamed(place, id))
      : place.profiles.filter((profile) => before.has(profile.id));
  if (boards.length === 0)
    throw new FlashError('usage', {
      detail: 'Name a board; those that were looked for before are looked for again without one',
    });
  let code: ExitCode = ExitCode.done;
  for (const profile of boards) {
    const looks = await tellLooks(place, profile, {
      ...options,
      ask: options.kept === true ? 'kept' : 'sources',
    });
    for (const { problem } of looks)
      if (problem !== undefined && code === ExitCode.done) code = exitCodeOfError(problem.code);
  }
  return code;
}

async function tellLooks(
  { services }: SourcesPlace,
  profile: Profile,
  options: SourcesOptions & { readonly ask: 'sources' | 'kept' },
): Promise<readonly FirmwareLook[]> {
  const own = await loadOwnSources(services);
  using interrupt = listenForInterrupt('watch');
  const wait = startWait(realClock, 5 * 60_000, interrupt.abort);
  const looks = await lookForUpdates(services, profile, { wait, ask: options.ask });
  const pages = await pagesOf(services, profile);
  if (options.json === true) {
    for (const look of looks) writeJson('firmware-look', { look });
    for (const page of pages) writeJson('firmware-page', { page });
    return looks;
  }
  const known = sourcesOf(profile, own);
  say([`${profile.name} (${profile.id})`]);
  for (const look of looks) {
    const source = known.find((one) => one.source.id === look.source)?.source;
    say([`${look.source}: ${source === undefined ? look.kind : sourceText(source)}`]);
    say(lookLines(look, platform).map((line) => `  ${line}`));
  }
  for (const page of pages) say(pageLines(page));
  if (looks.length + pages.length === 0) say([sourcesTexts.none]);
  return looks;
}

export function say(lines: readonly string[]): void {
  for (const line of lines) for (const one of line.split('\n')) process.stdout.write(`${cleanText(one)}\n`);
}
