import { gunzipSync } from 'node:zlib';
import { FlashError } from '../../../shared/errors/flash-error.ts';
import { mostFrom, type Archive, type UnpackBudget } from './archive.ts';

/** One file, packed. Its own length field wraps at 4 GiB and is not believed. */
export function openGzip(file: Uint8Array, name: string, budget: UnpackBudget): Archive {
  const path = name.replace(/\.(gz|gzip)\s*$/i, '') || 'unpacked';
  const unpack = (): Uint8Array => {
    const most = Math.min(budget.left, mostFrom(file.length));
    let bytes: Uint8Array;
    try {
      const unpacked = gunzipSync(file, { maxOutputLength: Math.max(1, most) });
      bytes = new Uint8Array(unpacked.buffer, unpacked.byteOffset, unpacked.length);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE')
        budget.spend(name, file.length, most + 1);
      throw new FlashError('image.malformed', { name, offset: 0, reason: 'archive-damaged' }, error);
    }
    budget.spend(name, file.length, bytes.length);
    return bytes;
  };
  return { kind: 'gzip', name, entries: [{ path, sizeBytes: file.length, unpack }] };
}
