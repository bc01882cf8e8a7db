// Where the bytes of a file stand in a list of rows of sixteen, without a list of rows: a file may have millions.

export const bytesARow = 16;

/** A part of the file. */
export interface HexPart {
  /** Its index in the file. */
  readonly part: number;
  /** Of its first byte. */
  readonly address: number;
  readonly bytes: number;
}

/** Rows that belong together: those of one part, or the one row that stands for the space before a part. */
type Section =
  | { readonly kind: 'bytes'; readonly firstRow: number; readonly rows: number; readonly of: HexPart }
  | {
      readonly kind: 'gap';
      readonly firstRow: number;
      readonly rows: 1;
      readonly start: number;
      readonly end: number;
    };

/** The rows of a file. */
export interface HexLayout {
  readonly sections: readonly Section[];
  readonly rowCount: number;
}

/** One row: `count` bytes from `offset` on, after `skip` empty places; or addresses for which the file has nothing. */
export type HexRow =
  | {
      readonly kind: 'bytes';
      readonly part: number;
      readonly offset: number;
      readonly skip: number;
      readonly count: number;
      /** Of its first place, a multiple of 16. */
      readonly address: number;
    }
  /** `end` is not behind `start` where a part begins before the last one ended: another memory. */
  | { readonly kind: 'gap'; readonly start: number; readonly end: number };

/** Lays out parts in the order given. Empty ones have no rows. */
export function layoutHex(parts: readonly HexPart[]): HexLayout {
  const sections: Section[] = [];
  let firstRow = 0;
  let end: number | undefined;
  for (const of of parts.filter((part) => part.bytes > 0)) {
    if (end !== undefined && end !== of.address) {
      sections.push({ kind: 'gap', firstRow, rows: 1, start: end, end: of.address });
      firstRow++;
    }
    end = of.address + of.bytes;
    const rows = Math.ceil(((of.address % bytesARow) + of.bytes) / bytesARow);
    sections.push({ kind: 'bytes', firstRow, rows, of });
    firstRow += rows;
  }
  return { sections, rowCount: firstRow };
}

/** What stands in a row; undefined outside of the list. */
export function rowAt(layout: HexLayout, row: number): HexRow | undefined {
  const section = sectionAt(layout, row);
  if (section === undefined) return undefined;
  if (section.kind === 'gap') return { kind: 'gap', start: section.start, end: section.end };
  const { part, address, bytes } = section.of;
  const head = address % bytesARow;
  const inPart = (row - section.firstRow) * bytesARow - head;
  const offset = Math.max(0, inPart);
  const skip = offset - inPart;
  return {
    kind: 'bytes',
    part,
    offset,
    skip,
    count: Math.min(bytesARow - skip, bytes - offset),
    address: address + inPart,
  };
}

function sectionAt({ sections, rowCount }: HexLayout, row: number): Section | undefined {
  if (row < 0 || row >= rowCount) return undefined;
  let [low, high] = [0, sections.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((sections[middle]?.firstRow ?? 0) <= row) low = middle;
    else high = middle - 1;
  }
  return sections[low];
}

/** The row of a byte; undefined for a part that is not there. */
export function rowOf(layout: HexLayout, place: { part: number; offset: number }): number | undefined {
  const section = layout.sections.find((one) => one.kind === 'bytes' && one.of.part === place.part);
  if (section?.kind !== 'bytes') return undefined;
  return section.firstRow + Math.floor(((section.of.address % bytesARow) + place.offset) / bytesARow);
}

/** The byte with an address, or the next one behind it; undefined behind the end. */
export function placeNear(
  layout: HexLayout,
  address: number,
): { part: number; offset: number; address: number } | undefined {
  let nearest: HexPart | undefined;
  for (const section of layout.sections) {
    if (section.kind === 'gap') continue;
    const { of } = section;
    if (address >= of.address && address < of.address + of.bytes)
      return { part: of.part, offset: address - of.address, address };
    if (of.address > address && of.address < (nearest?.address ?? Infinity)) nearest = of;
  }
  return nearest === undefined ? undefined : { part: nearest.part, offset: 0, address: nearest.address };
}

/** The address of a byte. */
export function addressOf(layout: HexLayout, place: { part: number; offset: number }): number | undefined {
  const section = layout.sections.find((one) => one.kind === 'bytes' && one.of.part === place.part);
  return section?.kind === 'bytes' ? section.of.address + place.offset : undefined;
}
