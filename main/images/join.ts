import { FlashError } from '../../shared/errors/flash-error.ts';
import { limits } from '../../shared/limits.ts';
import { concatBytes } from '../base/bytes.ts';
import { addressedPart, type ImagePart } from './image.ts';

/**
 * Parts with addresses, sorted, neighbours joined, bytes given twice kept once. A part that nothing touches stays a view.
 * @param file what the pieces are views of, for the words of an error
 * @throws FlashError `image.overlap`, `image.malformed` over `limits.elements` parts
 */
export function joinParts(pieces: readonly ImagePart[], name: string, file?: Uint8Array): ImagePart[] {
  if (pieces.length > limits.elements)
    throw new FlashError('image.malformed', {
      name,
      offset: 0,
      reason: `more than ${limits.elements} separate pieces`,
    });
  const sorted = pieces
    .map((piece) => ({ start: piece.address ?? 0, bytes: piece.bytes }))
    .sort((a, b) => a.start - b.start);
  const groups: { start: number; end: number; bytes: Uint8Array[] }[] = [];
  for (const { start, bytes } of sorted) {
    const last = groups.at(-1);
    if (last === undefined || start > last.end) {
      groups.push({ start, end: start + bytes.length, bytes: [bytes] });
      continue;
    }
    const shared = Math.min(last.end - start, bytes.length);
    if (shared > 0) refuseDisagreement(last, start, bytes.subarray(0, shared), { name, file });
    if (shared < bytes.length) last.bytes.push(bytes.subarray(shared));
    last.end = Math.max(last.end, start + bytes.length);
  }
  return groups.map(({ start, bytes }) =>
    addressedPart(start, bytes.length === 1 && bytes[0] !== undefined ? bytes[0] : concatBytes(bytes)),
  );
}

/** @throws FlashError `image.overlap` */
function refuseDisagreement(
  group: { readonly start: number; readonly bytes: readonly Uint8Array[] },
  start: number,
  bytes: Uint8Array,
  { name, file }: { readonly name: string; readonly file: Uint8Array | undefined },
): void {
  let at = group.start;
  for (const piece of group.bytes) {
    const from = Math.max(at, start);
    const to = Math.min(at + piece.length, start + bytes.length);
    for (let address = from; address < to; address++) {
      if (piece[address - at] === bytes[address - start]) continue;
      const range = { start: address, end: start + bytes.length };
      const isView = file?.buffer === bytes.buffer;
      const offset = isView ? bytes.byteOffset - file.byteOffset + address - start : 0;
      throw new FlashError('image.overlap', { range, names: [name], offset });
    }
    at += piece.length;
  }
}
