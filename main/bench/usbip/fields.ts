import { viewOf } from '../../base/bytes.ts';

/** A field of fixed size holding NUL-padded ASCII; longer text is cut so that one NUL stays. */
export function putText(target: Uint8Array, offset: number, size: number, text: string): void {
  const bytes = new TextEncoder().encode(text).subarray(0, size - 1);
  target.set(bytes, offset);
}

/** Text up to the first NUL of such a field; undefined when it is not printable ASCII with a NUL after it. */
export function takeText(field: Uint8Array): string | undefined {
  const end = field.indexOf(0);
  if (end < 0) return undefined;
  const text = String.fromCharCode(...field.subarray(0, end));
  return /^[\x21-\x7e]*$/.test(text) ? text : undefined;
}

/** A message of `size` zero bytes that starts with these 32-bit values. */
export function wordsMessage(size: number, words: readonly number[]): Uint8Array {
  const message = new Uint8Array(size);
  const view = viewOf(message);
  // Works for negative values too: DataView wraps them as two's complement.
  words.forEach((word, index) => view.setUint32(4 * index, word));
  return message;
}
