// Every sample of every parser, damaged in every simple way there is: cut at each byte, each bit flipped, each field grown.
import { describe, expect, it } from 'vitest';
import { isFlashError } from '../../shared/errors/flash-error.ts';
import { namesPlace } from './outcome.ts';
import { parsers, type FuzzedParser } from './parsers.ts';

const soak = process.env['REKINDLE_SOAK'] !== undefined;
/** In the short run large samples are flipped and grown at this many places only; they are cut everywhere. */
const mostPlaces = soak ? Number.POSITIVE_INFINITY : 150;

/** Reads, or refuses as a parser may. */
function attempt(parser: FuzzedParser, bytes: Uint8Array): 'read' | 'refused' {
  try {
    parser.parse(bytes);
    return 'read';
  } catch (error) {
    if (!isFlashError(error) || !error.code.startsWith(parser.errors)) throw error;
    if (parser.errors === 'image.') expect(error.params).toSatisfy(namesPlace);
    return 'refused';
  }
}

function* placesIn(length: number): Generator<number> {
  const step = Math.max(1, Math.ceil(length / mostPlaces));
  for (let at = 0; at < length; at += step) yield at;
}

describe.each(parsers)('$name', { timeout: soak ? 600_000 : 20_000 }, (parser) => {
  it('cut at any byte', () => {
    for (const sample of parser.samples)
      for (let length = 0; length < sample.length; length++) attempt(parser, sample.slice(0, length));
  });

  it('with any bit flipped, its checksum as it was and made right', () => {
    for (const sample of parser.samples) {
      for (const at of placesIn(sample.length)) {
        for (let bit = 0; bit < 8; bit++) {
          const bytes = sample.slice();
          bytes[at] = (bytes[at] ?? 0) ^ (1 << bit);
          attempt(parser, bytes);
          parser.reseal?.(bytes);
          attempt(parser, bytes);
        }
      }
    }
  });

  it('with any field grown to what breaks arithmetic', () => {
    for (const sample of parser.samples) {
      for (const at of placesIn(sample.length - 3)) {
        for (const value of [0x7fffffff, 0xffffffff, sample.length, sample.length + 1]) {
          const bytes = sample.slice();
          new DataView(bytes.buffer).setUint32(at, value, true);
          attempt(parser, bytes);
          parser.reseal?.(bytes);
          attempt(parser, bytes);
        }
      }
    }
  });
});
