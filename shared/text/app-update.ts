// Words for a newer release of Rekindle itself.
import {
  releaseOf,
  type AppUpdateSnapshot,
  type ReleaseLooks,
  type SelfUpdateObstacle,
} from '../app-update.ts';
import type { ReleaseErrorCode } from '../errors/release-codes.ts';
import { formatBytes } from '../units.ts';
import type { ErrorTexts } from './errors.ts';

const jobsText = (jobs: number): string => (jobs === 1 ? 'a job runs or waits' : `${jobs} jobs run or wait`);

/** Why a newer release is only told of, and where it is had. */
const obstacleTexts: { readonly [why in SelfUpdateObstacle]: string } = {
  package: 'This Rekindle came as a package of your system: install the newer one the same way.',
  server: 'This Rekindle does not replace itself: get the newer one where you got this one.',
  'not-signed':
    'This Rekindle was built without the means to replace itself: get the newer one where you got this one.',
  'not-writable':
    'Your account may not change the file Rekindle runs from: have it replaced by somebody who may.',
};

export const noReleasesTexts = {
  'no-address': 'No address of releases is built into this Rekindle, so newer ones cannot be looked for.',
  'switched-off': 'Newer releases of Rekindle are not looked for: that is switched off in the settings.',
} as const;

export const releaseWords = {
  title: 'Rekindle itself',
  news: 'News of Rekindle',
  looks: 'Look for new releases of Rekindle',
  looksChoices: { never: 'Never', 'when-asked': 'When I ask', daily: 'Once a day' } satisfies {
    readonly [choice in ReleaseLooks]: string;
  },
  lookNow: 'Look now',
  get: 'Get it',
  later: 'Later',
  install: 'Restart and install',
  cancel: 'Do not fetch it',
  whatIsNew: 'What is new',
  hint: 'Nothing is fetched before you say so, and nothing is installed while a job runs.',
  notes: 'What is new in it',
  page: 'Releases',
  copy: 'Copy the address',
} as const;

/** The one line about a newer release; undefined where there is none. */
export function releaseLine(snapshot: AppUpdateSnapshot): string | undefined {
  const release = releaseOf(snapshot);
  if (release === undefined) return undefined;
  const { state, obstacle, jobs } = snapshot;
  const name = `Rekindle ${release.version}`;
  switch (state.is) {
    case 'off':
    case 'idle':
      return undefined;
    case 'known':
      return obstacle === undefined
        ? `${name} is available.`
        : `${name} is available. ${obstacleTexts[obstacle]}`;
    case 'asked':
      return `${name} is fetched once no job runs: ${jobsText(Math.max(1, jobs))}.`;
    case 'fetching':
      return state.totalBytes === 0
        ? `Fetching ${name} ...`
        : `Fetching ${name}: ${formatBytes(state.doneBytes)} of ${formatBytes(state.totalBytes)}.`;
    case 'ready':
      return jobs === 0
        ? `${name} is here and checked.`
        : `${name} is here and checked. It can be installed once no job runs: ${jobsText(jobs)}.`;
    case 'installing':
      return `${name} is installed. Rekindle ends now, and starts again.`;
  }
}

/** How things stand, where no newer release is known. */
export function releaseStanding({ state, lookedAt, looking }: AppUpdateSnapshot): string {
  if (state.is === 'off') return noReleasesTexts[state.why];
  if (looking) return 'Looking ...';
  if (lookedAt === undefined) return 'Nobody has looked yet.';
  const when = `${lookedAt.slice(0, 16).replace('T', ' ')} UTC`;
  return state.is === 'idle' ? `There was no newer one on ${when}.` : `Looked at on ${when}.`;
}

/** What the terminal says of a newer release, at the end of something else. */
export function releaseInTerminal(version: string, page: string): string {
  return `Rekindle ${version} is available: ${page}`;
}

/** "rekindle version", a line each. */
export function versionLines(version: string, snapshot: AppUpdateSnapshot): string[] {
  const release = releaseOf(snapshot);
  if (release === undefined)
    return [
      `rekindle ${version}`,
      releaseStanding(snapshot),
      ...(snapshot.state.is === 'idle' && snapshot.lookedAt === undefined
        ? ['"rekindle version --check" does.']
        : []),
    ];
  return [
    `rekindle ${version}`,
    releaseInTerminal(release.version, snapshot.page ?? ''),
    releaseStanding(snapshot),
    ...(release.notes === '' ? [] : ['', ...release.notes.split('\n')]),
  ];
}

/** A part of the table in `errors.ts`. */
export const releaseErrorTexts: Pick<ErrorTexts, ReleaseErrorCode> = {
  'release.off': ({ why }) => ({
    title: noReleasesTexts[why].replace(/\.$/, ''),
    advice:
      why === 'no-address'
        ? 'Look where you got it.'
        : 'Choose "When I ask" or "Once a day" there, and look again.',
  }),
  'release.busy': ({ jobs }) => ({
    title: `Rekindle is not replaced now: ${jobsText(jobs)}`,
    advice: 'Let it end, or stop it, and say so again.',
  }),
  'release.not-here': ({ version, why }) => ({
    title:
      why === 'no-file'
        ? `Rekindle ${version} has no package for this system that replaces this one`
        : `Rekindle ${version} is not installed from here`,
    advice: why === 'no-file' ? 'Look at its page of releases.' : obstacleTexts[why],
  }),
  'release.not-installed': ({ version, reason }) => ({
    title: `Rekindle ${version} was not installed (${reason})`,
    advice: 'The Rekindle you have is as it was. Try again, or install the newer one yourself.',
  }),
};
