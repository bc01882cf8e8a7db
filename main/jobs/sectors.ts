// One region's share of a plan: which sectors to erase, which bytes to write, what is kept and what is lost.
import { FlashError } from '../../shared/errors/flash-error.ts';
import { contains, intersection, subtract, totalSize, union, type Range } from '../../shared/ranges.ts';
import { isFilledWith, sameBytes } from '../base/bytes.ts';
import { rangesOf, sectorsOf, type Region } from '../targets/target.ts';
import { knownBytes, type KnownRun } from './known.ts';
import type { Placed } from './placement.ts';

/** Bytes to be written in one go. */
export interface WriteRun {
  readonly start: number;
  readonly bytes: Uint8Array;
}

/** What will be done to one region; the runner does exactly this. */
export interface RegionWork {
  readonly region: Region;
  readonly image: readonly Range[];
  /** Sectors to erase, each one whole. Decided over all images before the first is erased (dfu.md 2.11). */
  readonly erase: readonly Range[];
  readonly writes: readonly WriteRun[];
  /** Sectors that hold the image already. */
  readonly unchanged: readonly Range[];
  readonly kept: readonly Range[];
  readonly lost: readonly Range[];
  /** Sectors whose present bytes decide what must be done: read before the second planning. */
  readonly touched: readonly Range[];
}

/** Largest program unit of the chips we know (H7: 32 bytes); runs are padded to it (dfu.md 2.11). */
const programUnitBytes = 32;
const blank = 0xff;

/**
 * @param known bytes read from the board; with nothing known nothing is skipped
 * @throws FlashError `plan.outside-memory`, `plan.not-writable`, `plan.cannot-keep`
 */
export function planRegion(
  region: Region,
  placed: readonly Placed[],
  options: { readonly full: boolean; readonly keepRest: boolean },
  known: readonly KnownRun[],
): RegionWork {
  const image = union(placed.map(rangeOf));
  refuseOutside(region, image);
  const erase: Range[] = [];
  const touched: Range[] = [];
  const unchanged: Range[] = [];
  const kept: Range[] = [];
  const lost: Range[] = [];
  const pieces: WriteRun[] = [];
  for (const sector of sectorsOf(region)) {
    const inside = image.flatMap((range) => intersection(range, sector) ?? []);
    if (inside.length === 0) continue;
    if (!sector.run.writable) throw new FlashError('plan.not-writable', { range: sector, what: region.name });
    const range = { start: sector.start, end: sector.end };
    touched.push(range);
    const now = knownBytes(known, region.alternate, range);
    const wanted = cut(placed, inside);
    if (!options.full && now !== undefined && wanted.every((piece) => holds(now, range, piece))) {
      unchanged.push(range);
      continue;
    }
    if (!sector.run.erasable) {
      pieces.push(...wanted);
      continue;
    }
    erase.push(range);
    const around = subtract([range], inside);
    if (options.keepRest) {
      if (!sector.run.readable) throw new FlashError('plan.cannot-keep', { range });
      kept.push(...worthKeeping(around, range, now));
    } else {
      lost.push(...worthKeeping(around, range, now));
    }
    pieces.push(...fill(range, wanted, options.keepRest ? now : undefined));
  }
  return {
    region,
    image,
    erase,
    writes: joined(pieces),
    unchanged,
    kept: union(kept),
    lost: union(lost),
    touched,
  };
}

function rangeOf(run: WriteRun): Range {
  return { start: run.start, end: run.start + run.bytes.length };
}

function refuseOutside(region: Region, image: readonly Range[]): void {
  const memory = union(rangesOf(region));
  const outside = subtract(image, memory);
  if (outside.length > 0) throw new FlashError('plan.outside-memory', { ranges: outside, memory });
}

/** The image's bytes within one sector. */
function cut(placed: readonly Placed[], inside: readonly Range[]): WriteRun[] {
  return inside.flatMap((range) =>
    placed.flatMap((one) => {
      const part = intersection(range, rangeOf(one));
      return part === undefined
        ? []
        : [{ start: part.start, bytes: one.bytes.subarray(part.start - one.start, part.end - one.start) }];
    }),
  );
}

function holds(now: Uint8Array, sector: Range, piece: WriteRun): boolean {
  const offset = piece.start - sector.start;
  return sameBytes(now.subarray(offset, offset + piece.bytes.length), piece.bytes);
}

/** Blank bytes need no keeping, and are no loss; unknown ones may be anything. */
function worthKeeping(around: readonly Range[], sector: Range, now: Uint8Array | undefined): Range[] {
  if (now === undefined) return [...around];
  return around.filter(
    (range) => !isFilledWith(now.subarray(range.start - sector.start, range.end - sector.start), blank),
  );
}

/**
 * The bytes to write into one erased sector: the image's, padded to whole program units with what the
 * sector holds around them (kept bytes, or blank ones as the erase leaves them).
 */
function fill(sector: Range, wanted: readonly WriteRun[], keep: Uint8Array | undefined): WriteRun[] {
  const whole = new Uint8Array(sector.end - sector.start).fill(blank);
  if (keep !== undefined) whole.set(keep);
  for (const piece of wanted) whole.set(piece.bytes, piece.start - sector.start);
  const ranges = wanted.map((piece) => outward(rangeOf(piece), sector));
  if (keep !== undefined) {
    const around = subtract([sector], wanted.map(rangeOf));
    ranges.push(...worthKeeping(around, sector, keep).map((range) => outward(range, sector)));
  }
  return union(ranges).map((range) => ({
    start: range.start,
    bytes: whole.subarray(range.start - sector.start, range.end - sector.start),
  }));
}

function outward(range: Range, sector: Range): Range {
  const down = (value: number): number => Math.floor(value / programUnitBytes) * programUnitBytes;
  return {
    start: Math.max(sector.start, sector.start + down(range.start - sector.start)),
    end: Math.min(sector.end, sector.start + down(range.end - sector.start + programUnitBytes - 1)),
  };
}

/** Neighbours become one run: one address for all of it. */
function joined(pieces: readonly WriteRun[]): WriteRun[] {
  return union(pieces.map(rangeOf)).map((range) => {
    const bytes = new Uint8Array(range.end - range.start);
    for (const piece of pieces) {
      if (contains(range, rangeOf(piece))) bytes.set(piece.bytes, piece.start - range.start);
    }
    return { start: range.start, bytes };
  });
}

/** Bytes a region's work will write. */
export function writtenBytes(work: RegionWork): number {
  return totalSize(work.writes.map(rangeOf));
}
