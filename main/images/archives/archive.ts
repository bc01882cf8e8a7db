// What archives have in common, and the bounds that hold for all of them together.
import { FlashError } from '../../../shared/errors/flash-error.ts';
import { limits } from '../../../shared/limits.ts';

/** One file of an archive; unpacked only when asked for. */
export interface ArchiveEntry {
  /** Its path within the archive, with slashes; never leads out of it. */
  readonly path: string;
  readonly sizeBytes: number;
  /** A property, so that it may be handed on. @throws FlashError `image.archive-limit`, `image.malformed`, `image.bad-checksum` */
  readonly unpack: () => Uint8Array;
}

export interface Archive {
  readonly kind: 'zip' | 'gzip';
  readonly name: string;
  readonly entries: readonly ArchiveEntry[];
}

/** What may still be unpacked, over an archive and all archives in it. */
export class UnpackBudget {
  #left: number = limits.archiveUnpackedBytes;

  /**
   * Before anything is unpacked, by what the archive says of itself: whoever unpacks stops there.
   * @throws FlashError `image.archive-limit`
   */
  spend(name: string, packedBytes: number, unpackedBytes: number): void {
    if (unpackedBytes > this.#left)
      throw new FlashError('image.archive-limit', {
        name,
        what: 'unpacked',
        limit: limits.archiveUnpackedBytes,
      });
    if (unpackedBytes > mostFrom(packedBytes))
      throw new FlashError('image.archive-limit', { name, what: 'ratio', limit: limits.archiveRatio });
    this.#left -= unpackedBytes;
  }
}

/** The most that so many packed bytes may unpack to. */
function mostFrom(packedBytes: number): number {
  return Math.max(limits.archiveRatioFromBytes, packedBytes * limits.archiveRatio);
}
