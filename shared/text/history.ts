// Words for jobs of the past, and for those that are open.
import { formatRange } from '../hex.ts';
import type { ClosedWhy, HistoryEntry, OpenJob, RecordedKind, RegionRanges } from '../history.ts';
import { totalSize } from '../ranges.ts';
import { formatBytes, formatDuration } from '../units.ts';
import { stepTexts } from './plan.ts';
import { resultText } from './results.ts';
import { whyNotResumed } from './store-errors.ts';

export const kindTexts: { readonly [kind in RecordedKind]: string } = {
  flash: 'flash',
  backup: 'backup',
  compare: 'compare with a backup',
  detach: 'into flash mode',
  'mass-erase': 'erase everything',
  'read-unprotect': 'lift read protection',
  leave: 'start the program',
  reset: 'reset',
};

/** Of jobs that have no result of their own. */
export const closedTexts: { readonly [why in ClosedWhy]: string } = {
  ended: 'Ended',
  resumed: 'Rekindle ended before it did; gone on with later',
  superseded: 'Rekindle ended before it did; another job took over later',
  discarded: 'Rekindle ended before it did; put away',
  untouched: 'Rekindle ended before anything was changed',
  gone: 'The virtual board ended with Rekindle',
};

/** What came after a job that ended half-way. */
const laterTexts: { readonly [why in ClosedWhy]: readonly string[] } = {
  ended: [],
  resumed: ['Gone on with later'],
  superseded: ['Another job took over later'],
  discarded: ['Put away'],
  untouched: [],
  gone: [],
};

/** Letters of an id that are enough to name a job. */
export const shortIdLetters = 8;

/** How a job ended, in a sentence without its stop. */
export function endText({ result, closed }: HistoryEntry): string {
  // Its own words say how the board was then.
  if (result !== undefined)
    return [resultText(result).title, ...(closed === undefined ? [] : laterTexts[closed.why])].join('. ');
  return closed === undefined ? 'Not ended' : closedTexts[closed.why];
}

/** One job of the history. */
export function historyLines(entry: HistoryEntry): string[] {
  const { id, kind, startedAt, unit, images, durationMs, backup } = entry;
  const files = images.length === 0 ? '' : ` of ${images.map(({ name }) => name).join(', ')}`;
  const took = durationMs === undefined ? '' : ` (${formatDuration(durationMs)})`;
  return [
    `${startedAt.slice(0, 16).replace('T', ' ')}  ${id.slice(0, shortIdLetters)}  ${kindTexts[kind]}${files}`,
    `    ${unit.virtual ? 'virtual ' : ''}${unit.board}, port ${unit.portPath}${unit.serial === '' ? '' : `, serial ${unit.serial}`}`,
    `    ${endText(entry)}${took}`,
    ...(backup === undefined ? [] : [`    Backup: ${backup.path}`]),
  ];
}

/** What an open job left, and what is proposed. */
export function openJobLines(job: OpenJob): string[] {
  const { id, kind, startedAt, unit, images, lastStep, backup } = job;
  const files = images.length === 0 ? '' : ` of ${images.map(({ name }) => name).join(', ')}`;
  return [
    `${startedAt.slice(0, 16).replace('T', ' ')}  ${id.slice(0, shortIdLetters)}  ${kindTexts[kind]}${files}`,
    `    ${unit.virtual ? 'virtual ' : ''}${unit.board}, port ${unit.portPath}`,
    ...(lastStep === undefined ? [] : [`    It got as far as: ${stepTexts[lastStep].before}`]),
    ...leftLines(job).map((line) => `    ${line}`),
    ...(job.journalLost ? [`    ${lostText(job)}`] : []),
    ...(job.verified ? ['    All that was written was compared.'] : []),
    ...(backup === undefined
      ? []
      : [`    Backup: ${backup.path}${job.backupThere ? '' : ' (not there any more)'}`]),
    `    ${proposalText(job)}`,
  ];
}

/** Why not all is known. */
export function lostText({ inDoubt }: Pick<OpenJob, 'inDoubt'>): string {
  return inDoubt.length > 0
    ? 'It could not be recorded to its end.'
    : 'It could not be recorded what it changed: the board may hold anything.';
}

/** Which bytes of the board are what. */
export function leftLines(job: Pick<OpenJob, 'written' | 'erased' | 'inDoubt'>): string[] {
  return [
    ...rangeLines('Written', job.written),
    ...rangeLines('Erased, and not written', job.erased),
    ...rangeLines('May hold anything', job.inDoubt),
  ];
}

function rangeLines(what: string, all: readonly RegionRanges[]): string[] {
  return all.map(({ ranges }) => {
    const places = ranges.slice(0, 3).map(formatRange).join(', ');
    return `${what}: ${formatBytes(totalSize(ranges))} at ${places}${ranges.length > 3 ? ', ...' : ''}`;
  });
}

/** A sentence. */
export function proposalText({ proposal, process }: OpenJob): string {
  switch (proposal.do) {
    case 'resume':
      return 'It can be gone on with: the board is read, and only what is missing is written.';
    case 'restore':
      return `Its backup can be put back: ${whyNotResumed[proposal.why]}.`;
    case 'nothing':
      return proposal.why === 'still-runs'
        ? `It still runs (${process.shell}, process ${process.pid}).`
        : `Nothing can be done about it: ${whyNotResumed[proposal.why]}.`;
  }
}
