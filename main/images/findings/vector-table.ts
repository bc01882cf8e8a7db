// What a program for a Cortex-M chip begins with: a stack in RAM, then an odd vector (dfu.md 3.8).
import { viewOf } from '../../base/bytes.ts';
import { hasMcubootMagic } from '../mcuboot-layout.ts';
import { placeIn, type Finder } from './finding.ts';

/** Upper bytes of the places RAM has on Cortex-M parts we know. */
const ramPages: readonly number[] = [0x20, 0x10, 0x24];
/** Containers with a header of their own before the program, or with no program for a Cortex-M at all. */
const withoutTable: readonly string[] = [
  'mcuboot',
  'particle',
  'particle-bundle',
  'nordic-modem',
  'nordic-dfu',
];

export const findVectorTable: Finder = ({ format, parts, facts }) => {
  if (withoutTable.includes(format)) return [];
  if (facts.some((fact) => fact.code === 'processor' && fact.processor !== 'arm')) return [];
  const lowest = parts
    .filter((part) => part.alternate === undefined || part.alternate === 0)
    .reduce<(typeof parts)[number] | undefined>(
      (best, part) => (best === undefined || (part.address ?? 0) < (best.address ?? 0) ? part : best),
      undefined,
    );
  if (lowest === undefined || lowest.bytes.length < 8 || hasMcubootMagic(lowest.bytes)) return [];
  const view = viewOf(lowest.bytes);
  const stack = view.getUint32(0, true);
  const reset = view.getUint32(4, true);
  const isOdd = (reset & 1) === 1;
  // A program may be linked for where it lies, or for the alias of flash at zero.
  const page = reset >>> 24;
  const isNear = lowest.address === undefined || page === lowest.address >>> 24 || page === 0;
  const plausible = ramPages.includes(stack >>> 24) && isOdd && isNear;
  return [{ code: 'vector-table', at: placeIn(lowest, 0), stack, reset, plausible }];
};
