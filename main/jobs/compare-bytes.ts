// Where what was read from a board differs from what should be there. Pure, and of bounded size whatever the bytes are.
import type { Comparison, MemoryRange } from '../../shared/comparison.ts';
import { limits } from '../../shared/limits.ts';
import { intersection, union } from '../../shared/ranges.ts';
import { sameBytes } from '../base/bytes.ts';
import { sectorsOf, type Region } from '../targets/target.ts';

/** One run of bytes as it should be and as it was read; fewer were read where the board ended early. */
export interface ComparedRun {
  readonly region: Region;
  readonly start: number;
  readonly wanted: Uint8Array;
  readonly found: Uint8Array;
}

type Findings = Pick<
  Comparison,
  'compared' | 'differentBytes' | 'different' | 'more' | 'sectors' | 'differentSectors'
>;

/** @param runs by memory and start, none overlapping another */
export function compareBytes(runs: readonly ComparedRun[]): Findings {
  const regions = [...new Set(runs.map((run) => run.region))].map((region) => {
    const here = runs.filter((run) => run.region === region);
    return { compared: comparedIn(region, here), ...sectorsIn(region, here) };
  });
  return {
    compared: regions.flatMap(({ compared }) => compared),
    ...placesIn(runs),
    sectors: regions.reduce((sum, { sectors }) => sum + sectors, 0),
    differentSectors: regions.reduce((sum, { differentSectors }) => sum + differentSectors, 0),
  };
}

function comparedIn({ alternate }: Region, runs: readonly ComparedRun[]): MemoryRange[] {
  return union(runs.map(rangeOf)).map((range) => ({ alternate, ...range }));
}

function rangeOf({ start, wanted }: ComparedRun): { start: number; end: number } {
  return { start, end: start + wanted.length };
}

/** Counts all bytes that differ, and names the first places of them. */
function placesIn(runs: readonly ComparedRun[]): Pick<Findings, 'differentBytes' | 'different' | 'more'> {
  const different: MemoryRange[] = [];
  let differentBytes = 0;
  let places = 0;
  for (const { region, start, wanted, found } of runs) {
    for (let offset = 0; offset < wanted.length; offset++) {
      if (wanted[offset] === found[offset]) continue;
      const first = offset;
      while (offset + 1 < wanted.length && wanted[offset + 1] !== found[offset + 1]) offset++;
      differentBytes += offset + 1 - first;
      if (places++ < limits.comparedPlaces)
        different.push({ alternate: region.alternate, start: start + first, end: start + offset + 1 });
    }
  }
  return { differentBytes, different, more: places > limits.comparedPlaces };
}

/** Both lists are in order: each is gone through once. */
function sectorsIn(
  region: Region,
  runs: readonly ComparedRun[],
): Pick<Findings, 'sectors' | 'differentSectors'> {
  let sectors = 0;
  let differentSectors = 0;
  let next = 0;
  for (const sector of sectorsOf(region)) {
    let looked = false;
    let differs = false;
    for (let at = next; at < runs.length; at++) {
      const run = runs[at];
      if (run === undefined || run.start >= sector.end) break;
      const { end } = rangeOf(run);
      const common = intersection(sector, { start: run.start, end });
      if (common !== undefined) {
        const [from, to] = [common.start - run.start, common.end - run.start];
        looked = true;
        differs ||= !sameBytes(run.wanted.subarray(from, to), run.found.subarray(from, to));
      }
      if (end <= sector.end) next = at + 1;
    }
    if (looked) sectors++;
    if (differs) differentSectors++;
  }
  return { sectors, differentSectors };
}
