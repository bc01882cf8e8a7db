// The 16-byte DFU suffix (DFU 1.1 appendix B; dfu.md 3.1).
import { FlashError } from '../../shared/errors/flash-error.ts';
import { viewOf } from '../base/bytes.ts';
import { dfuCrc32 } from '../base/crc.ts';
import type { ImageIds } from './image.ts';

export const suffixBytes = 16;

/** A suffix as found. */
export interface Suffix {
  readonly ids: ImageIds;
  readonly bcdDfu: number;
  /** bLength: how many bytes at the end belong to it. */
  readonly length: number;
}

/** Whether the letters are where a suffix has them; says nothing about the checksum. */
export function hasSuffix(file: Uint8Array): boolean {
  const at = file.length - suffixBytes;
  return at >= 0 && file[at + 8] === 0x55 && file[at + 9] === 0x46 && file[at + 10] === 0x44;
}

/**
 * Reads and checks the suffix of a file that has one.
 * @throws FlashError `image.malformed` on an impossible length, `image.bad-checksum`
 */
export function readSuffix(file: Uint8Array, name: string): Suffix {
  const at = file.length - suffixBytes;
  const view = viewOf(file);
  const length = view.getUint8(at + 11);
  if (length < suffixBytes || length > file.length) {
    throw new FlashError('image.malformed', { name, offset: at + 11, reason: `suffix length ${length}` });
  }
  const stated = view.getUint32(at + 12, true);
  const actual = dfuCrc32(file.subarray(0, file.length - 4));
  if (stated !== actual)
    throw new FlashError('image.bad-checksum', {
      name,
      offset: at + 12,
      expected: hex32(stated),
      found: hex32(actual),
    });
  return {
    ids: {
      bcdDevice: view.getUint16(at, true),
      productId: view.getUint16(at + 2, true),
      vendorId: view.getUint16(at + 4, true),
    },
    bcdDfu: view.getUint16(at + 6, true),
    length,
  };
}

/**
 * The file with a suffix behind it.
 * @throws FlashError `internal` for a number that does not fit its field
 */
export function withSuffix(body: Uint8Array, ids: ImageIds, bcdDfu: number): Uint8Array {
  for (const field of [ids.bcdDevice, ids.productId, ids.vendorId, bcdDfu]) checkField(field, 0xffff);
  const file = new Uint8Array(body.length + suffixBytes);
  file.set(body);
  const view = viewOf(file);
  const at = body.length;
  view.setUint16(at, ids.bcdDevice, true);
  view.setUint16(at + 2, ids.productId, true);
  view.setUint16(at + 4, ids.vendorId, true);
  view.setUint16(at + 6, bcdDfu, true);
  file.set([0x55, 0x46, 0x44, suffixBytes], at + 8);
  view.setUint32(at + 12, dfuCrc32(file.subarray(0, file.length - 4)), true);
  return file;
}

/**
 * Before a number is written: a DataView would wrap it without a word.
 * @throws FlashError `internal`
 */
export function checkField(value: number, largest: number): void {
  if (!Number.isInteger(value) || value < 0 || value > largest)
    throw new FlashError('internal', { detail: `${value} does not fit a field of at most ${largest}` });
}

function hex32(value: number): string {
  return value.toString(16).padStart(8, '0');
}
