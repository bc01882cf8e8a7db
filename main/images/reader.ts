// Fields of a binary file that may end anywhere, and lie about itself.
import { FlashError } from '../../shared/errors/flash-error.ts';
import { viewOf } from '../base/bytes.ts';

/** Reads fields; whatever lies beyond the end is `image.truncated`. */
export class Reader {
  readonly file: Uint8Array;
  readonly name: string;
  readonly #view: DataView;
  readonly #littleEndian: boolean;

  constructor(file: Uint8Array, name: string, littleEndian = true) {
    this.file = file;
    this.name = name;
    this.#view = viewOf(file);
    this.#littleEndian = littleEndian;
  }

  byte(offset: number): number {
    this.need(offset, 1);
    return this.#view.getUint8(offset);
  }

  half(offset: number): number {
    this.need(offset, 2);
    return this.#view.getUint16(offset, this.#littleEndian);
  }

  word(offset: number): number {
    this.need(offset, 4);
    return this.#view.getUint32(offset, this.#littleEndian);
  }

  /** A 64-bit field; past 2^53 it loses its last digits, which no file we take can tell. */
  long(offset: number): number {
    this.need(offset, 8);
    return Number(this.#view.getBigUint64(offset, this.#littleEndian));
  }

  /** The bytes of a range, not copied. @throws FlashError `image.truncated` */
  slice(offset: number, length: number): Uint8Array {
    this.need(offset, length);
    return this.file.subarray(offset, offset + length);
  }

  /** @param end where what is being read ends; the file's own end otherwise. @throws FlashError `image.truncated` */
  need(offset: number, length: number, end = this.file.length): void {
    if (offset + length > end) throw this.truncated(end, offset + length);
  }

  truncated(available: number, needed: number): FlashError {
    return new FlashError('image.truncated', { name: this.name, offset: available, needed, available });
  }

  malformed(offset: number, reason: string): FlashError {
    return new FlashError('image.malformed', { name: this.name, offset, reason });
  }
}

/** A run of ASCII letters of a file, whatever they are. */
export function textAt(file: Uint8Array, offset: number, length: number): string {
  return String.fromCharCode(...file.subarray(offset, offset + length));
}
