// One row of bytes as a few pieces of text: never a piece of the page for each byte.
import type { Range } from '../../shared/ranges.ts';
import { bytesARow } from './hex-layout.ts';

/** What is said of a byte beside its value, the strongest first. */
export type ByteMark = 'cursor' | 'found' | 'changed' | 'only' | 'none';

/** Ranges of addresses with a mark, each list in order and disjoint; the first that has an address wins. */
export type MarkedRanges = readonly (readonly [ByteMark, readonly Range[]])[];

export interface CellRun {
  readonly mark: ByteMark;
  readonly text: string;
}

export interface RowCells {
  readonly hex: readonly CellRun[];
  readonly letters: readonly CellRun[];
}

/** The marks of a row's places. */
export function marksOf(address: number, marked: MarkedRanges): ByteMark[] {
  return Array.from({ length: bytesARow }, (_, at) => {
    for (const [mark, ranges] of marked) if (covers(ranges, address + at)) return mark;
    return 'none';
  });
}

function covers(ranges: readonly Range[], address: number): boolean {
  let [low, high] = [0, ranges.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((ranges[middle]?.start ?? Infinity) <= address) low = middle;
    else high = middle - 1;
  }
  const range = ranges[low];
  return range !== undefined && address >= range.start && address < range.end;
}

/**
 * The texts of a row.
 * @param bytes undefined while they are on their way
 */
export function cellsOf(
  row: { readonly skip: number; readonly count: number },
  bytes: Uint8Array | undefined,
  marks: readonly ByteMark[],
): RowCells {
  const hex: { mark: ByteMark; text: string }[] = [];
  const letters: { mark: ByteMark; text: string }[] = [];
  for (let at = 0; at < bytesARow; at++) {
    const there = at >= row.skip && at < row.skip + row.count;
    const value = there ? bytes?.[at - row.skip] : undefined;
    const mark = there ? (marks[at] ?? 'none') : 'none';
    const digits = value === undefined ? (there ? '··' : '  ') : hexDigits(value);
    add(hex, mark, digits);
    if (at < bytesARow - 1) add(hex, marks[at + 1] === mark && there ? mark : 'none', at === 7 ? '  ' : ' ');
    add(letters, mark, there ? letterOf(value) : ' ');
  }
  return { hex, letters };
}

function add(runs: { mark: ByteMark; text: string }[], mark: ByteMark, text: string): void {
  const last = runs.at(-1);
  if (last?.mark === mark) last.text += text;
  else runs.push({ mark, text });
}

/** `4E`: a byte. */
export function hexDigits(value: number): string {
  return value.toString(16).toUpperCase().padStart(2, '0');
}

/** A byte as ASCII, a dot where it is no letter. */
export function letterOf(value: number | undefined): string {
  return value !== undefined && value >= 0x20 && value < 0x7f ? String.fromCharCode(value) : '.';
}
