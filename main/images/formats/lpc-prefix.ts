// NXP's prefix for LPC boot ROMs, unencrypted (dfu.md 3.3). A weak mark: chance can make it.
import type { ImageFact } from '../../../shared/image-facts.ts';
import { isFilledWith } from '../../base/bytes.ts';

const lpcPrefixBytes = 16;

/** @param bytes the file without its suffix */
export function lpcPrefixFact(bytes: Uint8Array): ImageFact | undefined {
  const fits =
    bytes.length > lpcPrefixBytes &&
    ((bytes[0] ?? 0) & 0x3f) === 0x1a &&
    ((bytes[1] ?? 0) & 0x3f) === 0x3f &&
    isFilledWith(bytes.subarray(4, 12), 0x00) &&
    isFilledWith(bytes.subarray(12, 16), 0xff);
  return fits ? { code: 'prefix', at: { offset: 0 }, kind: 'lpc', bytes: lpcPrefixBytes } : undefined;
}
