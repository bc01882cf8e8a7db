// Bytes of an image as they are looked at: pieces fetched when they come into sight, the last ones kept.
import type { ImagePlace } from '../../shared/image-view.ts';
import { PieceCache } from './piece-cache.ts';

/** Bytes of a part. */
export interface ImagePiece extends ImagePlace {
  readonly length: number;
}

const pieceBytes = 16 * 1024;
/** 2 MiB: many screens, and little beside the page itself. */
const mostPieces = 128;

/** A small cache over `images.bytes`; reading is reactive. */
export class ImageBytes {
  readonly #load: (piece: ImagePiece) => Promise<Uint8Array>;
  readonly #pieces = new PieceCache(mostPieces);
  /** Rises with every piece, so that what was read is read again. */
  #fetched = $state(0);
  #wanted: readonly ImagePlace[] = [];
  #loading = false;

  /** @param load never rejects for long: what it throws ends the fetching until something is wanted again */
  constructor(load: (piece: ImagePiece) => Promise<Uint8Array>) {
    this.#load = load;
  }

  /** Bytes that are here already; undefined while a part of them is not. */
  read({ part, offset, length }: ImagePiece): Uint8Array | undefined {
    if (this.#fetched === 0) return undefined;
    const bytes = new Uint8Array(length);
    for (let at = offset; at < offset + length;) {
      const start = at - (at % pieceBytes);
      const piece = this.#pieces.get(keyOf(part, start));
      if (piece === undefined) return undefined;
      const some = piece.subarray(at - start, Math.min(pieceBytes, offset + length - start));
      if (some.length === 0) return undefined;
      bytes.set(some, at - offset);
      at += some.length;
    }
    return bytes;
  }

  /** Fetches what is missing of these. Only the newest wish counts: what went out of sight is not fetched any more. */
  want(pieces: readonly ImagePiece[]): void {
    const missing: ImagePlace[] = [];
    for (const { part, offset, length } of pieces) {
      for (let start = offset - (offset % pieceBytes); start < offset + length; start += pieceBytes) {
        const last = missing.at(-1);
        if (last?.part === part && last.offset === start) continue;
        if (!this.#pieces.keep(keyOf(part, start))) missing.push({ part, offset: start });
      }
    }
    this.#wanted = missing;
    void this.#fetch();
  }

  async #fetch(): Promise<void> {
    if (this.#loading) return;
    this.#loading = true;
    try {
      for (let next = this.#wanted[0]; next !== undefined; next = this.#wanted[0]) {
        const bytes = await this.#load({ ...next, length: pieceBytes });
        const key = keyOf(next.part, next.offset);
        this.#pieces.set(key, bytes);
        this.#wanted = this.#wanted.filter((one) => keyOf(one.part, one.offset) !== key);
        this.#fetched++;
      }
    } catch {
      // Whoever loads has told it; the rows stay dotted until they are looked at again.
      this.#wanted = [];
    } finally {
      this.#loading = false;
    }
  }
}

function keyOf(part: number, offset: number): string {
  return `${part}:${offset}`;
}
