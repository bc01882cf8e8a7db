import { withSuffix } from '../suffix.ts';
import type { ImageIds } from '../image.ts';

/** A plain `.dfu` file of these bytes. `bcdDfu` is 0x0100 for every plain file (dfu.md 3.1). */
export function addDfuSuffix(bytes: Uint8Array, ids: ImageIds, bcdDfu: number): Uint8Array {
  return withSuffix(bytes, ids, bcdDfu);
}
