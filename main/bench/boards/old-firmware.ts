/**
 * Bytes that stand for a program: a vector table's first two words, then noise that is the same every time and
 * never blank, so that a read that misses by one byte is seen.
 */
export function oldFirmware(length: number, stack: number, reset: number, seed: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let state = (seed * 2654435761) >>> 0 || 1;
  for (let index = 0; index < length; index++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    bytes[index] = state & 0xff;
  }
  const view = new DataView(bytes.buffer);
  view.setUint32(0, stack, true);
  view.setUint32(4, reset, true);
  return bytes;
}
