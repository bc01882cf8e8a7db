import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isFlashError } from '../../shared/errors/flash-error.ts';
import { namesPlace } from './outcome.ts';
import { parsers, type FuzzedParser } from './parsers.ts';

const soak = process.env['REKINDLE_SOAK'] !== undefined;
const runs = soak ? 200_000 : 10_000;
/** Long for one small input on a busy machine; an endless loop takes longer. */
const limitMs = 2_000;

/** A sample with some bytes or fields changed, cut or grown, with a true or a broken checksum; or anything at all. */
function inputs({ samples, reseal }: FuzzedParser): fc.Arbitrary<Uint8Array> {
  const field = fc.oneof(
    fc.uint8Array({ minLength: 1, maxLength: 1 }),
    fc.constantFrom(...fields, ...letters),
  );
  const mutated = fc.constantFrom(...samples).chain((sample) =>
    fc
      .record({
        changes: fc.array(fc.tuple(fc.constantFrom(...places(sample)), field), { maxLength: 4 }),
        cut: fc.option(fc.nat(sample.length), { freq: 2 }),
        extra: fc.uint8Array({ maxLength: 20 }),
        sealed: fc.boolean(),
      })
      .map(({ changes, cut, extra, sealed }) => {
        const bytes = cut === null ? sample.slice() : new Uint8Array([...sample.subarray(0, cut), ...extra]);
        for (const [at, value] of changes)
          if (at < bytes.length) bytes.set(value.subarray(0, bytes.length - at), at);
        if (sealed) reseal?.(bytes);
        return bytes;
      }),
  );
  return fc.oneof(
    { arbitrary: mutated, weight: 9 },
    { arbitrary: fc.uint8Array({ maxLength: 400 }), weight: 1 },
  );
}

/** Offsets worth changing: not in the middle of a long run of zeros, where most of a container lies. */
function places(sample: Uint8Array): number[] {
  return [...sample.keys()].filter((at) =>
    sample.subarray(Math.max(0, at - 4), at + 5).some((byte) => byte !== 0),
  );
}

/** Lengths and counts that break arithmetic. */
const fields = [0, 1, 0x7fffffff, 0x80000000, 0xffffffff, 0xfffffff0, 10_001].map(
  (value) => new Uint8Array(Uint32Array.of(value).buffer),
);

/** What texts are made of. */
const letters = Array.from('09FSM*/, g:', (letter) => Uint8Array.of(letter.charCodeAt(0)));

describe.each(parsers)('$name', (parser) => {
  it('is read or refused, and nothing else', { timeout: soak ? 600_000 : 20_000 }, () => {
    let read = 0;
    let refused = 0;
    fc.assert(
      fc.property(inputs(parser), (bytes) => {
        const started = performance.now();
        try {
          parser.parse(bytes);
          read++;
        } catch (error) {
          if (!isFlashError(error) || !error.code.startsWith(parser.errors)) throw error;
          if (parser.errors === 'image.') expect(error.params).toSatisfy(namesPlace);
          refused++;
        }
        expect(performance.now() - started).toBeLessThan(limitMs);
      }),
      { numRuns: runs, seed: 20261121 },
    );
    // Inputs that are all refused at the door test nothing behind it.
    expect(read).toBeGreaterThan(runs / 100);
    expect(refused).toBeGreaterThan(0);
  });

  it('reads its samples', () => {
    for (const sample of parser.samples) parser.parse(sample);
  });
});
