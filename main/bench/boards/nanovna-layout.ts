// Where NanoVNA programs keep settings and calibration in the flash (devices.md 5.5).
import { viewOf } from '../../base/bytes.ts';
import type { FlashMemory } from '../flash-memory.ts';

export type NanovnaFamily = 'dislord' | 'ttrftech';

/** One family's places on one chip, as offsets into the flash. */
export interface NanovnaLayout {
  readonly family: NanovnaFamily;
  /** The program ends below this. */
  readonly codeBytes: number;
  readonly slots: readonly number[];
  readonly slotBytes: number;
  readonly slotMagic: number;
  readonly config: number;
  readonly configBytes: number;
  readonly configMagic: number;
  /** Points of one sweep; as the field has it, not verified by our facts. */
  readonly points: number;
}

const several = (count: number, first: number, step: number): number[] =>
  Array.from({ length: count }, (_, index) => first + index * step);

export const nanovnaLayouts = {
  ttrftechF072: {
    family: 'ttrftech',
    codeBytes: 0x18000,
    slots: [0x18800, 0x1a000, 0x1b800, 0x1d000, 0x1e800],
    slotBytes: 0x1800,
    slotMagic: 0x434f4e45,
    config: 0x18000,
    configBytes: 0x800,
    configMagic: 0x434f4e45,
    points: 101,
  },
  dislordF072: {
    family: 'dislord',
    codeBytes: 0x18000,
    slots: several(5, 0x18000, 0x1800),
    slotBytes: 0x1800,
    slotMagic: 0x434f4e54,
    config: 0x1f800,
    configBytes: 0x800,
    configMagic: 0x434f4e56,
    points: 101,
  },
  dislordF303: {
    family: 'dislord',
    codeBytes: 0x23800,
    slots: several(7, 0x23800, 0x4000),
    slotBytes: 0x4000,
    slotMagic: 0x434f4e54,
    config: 0x3f800,
    configBytes: 0x800,
    configMagic: 0x434f4e56,
    points: 401,
  },
} as const satisfies Record<string, NanovnaLayout>;

/** What a slot holds. The order of its fields is the bench's own: our facts have the magic and the checksum only. */
export interface Calibration {
  readonly start: number;
  readonly stop: number;
  /** Five error terms, each a real and an imaginary part for every point. */
  readonly terms: Float32Array;
}

const errorTerms = 5;
const headBytes = 16;

/** Writes a slot: its pages are erased first, as the program does it. */
export function storeCalibration(
  flash: FlashMemory,
  layout: NanovnaLayout,
  slot: number,
  calibration: Calibration,
): void {
  const bytes = new Uint8Array(headBytes + calibration.terms.length * 4 + 4);
  const view = viewOf(bytes);
  view.setUint32(0, layout.slotMagic, true);
  view.setUint32(4, calibration.start, true);
  view.setUint32(8, calibration.stop, true);
  view.setUint32(12, layout.points, true);
  for (const [index, value] of calibration.terms.entries())
    view.setFloat32(headBytes + 4 * index, value, true);
  storeSummed(flash, layout.slots[slot] ?? 0, layout.slotBytes, bytes);
}

/** A slot's content; undefined where the magic or the checksum says that there is none. */
export function loadCalibration(
  flash: FlashMemory,
  layout: NanovnaLayout,
  slot: number,
): Calibration | undefined {
  const offset = layout.slots[slot];
  const terms = new Float32Array(errorTerms * 2 * layout.points);
  const length = headBytes + terms.length * 4 + 4;
  if (offset === undefined) return undefined;
  const bytes = flash.bytes.subarray(offset, offset + length);
  const view = viewOf(bytes);
  if (view.getUint32(0, true) !== layout.slotMagic || !isSummed(bytes)) return undefined;
  for (const index of terms.keys()) terms[index] = view.getFloat32(headBytes + 4 * index, true);
  return { start: view.getUint32(4, true), stop: view.getUint32(8, true), terms };
}

export function storeConfig(flash: FlashMemory, layout: NanovnaLayout): void {
  const bytes = new Uint8Array(64);
  viewOf(bytes).setUint32(0, layout.configMagic, true);
  storeSummed(flash, layout.config, layout.configBytes, bytes);
}

/** Settings and every slot are gone. */
export function clearSaved(flash: FlashMemory, layout: NanovnaLayout): void {
  flash.erase(layout.config, layout.configBytes);
  for (const slot of layout.slots) flash.erase(slot, layout.slotBytes);
}

/** No correction at all: what a program has before anything was calibrated. */
export function noCalibration(layout: NanovnaLayout): Calibration {
  return { start: 50_000, stop: 900_000_000, terms: new Float32Array(errorTerms * 2 * layout.points) };
}

/** A calibration that can be told from another by its seed. */
export function sampleCalibration(layout: NanovnaLayout, seed: number): Calibration {
  const { start, stop, terms } = noCalibration(layout);
  for (const index of terms.keys()) terms[index] = Math.fround(Math.sin(index * 0.1 + seed) / (1 + seed));
  return { start: start + seed, stop, terms };
}

function storeSummed(flash: FlashMemory, offset: number, areaBytes: number, bytes: Uint8Array): void {
  viewOf(bytes).setUint32(bytes.length - 4, sumOf(bytes), true);
  flash.erase(offset, areaBytes);
  flash.program(flash.start + offset, bytes);
}

function isSummed(bytes: Uint8Array): boolean {
  return viewOf(bytes).getUint32(bytes.length - 4, true) === sumOf(bytes);
}

/** Rotate and add, over all words but the last; which way it rotates is not in our facts. */
function sumOf(bytes: Uint8Array): number {
  const view = viewOf(bytes);
  let sum = 0;
  for (let at = 0; at + 4 < bytes.length; at += 4)
    sum = (((sum >>> 31) | (sum << 1)) + view.getUint32(at, true)) >>> 0;
  return sum;
}
