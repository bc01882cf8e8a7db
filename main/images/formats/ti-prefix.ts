// TI's prefix for Stellaris and Tiva (LMDFU): 01 00, address / 1024, length of the payload (dfu.md 3.3).
import type { ImageFact } from '../../../shared/image-facts.ts';
import { viewOf } from '../../base/bytes.ts';

const tiPrefixBytes = 8;

/** @param bytes the file without its suffix: the length must fit exactly */
export function tiPrefixFact(bytes: Uint8Array): ImageFact | undefined {
  if (bytes.length <= tiPrefixBytes) return undefined;
  const view = viewOf(bytes);
  const fits = view.getUint16(0, true) === 1 && view.getUint32(4, true) === bytes.length - tiPrefixBytes;
  if (!fits) return undefined;
  const loadAddress = view.getUint16(2, true) * 1024;
  return { code: 'prefix', at: { offset: 0 }, kind: 'ti', bytes: tiPrefixBytes, loadAddress };
}
