import type { Bank } from '../../shared/memory-map.ts';
import { sizeOf } from '../../shared/ranges.ts';

/** A bank on screen. All lengths in pixels from the map's left edge. */
export interface PlacedBank {
  readonly bank: Bank;
  readonly left: number;
  readonly width: number;
}

/** A mark of the scale; `major` ones carry their address. */
export interface ScaleMark {
  readonly x: number;
  readonly address: number;
  readonly major: boolean;
}

const gap = 20;
const leastBankWidth = 80;
/** An address in the small type, with air around it. */
const labelWidth = 96;
/** Dividers closer than this would be a grey smear. */
const leastSectorWidth = 4;

/** Shares the width out by size; a small bank gets enough to be seen. */
export function placeBanks(banks: readonly Bank[], width: number): PlacedBank[] {
  const usable = Math.max(0, width - gap * (banks.length - 1));
  const total = banks.reduce((sum, bank) => sum + sizeOf(bank), 0);
  const least = Math.min(leastBankWidth, usable / Math.max(1, banks.length));
  const wanted = banks.map((bank) => Math.max(least, total === 0 ? 0 : (usable * sizeOf(bank)) / total));
  const excess = wanted.reduce((sum, one) => sum + one, 0) - usable;
  const shrinkable = wanted.reduce((sum, one) => sum + (one - least), 0);
  let left = 0;
  return banks.map((bank, at) => {
    const one = wanted[at] ?? 0;
    const placed = { bank, left, width: shrinkable > 0 ? one - (excess * (one - least)) / shrinkable : one };
    left += placed.width + gap;
    return placed;
  });
}

/** Where an address lies on screen; undefined outside of the banks. The end of a bank is its right edge. */
export function xOf(placed: readonly PlacedBank[], address: number): number | undefined {
  const home =
    placed.find(({ bank }) => address >= bank.start && address < bank.end) ??
    placed.find(({ bank }) => address === bank.end);
  return home === undefined
    ? undefined
    : home.left + ((address - home.bank.start) / sizeOf(home.bank)) * home.width;
}

/** The address under a point of the map; undefined between banks. */
export function addressAt(placed: readonly PlacedBank[], x: number): number | undefined {
  const home = placed.find(({ left, width }) => x >= left && x < left + width);
  if (home === undefined) return undefined;
  return home.bank.start + Math.floor(((x - home.left) / home.width) * sizeOf(home.bank));
}

/** Left edges of all sectors but each run's first where they are far enough apart, and of every run. */
export function dividersOf({ bank, left, width }: PlacedBank): number[] {
  const pixelsPerByte = width / sizeOf(bank);
  const edges: number[] = [];
  for (const run of bank.runs) {
    const x = left + (run.start - bank.start) * pixelsPerByte;
    const pitch = run.sectorSize * pixelsPerByte;
    if (run.start !== bank.start) edges.push(x);
    if (pitch >= leastSectorWidth) for (let i = 1; i < run.count; i++) edges.push(x + i * pitch);
  }
  return edges;
}

/** The scale over a bank: round steps, as fine as labels fit, four small marks to a large one. */
export function scaleOf({ bank, left, width }: PlacedBank): ScaleMark[] {
  const size = sizeOf(bank);
  let step = 1;
  while ((step / size) * width < labelWidth && step < size) step *= 2;
  const minor = Math.max(1, step / 4);
  const marks: ScaleMark[] = [];
  for (let offset = 0; offset < size; offset += minor) {
    marks.push({
      x: left + (offset / size) * width,
      address: bank.start + offset,
      major: offset % step === 0 && ((size - offset) / size) * width >= labelWidth / 2,
    });
  }
  return marks;
}
