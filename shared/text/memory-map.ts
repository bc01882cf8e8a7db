import { formatRange } from '../hex.ts';
import {
  bytesByKind,
  sectorAt,
  sectorCount,
  segmentKinds,
  type Bank,
  type Segment,
  type SegmentKind,
} from '../memory-map.ts';
import { sizeOf, totalSize } from '../ranges.ts';
import { formatBytes } from '../units.ts';

/** The fates of bytes, as the legend names them. */
export const segmentTexts: { readonly [kind in SegmentKind]: string } = {
  written: 'Written',
  kept: 'Kept: erased with its sector, written back',
  unchanged: 'Unchanged: holds the image already',
  erased: 'Erased and left blank',
  doubt: 'May hold anything',
  forbidden: 'Never written',
  untouched: 'Not touched',
};

/** The same in a word, for tables. */
export const segmentWords: { readonly [kind in SegmentKind]: string } = {
  written: 'written',
  kept: 'kept',
  unchanged: 'unchanged',
  erased: 'erased',
  doubt: 'may hold anything',
  forbidden: 'never written',
  untouched: 'not touched',
};

/** Headings and labels around the map. */
export const memoryMapWords = {
  table: 'Addresses as a table',
  addresses: 'Addresses',
  size: 'Size',
  sectors: 'Sectors',
  fate: 'What happens',
  unnamed: 'Memory',
  legend: 'What the marks mean',
  writing: 'Writing here',
} as const;

/** `64 sectors of 2 KB, 128 KB in all`; sizes in a row where they differ. */
export function bankSummary(banks: readonly Bank[]): string {
  const runs = banks.flatMap((bank) => bank.runs);
  const sizes = [...new Set(runs.map((run) => run.sectorSize))];
  const count = sectorCount(banks);
  const each =
    sizes.length === 1
      ? `${count} ${count === 1 ? 'sector' : 'sectors'} of ${formatBytes(sizes[0] ?? 0)}`
      : `${count} sectors: ${runs.map((run) => `${run.count} of ${formatBytes(run.sectorSize)}`).join(', ')}`;
  return `${each}, ${formatBytes(totalSize(banks))} in all`;
}

/** The whole map in one sentence, for those who do not see it. */
export function mapSummary(name: string, segments: readonly Segment[]): string {
  const bytes = bytesByKind(segments);
  const parts = segmentKinds.flatMap((kind) => {
    const size = bytes.get(kind) ?? 0;
    return size === 0 ? [] : [`${formatBytes(size)} ${segmentWords[kind]}`];
  });
  return `${name === '' ? memoryMapWords.unnamed : name}: ${parts.join(', ')}`;
}

/** What lies at one place: `Sector 8 of 64, 0x08004000-0x080047FF, 2 KB: written`. */
export function placeText(banks: readonly Bank[], segments: readonly Segment[], address: number): string {
  const sector = sectorAt(banks, address);
  const segment = segments.find((one) => address >= one.start && address < one.end);
  if (sector === undefined || segment === undefined) return '';
  return `Sector ${sector.index + 1} of ${sectorCount(banks)}, ${formatRange(sector)}, ${formatBytes(sizeOf(sector))}: ${segmentWords[segment.kind]}`;
}

/** `1-48`: the sectors a range touches, counted from 1 as in the sentence above. */
export function sectorSpan(banks: readonly Bank[], segment: Segment): string {
  const first = sectorAt(banks, segment.start)?.index;
  const last = sectorAt(banks, segment.end - 1)?.index;
  if (first === undefined || last === undefined) return '';
  return first === last ? `${first + 1}` : `${first + 1}-${last + 1}`;
}
