// An image looked at by address: for the hex view, the search and the comparison. Nothing is copied but what is shown.
import type { ImageDifference } from '../../shared/image-view.ts';
import { limits } from '../../shared/limits.ts';
import { intersection, subtract, union, type Range } from '../../shared/ranges.ts';
import { indexOfBytes } from '../base/bytes.ts';
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

/** Differences this near to each other are shown as one. */
const joinedWithin = 16;

/** Compares by address; both lists are in order of address. At most `limits.differences` ranges of each kind. */
export function compareRuns(first: readonly ViewRun[], second: readonly ViewRun[]): ImageDifference {
  const [a, b] = [first, second].map((runs) =>
    union(runs.map((run) => ({ start: run.start, end: endOf(run) }))),
  ) as [Range[], Range[]];
  const changed: Range[] = [];
  let ended = 0;
  for (const one of first) {
    for (let at = ended; ; at++) {
      const other = second[at];
      if (other === undefined || other.start >= endOf(one)) break;
      if (endOf(other) > one.start) addChanges(changed, one, other);
      // What ended before this run ends before all that follow.
      else if (at === ended) ended++;
    }
  }
  const lists = [near(changed), subtract(a, b), subtract(b, a)] as const;
  const [all, onlyFirst, onlySecond] = lists.map((list) => list.slice(0, limits.differences)) as [
    Range[],
    Range[],
    Range[],
  ];
  const more = lists.some((list) => list.length > limits.differences);
  return { changed: all, onlyFirst, onlySecond, more };
}

/** One look at every byte that both have; stops one range above the limit, which says that there are more. */
function addChanges(changed: Range[], one: ViewRun, other: ViewRun): void {
  const start = Math.max(one.start, other.start);
  const end = Math.min(endOf(one), endOf(other));
  let last: { start: number; end: number } | undefined;
  for (let address = start; address < end; address++) {
    if (one.bytes[address - one.start] === other.bytes[address - other.start]) continue;
    if (last !== undefined && address - last.end < joinedWithin) last.end = address + 1;
    else {
      if (changed.length > limits.differences) return;
      last = { start: address, end: address + 1 };
      changed.push(last);
    }
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
