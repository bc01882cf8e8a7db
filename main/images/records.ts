// What Intel HEX and S-record files share: lines of hex digits with a length and a sum.
import { FlashError } from '../../shared/errors/flash-error.ts';
import { digitTable, hexByteAt, notADigit } from './hex-digits.ts';

const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const longestRecord = 255;

/** Walks over a text file record by record, and knows which line it is in. */
export class RecordWalk {
  readonly file: Uint8Array;
  readonly name: string;
  /** Bytes of the record just read, checksum included; overwritten by the next. */
  readonly record = new Uint8Array(longestRecord + 8);
  /** Where the next record, or what is there instead, begins. */
  at = 0;
  line = 1;

  constructor(file: Uint8Array, name: string) {
    this.file = file;
    this.name = name;
    // Editors on Windows like to put a byte order mark before text.
    if (file[0] === 0xef && file[1] === 0xbb && file[2] === 0xbf) this.at = 3;
  }

  /** Goes over line ends and blanks; false at the end of the file. */
  toNextRecord(): boolean {
    const { file } = this;
    for (; this.at < file.length; this.at++) {
      const letter = file[this.at];
      if (letter === lineFeed) this.line++;
      else if (letter === carriageReturn) {
        if (file[this.at + 1] !== lineFeed) this.line++;
      } else if (letter !== 0x20 && letter !== 0x09) return true;
    }
    return false;
  }

  /**
   * Reads `count` bytes of digits from `from` into `record` and gives their sum. `at` is then behind them.
   * @throws FlashError `image.malformed`
   */
  take(from: number, count: number): number {
    const { file, record } = this;
    const end = from + 2 * count;
    if (end > file.length) throw this.malformed('record-cut');
    let sum = 0;
    let wrong = 0;
    for (let source = from, target = 0; source < end; source += 2, target++) {
      const high = digitTable[file[source] as number] as number;
      const low = digitTable[file[source + 1] as number] as number;
      wrong |= high | low;
      const value = ((high << 4) | low) & 0xff;
      record[target] = value;
      sum += value;
    }
    if ((wrong & notADigit) !== 0) throw this.malformed('not-hex');
    this.at = end;
    return sum;
  }

  /** One byte written at `at`, not consumed. @throws FlashError `image.malformed` */
  byteAt(at: number): number {
    if (at + 2 > this.file.length) throw this.malformed('record-cut');
    const value = hexByteAt(this.file, at);
    if (value >= notADigit) throw this.malformed('not-hex');
    return value;
  }

  /** Behind a record only the end of its line may follow. @throws FlashError `image.malformed` */
  endOfLine(): void {
    const letter = this.file[this.at];
    if (letter === undefined || letter === lineFeed || letter === carriageReturn) return;
    if (letter !== 0x20 && letter !== 0x09) throw this.malformed('record-length');
  }

  malformed(reason: string): FlashError {
    const { name, at: offset, line } = this;
    return new FlashError('image.malformed', { name, offset, line, reason });
  }

  badSum(expected: number, found: number): FlashError {
    const { name, at: offset, line } = this;
    const hex = (value: number): string => value.toString(16).padStart(2, '0');
    return new FlashError('image.bad-checksum', {
      name,
      offset,
      line,
      expected: hex(expected),
      found: hex(found),
    });
  }

  /** Bytes behind the closing record that are more than blank lines. */
  leftover(): number {
    return this.toNextRecord() ? this.file.length - this.at : 0;
  }
}

/** The first bytes of a file as text, without a byte order mark or leading blanks. */
export function beginningOf(file: Uint8Array): string {
  // A record has at most 521 letters.
  return String.fromCharCode(...file.subarray(0, 600))
    .replace(/^\xef\xbb\xbf/, '')
    .trimStart();
}

/** The line, from 1, that a byte of a text file is in. For errors: it counts from the beginning. */
export function lineOf(file: Uint8Array, offset: number): number {
  let line = 1;
  for (let at = 0; at < offset; at++) {
    const letter = file[at];
    if (letter === lineFeed || (letter === carriageReturn && file[at + 1] !== lineFeed)) line++;
  }
  return line;
}
