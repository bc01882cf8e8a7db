import { gunzipSync } from 'node:zlib';
import { FlashError } from '../../../shared/errors/flash-error.ts';
import { viewOf } from '../../base/bytes.ts';
import type { Archive, UnpackBudget } from './archive.ts';

/** The last four bytes: how long it is unpacked, modulo 2^32, as any file of ours is shorter (RFC 1952 2.3.1). */
const lengthBytes = 4;

/** One file, packed. What is longer than it says of itself is stopped there. */
export function openGzip(file: Uint8Array, name: string, budget: UnpackBudget): Archive {
  const path = name.replace(/\.(gz|gzip)\s*$/i, '') || 'unpacked';
  const sizeBytes = file.length < lengthBytes ? 0 : viewOf(file).getUint32(file.length - lengthBytes, true);
  let counted = false;
  const unpack = (): Uint8Array => {
    if (!counted) budget.spend(name, file.length, sizeBytes);
    counted = true;
    try {
      const unpacked = gunzipSync(file, { maxOutputLength: Math.max(1, sizeBytes) });
      return new Uint8Array(unpacked.buffer, unpacked.byteOffset, unpacked.length);
    } catch (error) {
      throw new FlashError('image.malformed', { name, offset: 0, reason: 'archive-damaged' }, error);
    }
  };
  return { kind: 'gzip', name, entries: [{ path, sizeBytes, unpack }] };
}
