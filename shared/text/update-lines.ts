// What a terminal says of the updates of one board: the same words as the page's, in lines.
import type { BoardUpdates, JudgedOffer } from '../board-updates.ts';
import type { DigestState, KeptFirmware, SignatureState } from '../firmware.ts';
import { formatBytes } from '../units.ts';
import {
  comparisonText,
  lookText,
  offerButton,
  offerFileText,
  riskLines,
  standingText,
  updatesTitle,
  updateWords,
  vouchedText,
  wentBackText,
} from './board-updates.ts';
import { errorText, type Platform } from './errors.ts';
import { pageLines } from './sources.ts';

/** Lines of a maker's words that are shown; who writes more is read at the maker's. */
const mostNoteLines = 30;
/** Columns a line of them may have before it is broken. */
const noteColumns = 92;

export const updateLineWords = {
  installs: '"rekindle update" installs it.',
  others: 'Other versions, each by --version:',
  preRelease: 'a pre-release',
  noDigest: 'without a digest',
  moreNotes: (count: number): string => `... and ${count} more ${count === 1 ? 'line' : 'lines'}`,
  fetching: 'Fetching it',
  fetched: (fileName: string, sizeBytes: number): string => `Fetched ${fileName}, ${formatBytes(sizeBytes)}.`,
} as const;

/** What the board holds, and what came of looking, source by source. @param all those of which there is nothing to say as well */
export function standingLines(updates: BoardUpdates, platform: Platform, all: boolean): string[] {
  const lines = updates.standing.version === undefined ? [] : [`${standingText(updates.standing)}.`];
  if (updates.standing.variant !== undefined)
    lines.push(`By its own record it is ${updates.standing.variant}.`);
  for (const look of updates.looks) {
    const { problem, from, leftOut, wentBack } = look;
    if (problem !== undefined) {
      const { title } = errorText(problem.code, problem.params as never, platform);
      lines.push(`  ! ${title}.`);
    }
    if (wentBack !== undefined) lines.push(`  ! ${wentBackText(look.source, wentBack)}`);
    if (all || problem !== undefined || from === 'cache' || leftOut > 0) lines.push(`  ${lookText(look)}`);
  }
  return lines;
}

/** The one line that says whether there is something newer. */
export function titleLine(updates: BoardUpdates): string {
  const title = updatesTitle(updates);
  return title.endsWith('.') ? title : `${title}.`;
}

/** The offer that is meant: its file, what is new in it, and what may go wrong with it. */
export function offerLines(offer: JudgedOffer): string[] {
  return [
    `${offerButton(offer)}: ${offerFileText(offer)}`,
    ...noteLines(offer.notes),
    ...riskLines(offer).map((text) => `  ! ${text}`),
  ];
}

/** A maker's words behind a mark of their own: none of them can be taken for ours. */
function noteLines(notes: string): string[] {
  const lines = notes
    .trim()
    .split('\n')
    .flatMap((line) => brokenAt(line.trimEnd(), noteColumns));
  if (notes.trim() === '') return [`  ${updateWords.noNotes}`];
  const left = lines.length - mostNoteLines;
  return [
    `  ${updateWords.notes}:`,
    ...lines.slice(0, mostNoteLines).map((line) => `    | ${line}`.trimEnd()),
    ...(left > 0 ? [`    ${updateLineWords.moreNotes(left)}`] : []),
  ];
}

/** At blanks, and within a word only where one is longer than a line. */
function brokenAt(line: string, columns: number): string[] {
  const lines: string[] = [];
  let rest = line;
  while (rest.length > columns) {
    const blank = rest.lastIndexOf(' ', columns);
    const end = blank > 0 ? blank : columns;
    lines.push(rest.slice(0, end));
    rest = rest.slice(end).trimStart();
  }
  return [...lines, rest];
}

/** Everything else that fits the board, a line each. @param except what was told already */
export function otherLines({ offers }: BoardUpdates, except: string | undefined): string[] {
  const others = offers.filter(({ id }) => id !== except);
  if (others.length === 0) return [];
  const width = Math.max(...others.map(({ version }) => version.length));
  return [
    updateLineWords.others,
    ...others.map(
      (one) =>
        `  ${one.version.padEnd(width)}  ${[comparisonText(one.comparison), ...marksOf(one)].join(', ')}`,
    ),
  ];
}

function marksOf({ channel, risks }: JudgedOffer): string[] {
  return [
    ...(channel === 'pre-release' ? [updateLineWords.preRelease] : []),
    ...(risks.includes('no-digest') ? [updateLineWords.noDigest] : []),
  ];
}

/** Pages that only a person can look at. */
export function makerLines({ pages }: BoardUpdates): string[] {
  return pages.flatMap(pageLines);
}

/** Who vouches for the file that will be installed, and whether anybody was asked for it. */
export function fetchedLines(
  { digest, from, fetchedAt, fileName, sizeBytes }: KeptFirmware,
  signature: SignatureState,
): string[] {
  return [
    from === 'cache' ? updateWords.kept(fetchedAt) : updateLineWords.fetched(fileName, sizeBytes),
    `${markOf(digest)}${vouchedText(digest, signature)}`,
  ];
}

function markOf(digest: DigestState): string {
  return digest === 'checked' ? '' : '! ';
}
