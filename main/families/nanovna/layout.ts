// Where each builder's program keeps settings and calibration in flash, told from bytes (devices.md 5.5).
import type { NanovnaLayout } from '../../../shared/families.ts';
import type { Range } from '../../../shared/ranges.ts';
import { viewOf } from '../../base/bytes.ts';

interface Area {
  readonly start: number;
  readonly bytes: number;
  readonly magic: number;
}

interface Map {
  readonly layout: NanovnaLayout;
  readonly chip: string;
  readonly config: Area;
  readonly slots: readonly Area[];
}

/** Magic words: one for all in ttrftech's programs, two in DiSlord's. */
const ttrftechMagic = 0x434f4e45;
const configMagic = 0x434f4e56;
const propertiesMagic = 0x434f4e54;
/** A structure shorter than this holds nothing worth a checksum, words. */
const leastWords = 4;

/** The areas follow one another: each ends where the next begins. */
function slots(starts: readonly number[], end: number, magic: number): Area[] {
  return starts.map((start, index) => ({ start, bytes: (starts[index + 1] ?? end) - start, magic }));
}

function inRow(start: number, count: number, bytes: number): number[] {
  return Array.from({ length: count }, (_, index) => start + index * bytes);
}

const maps: readonly Map[] = [
  {
    layout: 'ttrftech',
    chip: 'stm32f072',
    config: { start: 0x0801_8000, bytes: 0x800, magic: ttrftechMagic },
    slots: slots(
      [0x0801_8800, 0x0801_a000, 0x0801_b800, 0x0801_d000, 0x0801_e800],
      0x0802_0000,
      ttrftechMagic,
    ),
  },
  {
    layout: 'dislord',
    chip: 'stm32f072',
    config: { start: 0x0801_f800, bytes: 0x800, magic: configMagic },
    slots: slots(inRow(0x0801_8000, 5, 0x1800), 0x0801_f800, propertiesMagic),
  },
  {
    layout: 'dislord',
    chip: 'stm32f303',
    config: { start: 0x0803_f800, bytes: 0x800, magic: configMagic },
    slots: slots(inRow(0x0802_3800, 7, 0x4000), 0x0803_f800, propertiesMagic),
  },
];

/** Where a program for this chip ends, so that it does not lie in what it keeps (devices.md 5.5). */
const codeEnds: Readonly<Record<string, number>> = { stm32f072: 0x0801_8000, stm32f303: 0x0802_3800 };

export function codeEndOf(chip: string | undefined): number | undefined {
  return chip === undefined ? undefined : codeEnds[chip];
}

/** What flash keeps beside the program. */
export interface Kept {
  readonly layout: NanovnaLayout;
  /** Slots that hold a sound calibration. */
  readonly slots: readonly number[];
}

/**
 * Which builder's settings lie there; undefined where none do, or not all of it was read.
 * @param read gives the bytes of a range, where they were read
 */
export function keptIn(
  chip: string | undefined,
  read: (range: Range) => Uint8Array | undefined,
): Kept | undefined {
  const found = maps
    .filter((map) => map.chip === chip)
    .map((map) => ({ map, config: isSound(map.config, read), slots: soundSlots(map, read) }))
    .filter(({ config, slots: sound }) => config || sound.length > 0);
  // The last program's remains may lie beside the present one's: what has a sound configuration is in use.
  const best = found.find(({ config }) => config) ?? found[0];
  return best === undefined ? undefined : { layout: best.map.layout, slots: best.slots };
}

/** Ranges in which a layout keeps calibration on a chip, by slot. */
export function slotRanges(layout: NanovnaLayout, chip: string | undefined): Range[] {
  const map = maps.find((one) => one.layout === layout && one.chip === chip);
  return map?.slots.map(({ start, bytes }) => ({ start, end: start + bytes })) ?? [];
}

function soundSlots(map: Map, read: (range: Range) => Uint8Array | undefined): number[] {
  return map.slots.flatMap((area, index) => (isSound(area, read) ? [index] : []));
}

/** The magic word first; the sum last, wherever the structure ends: its length is not known here. */
function isSound({ start, bytes, magic }: Area, read: (range: Range) => Uint8Array | undefined): boolean {
  const content = read({ start, end: start + bytes });
  if (content === undefined) return false;
  const view = viewOf(content);
  if (view.getUint32(0, true) !== magic) return false;
  let sum = 0;
  for (let word = 0; word < content.length / 4; word++) {
    const value = view.getUint32(word * 4, true);
    if (word >= leastWords && value === sum) return true;
    sum = (((sum << 1) | (sum >>> 31)) + value) >>> 0;
  }
  return false;
}
