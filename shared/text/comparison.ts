// Words for how a board compares with a backup.
import { isTelling } from '../serial-worth.ts';
import {
  isSame,
  type Comparison,
  type MemoryRange,
  type NotCompared,
  type WhyNotCompared,
} from '../comparison.ts';
import { formatRange } from '../hex.ts';
import { totalSize } from '../ranges.ts';
import { formatBytes } from '../units.ts';

/** Places named in one line. */
const mostPlaces = 4;

const whyNotTexts: { readonly [why in WhyNotCompared]: string } = {
  secret: 'is never read into a file, so no backup holds it',
  'not-readable': 'does not let itself be read on this board',
  'outside-memory': 'is in the backup, and this board has no such memory',
};

/** The answer, as a title without its stop. */
export function comparisonTitle(comparison: Comparison): string {
  const { differentBytes, differentSectors, sectors } = comparison;
  if (isSame(comparison))
    return isWhole(comparison)
      ? 'The board holds what the backup holds'
      : 'The board holds what the backup holds, as far as it could be read';
  const where =
    sectors === 0
      ? countOf(differentBytes, 'byte')
      : `${differentSectors} of ${countOf(sectors, 'sector')} (${countOf(differentBytes, 'byte')})`;
  return `The board holds something else than the backup, in ${where}`;
}

/** What of the backup was left out, it was not for secrets: those are in no backup. */
function isWhole({ notCompared }: Comparison): boolean {
  return notCompared.every(({ why }) => why === 'secret');
}

/** All that is known beyond the answer, a sentence or a line of addresses each. */
export function comparisonLines(comparison: Comparison): string[] {
  const { compared, different, more } = comparison;
  return [
    ...unitLines(comparison),
    `Read and looked at: ${placesText(compared, false)}`,
    ...(different.length === 0 ? [] : [`Differs at: ${placesText(different, more)}`]),
    ...comparison.notCompared.map(notComparedText),
  ];
}

/** Whether it is another board's: empty where it is this one's, or nobody noted whose it is. */
export function unitLines({ from }: Pick<Comparison, 'from'>): string[] {
  if (from === undefined || from.isThisBoard === 'yes') return [];
  if (from.isThisBoard === 'no')
    return [
      `This is a backup of another board: ${from.board}, serial ${from.serial}. Its own settings differ.`,
    ];
  const place = isTelling(from.serial)
    ? `serial ${from.serial}`
    : from.portPath === ''
      ? 'without a serial number of its own'
      : `port ${from.portPath}`;
  return [
    `Whether this is a backup of this very board, nobody can say: it came from ${from.board}, ${place}.`,
  ];
}

function notComparedText({ why, what, ...range }: NotCompared): string {
  const place = `${formatRange(range)}${what === undefined ? '' : ` (${what})`}`;
  return `Left out: ${place} ${whyNotTexts[why]}.`;
}

function placesText(ranges: readonly MemoryRange[], more: boolean): string {
  const shown = ranges.slice(0, mostPlaces).map(formatRange).join(', ');
  const rest = ranges.length - mostPlaces;
  const others = rest <= 0 ? '' : `, and ${more ? 'more than ' : ''}${countOf(rest, 'place')} more`;
  return `${shown}${others}${more ? '' : ` (${formatBytes(totalSize(ranges))})`}`;
}

function countOf(count: number, what: string): string {
  return `${count.toLocaleString('en')} ${what}${count === 1 ? '' : 's'}`;
}
