/** A view for reading multi-byte fields; keeps the array's offset and length. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** One array from many. */
export function concatBytes(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

/** Whether two arrays hold the same bytes. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return firstDifference(a, b) === undefined;
}

/** Offset of the first byte that differs (or of the end of the shorter one); undefined when all agree. */
export function firstDifference(a: Uint8Array, b: Uint8Array): number | undefined {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) if (a[i] !== b[i]) return i;
  return a.length === b.length ? undefined : length;
}

/** Whether every byte has this value. */
export function isFilledWith(bytes: Uint8Array, value: number): boolean {
  // A loop, not every(): whole flash images of 64 MiB are looked at.
  for (let at = 0; at < bytes.length; at++) if (bytes[at] !== value) return false;
  return true;
}

/** Where a run of bytes begins in another, from an offset on; undefined where it does not. */
export function indexOfBytes(bytes: Uint8Array, wanted: Uint8Array, from = 0): number | undefined {
  const [first] = wanted;
  if (first === undefined) return undefined;
  const last = bytes.length - wanted.length;
  for (let at = bytes.indexOf(first, from); at >= 0 && at <= last; at = bytes.indexOf(first, at + 1)) {
    let same = 1;
    while (same < wanted.length && bytes[at + same] === wanted[same]) same++;
    if (same === wanted.length) return at;
  }
  return undefined;
}
