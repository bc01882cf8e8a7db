// The memory map in an alternate setting's name (AN3156, UM0424; dfu.md 2.2). Real devices bend the grammar in
// every way, so reading is tolerant; what cannot be a size at all is refused.
import { FlashError } from '../../../shared/errors/flash-error.ts';
import { limits } from '../../../shared/limits.ts';

/** Sectors of one size in a row. */
export interface MapSegment {
  readonly start: number;
  readonly sectorSize: number;
  readonly count: number;
  readonly readable: boolean;
  readonly erasable: boolean;
  readonly writable: boolean;
}

/** A name and, where it is one, the map behind it. */
export interface MemoryMap {
  /** Text before the first slash, without "@" and outer spaces. */
  readonly name: string;
  /** In the order of the text; empty where the name is no map. */
  readonly segments: readonly MapSegment[];
}

const lastAddress = 0x1_0000_0000;

/**
 * Reads `@Internal Flash  /0x08000000/04*016Kg,01*064Kg,07*128Kg`.
 * @throws FlashError `dfuse.bad-map` for a text that starts like a map and is none
 */
export function parseMemoryMap(text: string): MemoryMap {
  if (!text.startsWith('@')) return { name: text.trim(), segments: [] };
  const [first = '', ...rest] = text.slice(1).split('/');
  const name = first.trim();
  const segments: MapSegment[] = [];
  let sectors = 0;
  if (rest.length === 0) return { name, segments };
  if (rest.length % 2 !== 0) throw bad(text, 'an address without sectors');
  for (let index = 0; index < rest.length; index += 2) {
    let address = parseAddress(rest[index] ?? '', text);
    for (const part of (rest[index + 1] ?? '').split(',')) {
      const segment = parseSegment(part, address, text);
      sectors += segment.count;
      if (sectors > limits.mapSectors) throw bad(text, `more than ${limits.mapSectors} sectors`);
      address += segment.count * segment.sectorSize;
      if (address > lastAddress) throw bad(text, 'beyond the 32-bit address space');
      segments.push(segment);
    }
  }
  return { name, segments };
}

function parseAddress(text: string, whole: string): number {
  const match = /^\s*0x([0-9a-f]{1,8})\s*$/i.exec(text);
  if (match?.[1] === undefined) throw bad(whole, `"${text}" is not an address`);
  return Number.parseInt(match[1], 16);
}

const segmentPattern = /^\s*(\d{1,5})\*(\d{1,6})([ BKM]?)([a-g]?)\s*$/;
const multipliers: Readonly<Record<string, number>> = { '': 1, ' ': 1, B: 1, K: 1024, M: 1024 * 1024 };

function parseSegment(text: string, start: number, whole: string): MapSegment {
  const match = segmentPattern.exec(text);
  if (match === null) throw bad(whole, `"${text}" is not a run of sectors`);
  const [, count = '', size = '', multiplier = '', type = ''] = match;
  // `01*016e` has its type where the multiplier should be: bytes. `12*001a` is taken so by dfu-util too.
  if (type === '') throw bad(whole, `"${text}" has no type letter`);
  const sectorSize = Number(size) * (multipliers[multiplier] ?? 1);
  if (sectorSize === 0 || Number(count) === 0) throw bad(whole, `"${text}" is empty`);
  // Letter & 7: bit 0 readable, bit 1 erasable, bit 2 writable.
  const access = type.charCodeAt(0) & 7;
  return {
    start,
    sectorSize,
    count: Number(count),
    readable: (access & 1) !== 0,
    erasable: (access & 2) !== 0,
    writable: (access & 4) !== 0,
  };
}

function bad(text: string, reason: string): FlashError {
  return new FlashError('dfuse.bad-map', { text: text.slice(0, limits.textBytes), reason });
}

/** Flash in KiB by the third character of the serial text `3?xJ` (dfu.md 2.2); anything else: assume the largest. */
const gd32FlashKib: Readonly<Record<string, number>> = { B: 128, '8': 64, '6': 32, '4': 16 };

/** The GD32VF103's true map: its descriptor is bogus, its serial text tells the size (dfu.md 2.2). */
export function gd32vf103Map(serialText: string): MemoryMap {
  const kib =
    (/^3.(.)J/.exec(serialText)?.[1] ?? '') in gd32FlashKib ? gd32FlashKib[serialText[2] ?? ''] : undefined;
  const segment = { start: 0x08000000, sectorSize: 1024, count: kib ?? 128 };
  return {
    name: 'Internal Flash',
    segments: [{ ...segment, readable: true, erasable: true, writable: true }],
  };
}
