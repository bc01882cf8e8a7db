import type { AlternateReport } from './board.ts';
import type { OpenJob, RegionRanges } from './history.ts';
import type { RegionPlan } from './plan.ts';
import { sizeOf, union, type Range } from './ranges.ts';

/** What happens to bytes of a memory, the strongest claim first. */
export const segmentKinds = [
  'forbidden',
  'doubt',
  'unchanged',
  'kept',
  'written',
  'erased',
  'untouched',
] as const;
/**
 * `kept`: outside the image, erased with their sector and written back. `erased`: lost. `unchanged`: hold the
 * image already. `doubt`: a job ended here, and may have left anything. `untouched`: nothing to do with this plan.
 */
export type SegmentKind = (typeof segmentKinds)[number];

/** What is said of a memory's bytes: by a plan, or by what a job left. */
export interface MapClaims extends Pick<RegionPlan, 'image' | 'erase' | 'write' | 'unchanged' | 'kept'> {
  readonly doubt?: readonly Range[];
}

/** What an open job left in one memory. */
export function claimsLeft(
  job: Pick<OpenJob, 'erased' | 'written' | 'inDoubt'>,
  alternate: number,
): MapClaims {
  const mine = (all: readonly RegionRanges[]): readonly Range[] =>
    all.flatMap((one) => (one.alternate === alternate ? one.ranges : []));
  const none = { image: [], unchanged: [], kept: [] };
  return { ...none, erase: mine(job.erased), write: mine(job.written), doubt: mine(job.inDoubt) };
}

/** Bytes that share one fate. */
export interface Segment extends Range {
  readonly kind: SegmentKind;
}

type Run = AlternateReport['runs'][number];

/** Sectors without a gap between them. */
export interface Bank extends Range {
  readonly runs: readonly Run[];
}

/** One sector: where it is, and which it is among all of its memory, from 0. */
export interface Sector extends Range {
  readonly index: number;
}

/** The runs of a memory as banks, in order of address; runs that overlap an earlier one are left out. */
export function banksOf(runs: readonly Run[]): Bank[] {
  const banks: { start: number; end: number; runs: Run[] }[] = [];
  for (const run of runs.filter((one) => one.count > 0).sort((a, b) => a.start - b.start)) {
    const end = run.start + run.sectorSize * run.count;
    const last = banks.at(-1);
    if (last === undefined || run.start > last.end) banks.push({ start: run.start, end, runs: [run] });
    else if (run.start === last.end) {
      last.runs.push(run);
      last.end = end;
    }
  }
  return banks;
}

/** The sector at an address; undefined outside of the memory. */
export function sectorAt(banks: readonly Bank[], address: number): Sector | undefined {
  let before = 0;
  for (const run of banks.flatMap((bank) => bank.runs)) {
    const inRun = Math.floor((address - run.start) / run.sectorSize);
    if (inRun >= 0 && inRun < run.count) {
      const start = run.start + inRun * run.sectorSize;
      return { start, end: start + run.sectorSize, index: before + inRun };
    }
    before += run.count;
  }
  return undefined;
}

/** How many sectors the banks have. */
export function sectorCount(banks: readonly Bank[]): number {
  return banks.flatMap((bank) => bank.runs).reduce((sum, run) => sum + run.count, 0);
}

/**
 * The fate of every byte of the banks, in order of address, without gaps or overlaps within a bank.
 * @param forbidden ranges that may never be written, from the board's own rules
 */
export function segmentsOf(
  banks: readonly Bank[],
  plan: MapClaims | undefined,
  forbidden: readonly Range[] = [],
): Segment[] {
  const claims: readonly (readonly [SegmentKind, readonly Range[]])[] = [
    ['forbidden', union(forbidden)],
    ['doubt', union(plan?.doubt ?? [])],
    ['unchanged', union(plan?.unchanged ?? [])],
    ['kept', union(plan?.kept ?? [])],
    ['written', union(plan?.write ?? [])],
    ['erased', union(plan?.erase ?? [])],
  ];
  // One walk over all borders: an image may have thousands of pieces.
  const borders = [
    ...new Set(
      [...banks, ...claims.flatMap(([, ranges]) => ranges)].flatMap(({ start, end }) => [start, end]),
    ),
  ].sort((one, other) => one - other);
  const next = claims.map(() => 0);
  let bank = 0;
  const segments: { kind: SegmentKind; start: number; end: number }[] = [];
  borders.forEach((start, at) => {
    const end = borders[at + 1];
    while ((banks[bank]?.end ?? Infinity) <= start) bank++;
    const home = banks[bank];
    if (end === undefined || home === undefined || home.start > start) return;
    const claim = claims.find(([, ranges], which) => {
      while ((ranges[next[which] ?? 0]?.end ?? Infinity) <= start) next[which] = (next[which] ?? 0) + 1;
      return (ranges[next[which] ?? 0]?.start ?? Infinity) <= start;
    });
    const kind = claim?.[0] ?? 'untouched';
    const last = segments.at(-1);
    if (last?.kind === kind && last.end === start && start !== home.start) last.end = end;
    else segments.push({ kind, start, end });
  });
  return segments;
}

/** Bytes of each kind. */
export function bytesByKind(segments: readonly Segment[]): Map<SegmentKind, number> {
  const bytes = new Map<SegmentKind, number>();
  for (const segment of segments) bytes.set(segment.kind, (bytes.get(segment.kind) ?? 0) + sizeOf(segment));
  return bytes;
}

/** The address reached when this many bytes of the ranges are through, in their order. */
export function addressAfter(ranges: readonly Range[], bytes: number): number | undefined {
  let left = bytes;
  for (const range of ranges) {
    if (left <= sizeOf(range)) return range.start + left;
    left -= sizeOf(range);
  }
  return ranges.at(-1)?.end;
}
