// What is known of one board that counts for which firmware it takes: asked of the board, because somebody wants to know.
import type { BoardStanding, VersionFrom } from '../../shared/board-updates.ts';
import { versionNameOf } from '../../shared/board-updates.ts';
import type { NamedVersion } from '../../shared/families.ts';
import type { Profile } from '../../shared/profile.ts';
import type { Wait } from '../base/wait.ts';
import { askUnlessBusy } from './families/ask-boards.ts';
import { recall } from './families/heard.ts';
import { readProgram } from './read-program.ts';
import type { Services } from './services.ts';
import type { Sighting } from './survey.ts';

/** A board with its profile, where it is known which it is. */
export interface StandingBoard {
  readonly standing: BoardStanding;
  readonly profile: Profile | undefined;
}

/**
 * Asks the program where it runs, and reads in flash mode; nothing on the board is changed. What cannot be heard is not known.
 * @throws FlashError `job.aborted`
 */
export async function standingOf(services: Services, sighting: Sighting, wait: Wait): Promise<StandingBoard> {
  return sighting.recognised.mode === 'dfu'
    ? await inFlashMode(services, sighting, wait)
    : await inProgram(services, sighting, wait);
}

/**
 * The same as far as it is known already: nothing is opened. Of a board in flash mode no version is told, as a job may have come between
 * what its program said and now.
 */
export function standingUnasked(services: Services, sighting: Sighting): StandingBoard {
  const says = recall(services.heard, sighting.bus, sighting.facts)?.says;
  const profile = profileBy(services, sighting, says?.profile);
  const versions = sighting.recognised.mode === 'dfu' ? undefined : says?.versions;
  return standingFor(sighting, profile, says?.name, undefined, versions, 'program');
}

async function inProgram(services: Services, sighting: Sighting, wait: Wait): Promise<StandingBoard> {
  const says = await askUnlessBusy(services, sighting, wait);
  const profile = profileBy(services, sighting, says?.profile);
  return standingFor(sighting, profile, says?.name, undefined, says?.versions, 'program');
}

async function inFlashMode(services: Services, sighting: Sighting, wait: Wait): Promise<StandingBoard> {
  const before = recall(services.heard, sighting.bus, sighting.facts)?.says;
  const { loader, version } = await readProgram(services, sighting, wait);
  const profile = profileBy(services, sighting, loader?.profile ?? before?.profile);
  const record = loader?.facts.find((fact) => fact.code === 'odrive-board');
  const name = loader?.name ?? before?.name;
  // What it holds now goes before what it said then: a job may have come between.
  return version === undefined && before !== undefined
    ? standingFor(sighting, profile, name, record?.board, before.versions, 'program-before')
    : standingFor(sighting, profile, name, record?.board, version === undefined ? [] : [version], 'flash');
}

/** What the board itself proves goes before all else; a family of bootloaders is no board. */
function profileBy(
  { profiles }: Services,
  { report }: Sighting,
  proven: string | undefined,
): Profile | undefined {
  const generic = report.candidates.some((one) => one.generic && one.profile === report.profile);
  const id = proven ?? (generic ? undefined : report.profile);
  return profiles.find((one) => one.id === id);
}

function standingFor(
  { report, bus }: Sighting,
  profile: Profile | undefined,
  name: string | undefined,
  variant: string | undefined,
  versions: readonly NamedVersion[] | undefined,
  from: VersionFrom,
): StandingBoard {
  const of = versionNameOf(profile);
  const found = versions?.find((one) => one.of === of);
  return {
    profile,
    standing: {
      portPath: report.portPath,
      profile: profile?.id,
      name: name ?? profile?.name ?? report.name,
      virtual: bus.virtual,
      variant,
      version: found === undefined ? undefined : { ...found, from },
    },
  };
}
