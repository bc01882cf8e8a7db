// An image looked at by address: for the hex view, the search and the comparison. Nothing is copied but what is shown.
import { intersection, subtract, union, type Range } from '../../shared/ranges.ts';
import { firstDifference, indexOfBytes } from '../base/bytes.ts';
import type { ImagePart } from './image.ts';

/** A run of bytes with its address; the offset in the file stands for one where the image has none. */
export interface ViewRun {
  readonly start: number;
  readonly bytes: Uint8Array;
}

/** The runs of an image in address order. */
export function viewRuns(parts: readonly ImagePart[], startOfRaw = 0): ViewRun[] {
  return parts
    .map((part) => ({ start: part.address ?? startOfRaw, bytes: part.bytes }))
    .sort((a, b) => a.start - b.start);
}

export function endOf(run: ViewRun): number {
  return run.start + run.bytes.length;
}

/** The bytes of a range; undefined where the image has none. */
export function bytesIn(runs: readonly ViewRun[], range: Range): (number | undefined)[] {
  const bytes = new Array<number | undefined>(Math.max(0, range.end - range.start)).fill(undefined);
  for (const run of runs) {
    const shared = intersection({ start: run.start, end: endOf(run) }, range);
    if (shared === undefined) continue;
    for (let address = shared.start; address < shared.end; address++)
      bytes[address - range.start] = run.bytes[address - run.start];
  }
  return bytes;
}

/** Addresses at which bytes stand, from an address on; at most `limit`. */
export function findIn(
  runs: readonly ViewRun[],
  wanted: Uint8Array,
  options: { readonly from?: number; readonly limit: number },
): number[] {
  const { from = 0, limit } = options;
  const found: number[] = [];
  for (const run of runs) {
    let at = indexOfBytes(run.bytes, wanted, Math.max(0, from - run.start));
    while (at !== undefined) {
      if (found.length >= limit) return found;
      found.push(run.start + at);
      at = indexOfBytes(run.bytes, wanted, at + 1);
    }
  }
  return found;
}

/** How two images differ. */
export interface Difference {
  /** Both have bytes there, and not the same. */
  readonly changed: readonly Range[];
  readonly onlyFirst: readonly Range[];
  readonly onlySecond: readonly Range[];
}

/** Differences this near to each other are shown as one. */
const joinedWithin = 16;

/** Compares by address. Both must be in the order of their addresses. */
export function compareRuns(first: readonly ViewRun[], second: readonly ViewRun[]): Difference {
  const [a, b] = [first, second].map((runs) =>
    union(runs.map((run) => ({ start: run.start, end: endOf(run) }))),
  ) as [Range[], Range[]];
  const changed: Range[] = [];
  for (const one of first) {
    for (const other of second) {
      if (other.start >= endOf(one)) break;
      const shared = intersection(
        { start: one.start, end: endOf(one) },
        { start: other.start, end: endOf(other) },
      );
      if (shared !== undefined) addChanges(changed, one, other, shared);
    }
  }
  return { changed: near(changed), onlyFirst: subtract(a, b), onlySecond: subtract(b, a) };
}

function addChanges(changed: Range[], one: ViewRun, other: ViewRun, shared: Range): void {
  let start = shared.start;
  while (start < shared.end) {
    const left = one.bytes.subarray(start - one.start, shared.end - one.start);
    const right = other.bytes.subarray(start - other.start, shared.end - other.start);
    const different = firstDifference(left, right);
    if (different === undefined) return;
    let end = different + 1;
    while (end < left.length && left[end] !== right[end]) end++;
    changed.push({ start: start + different, end: start + end });
    start += end;
  }
}

function near(ranges: readonly Range[]): Range[] {
  const joined: Range[] = [];
  for (const range of ranges.toSorted((a, b) => a.start - b.start)) {
    const last = joined.at(-1);
    if (last !== undefined && range.start - last.end < joinedWithin)
      joined[joined.length - 1] = { start: last.start, end: Math.max(last.end, range.end) };
    else joined.push(range);
  }
  return joined;
}
