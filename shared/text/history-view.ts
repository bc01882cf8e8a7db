// Words of the history's screens, and of what earlier jobs left.
import type {
  HistoryCounts,
  HistoryEntry,
  HistoryEnd,
  KnownUnit,
  OpenJob,
  RecordedUnit,
} from '../history.ts';
import { isTelling } from '../serial-worth.ts';
import { formatIds } from '../hex.ts';
import { totalSize } from '../ranges.ts';
import { formatBytes } from '../units.ts';
import { endText, kindTexts, lostText } from './history.ts';

const jobs = (count: number): string => (count === 1 ? '1 job' : `${count} jobs`);

/** Words of the list of jobs, and of one. */
export const historyWords = {
  title: 'History',
  back: 'History',
  list: 'Jobs, newest first',
  none: 'No jobs yet',
  noneText: 'Every flash and every backup is kept here, with its board, its files and how it ended.',
  nothingFound: 'No job fits these words.',
  search: 'Search jobs',
  searchHint: 'Board, serial number, file or error',
  ended: 'How it ended',
  ends: {
    any: 'Any way',
    well: 'Well',
    badly: 'Not well',
    never: 'Not ended',
  } satisfies Readonly<Record<HistoryEnd | 'any', string>>,
  since: 'Begun',
  sinces: {
    any: 'At any time',
    day: 'In the last 24 hours',
    week: 'In the last 7 days',
    month: 'In the last 30 days',
  },
  boards: 'On',
  which: { all: 'All boards', real: 'Real boards', virtual: 'Virtual boards' },
  more: 'Show older ones',
  table: 'Save as table',
  json: 'Save as JSON',
  fileName: 'rekindle-history',
  saved: 'The file is among your downloads',
  units: 'By board',
  toUnit: 'All of this board',
  lastJob: 'last',
  known: 'What is known of it',
  steps: 'Steps',
  noSteps: 'No step of it is recorded.',
  board: 'Board',
  when: 'When',
  files: 'File',
  plan: 'Plan',
  backup: 'Backup',
  program: 'Done by',
  chip: 'Chip',
  profile: 'Profile',
  serial: 'Serial number',
  port: 'Port',
  ids: 'USB ids',
  toBackups: 'Show the backups',
  backupsOf: 'Backups of it',
  noBackups: 'None in the library',
  jobsOf: 'Its jobs',
  gone: 'The history does not know this job',
  error: 'Error',
  stillOpen: 'It is not over: something is left to do',
} as const;

/** How many real jobs there are; virtual boards count only where they were asked for. */
export function countsText({ jobs: all, done }: HistoryCounts, virtual: boolean): string {
  const on = virtual ? 'on virtual boards' : 'on real boards';
  return all === 0 ? `No jobs ${on}` : `${jobs(all)} ${on}, ${done} ended well`;
}

/** `Flash of nanovna.dfu`. */
export function pastTitle({ kind, images }: Pick<HistoryEntry, 'kind' | 'images'>): string {
  const what = kindTexts[kind];
  const title = `${what.slice(0, 1).toUpperCase()}${what.slice(1)}`;
  return images.length === 0 ? title : `${title} of ${images.map(({ name }) => name).join(', ')}`;
}

/** How it ended, and whether that was well; undefined where something came after it, or no end of its own is known. */
export function pastEnd(entry: HistoryEntry): { readonly words: string; readonly good: boolean | undefined } {
  const { result, closed } = entry;
  const isPast = closed !== undefined && closed.why !== 'ended';
  return {
    words: endText(entry),
    good: result === undefined || isPast ? undefined : result.outcome === 'done',
  };
}

/** Where a board is known by: its serial number where it has one of its own, its port where not. */
export function placeOfUnit({ serial, portPath }: RecordedUnit): string {
  return isTelling(serial) ? `serial ${serial}` : `port ${portPath}`;
}

/** `3 jobs`. */
export function unitJobs({ jobs: count }: KnownUnit): string {
  return jobs(count);
}

/** `0483:df11`. */
export function unitIds({ vendorId, productId }: RecordedUnit): string {
  return formatIds(vendorId, productId);
}

/** Words around jobs that are not over. */
export const openJobWords = {
  title: 'Not finished',
  resume: 'Continue',
  restore: 'Restore its backup',
  discard: 'Put away',
  details: 'What is known',
  gone: 'This job is over, or was put away',
  discardTitle: 'Put this job away?',
  discardText:
    'Nothing on the board changes, and the backups stay. Rekindle then forgets how far it got, and does not propose to continue.',
  discarded: 'Put away. The backups stay',
  cancel: 'Keep it',
  noMap: 'The memory of this board is drawn once it is plugged in.',
  noBackup: 'No backup was made.',
  backupThere: 'What was on it before is backed up.',
  backupGone: 'A backup was made, and is not where it was any more.',
  backupElsewhere: (path: string): string =>
    `Its backup is not in the library: take it in under Backups. It lies at ${path}`,
  resumeText: 'Plug it into the same port, in flash mode. You are asked before anything is changed.',
  noted: 'Understood',
  inHistory: 'Its place in the history',
  asFarAs: (step: string): string => `It got as far as: ${step}`,
  goesOn: {
    kept: 'Boards can be flashed all the same.',
    lost: 'Boards can be flashed all the same; what is done meanwhile may not be kept here.',
  },
} as const;

/** What became of it, as a title. */
export function openJobTitle({ state, unit, images, kind }: OpenJob): string {
  const what = images.length === 0 ? kindTexts[kind] : images.map(({ name }) => name).join(', ');
  return state === 'died'
    ? `Rekindle ended while it worked on ${unit.board} (${what})`
    : `${unit.board} was left half-way (${what})`;
}

/** How much of it is known to be what, a line each. */
export function openJobAmounts(job: OpenJob): string[] {
  const size = (all: OpenJob['written']): number => totalSize(all.flatMap(({ ranges }) => ranges));
  const amounts = [
    [size(job.written), 'written'],
    [size(job.erased), 'erased, and not written'],
    [size(job.inDoubt), 'may hold anything'],
  ] as const;
  const lines = amounts.flatMap(([bytes, words]) => (bytes === 0 ? [] : [`${formatBytes(bytes)} ${words}`]));
  return [
    ...lines,
    ...(job.journalLost ? [asPiece(lostText(job))] : []),
    job.verified ? 'all that was written was compared' : 'not compared',
  ];
}

/** Without its capital and its full stop. */
function asPiece(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1, -1);
}

/** Whether there is a way back. */
export function openJobBackup(job: OpenJob & { readonly backupId: string | undefined }): string {
  if (job.backup === undefined) return openJobWords.noBackup;
  if (!job.backupThere) return openJobWords.backupGone;
  return job.backupId === undefined
    ? openJobWords.backupElsewhere(job.backup.path)
    : openJobWords.backupThere;
}
