// An image by address: bytes, search and comparison.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressedPart } from '../../main/images/image.ts';
import { bytesIn, compareRuns, findIn, viewRuns } from '../../main/images/view.ts';
import { hexLines } from '../../main/cli/hex-view.ts';
import { memoryBar } from '../../main/cli/memory-map.ts';

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);
const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('bytes by address', () => {
  it('has nothing where the image has nothing', () => {
    const runs = viewRuns([addressedPart(8, bytes(3)), addressedPart(2, bytes(1, 2))]);
    expect(bytesIn(runs, { start: 1, end: 10 })).toEqual([
      undefined,
      1,
      2,
      undefined,
      undefined,
      undefined,
      undefined,
      3,
      undefined,
    ]);
  });
});

describe('search', () => {
  it('finds what indexOf finds', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 200, max: 3 }),
        fc.uint8Array({ minLength: 1, maxLength: 4, max: 3 }),
        (all, wanted) => {
          const text = String.fromCharCode(...all);
          const expected: number[] = [];
          for (
            let at = text.indexOf(String.fromCharCode(...wanted));
            at >= 0;
            at = text.indexOf(String.fromCharCode(...wanted), at + 1)
          )
            expected.push(0x1000 + at);
          expect(findIn([{ start: 0x1000, bytes: all }], wanted, { limit: 1_000 })).toEqual(expected);
        },
      ),
    );
  });

  it('begins where it is told, and ends at its limit', () => {
    const runs = viewRuns([addressedPart(0, ascii('abcabc')), addressedPart(100, ascii('abc'))]);
    expect(findIn(runs, ascii('abc'), { from: 1, limit: 9 })).toEqual([3, 100]);
    expect(findIn(runs, ascii('abc'), { limit: 2 })).toEqual([0, 3]);
    expect(findIn(runs, bytes(), { limit: 9 })).toEqual([]);
  });
});

describe('comparison', () => {
  it('tells what changed, and what only one of them has', () => {
    const first = viewRuns([addressedPart(0, new Uint8Array(100)), addressedPart(200, bytes(1, 2))]);
    const second = viewRuns([addressedPart(50, new Uint8Array(100).fill(0).fill(7, 10, 12).fill(7, 40, 41))]);
    expect(compareRuns(first, second)).toEqual({
      changed: [
        { start: 60, end: 62 },
        { start: 90, end: 91 },
      ],
      onlyFirst: [
        { start: 0, end: 50 },
        { start: 200, end: 202 },
      ],
      onlySecond: [{ start: 100, end: 150 }],
      more: false,
    });
  });

  it('finds every byte that differs, in the order of their addresses', () => {
    const some = fc.uint8Array({ minLength: 64, maxLength: 64, max: 1 });
    fc.assert(
      fc.property(some, some, (a, b) => {
        const { changed } = compareRuns([{ start: 0, bytes: a }], [{ start: 0, bytes: b }]);
        for (let at = 0; at < 64; at++) {
          if (a[at] !== b[at])
            expect(changed.some((range) => at >= range.start && at < range.end)).toBe(true);
        }
        for (const range of changed) {
          expect(a[range.start]).not.toBe(b[range.start]);
          expect(a[range.end - 1]).not.toBe(b[range.end - 1]);
        }
      }),
    );
  });
});

describe('the hex view', () => {
  it('shows bytes, letters and gaps, and jumps over what is not there', () => {
    const runs = viewRuns([
      addressedPart(0x08000004, ascii('Hi!\x00')),
      addressedPart(0x1ffff800, bytes(0xaa, 0x55)),
    ]);
    expect(hexLines(runs, 0x08000004, 0x18000000)).toEqual([
      '0x08000000  -- -- -- -- 48 69 21 00  -- -- -- -- -- -- -- --      Hi!.        ',
      '...',
      '0x1FFFF800  aa 55 -- -- -- -- -- --  -- -- -- -- -- -- -- --  .U              ',
    ]);
  });

  it('has no lines where there is nothing', () => {
    expect(hexLines(viewRuns([addressedPart(0, bytes(1))]), 0x1000, 16)).toEqual([]);
    expect(hexLines([], 0, 16)).toEqual([]);
  });
});

describe('the memory map', () => {
  it('shows what is full, partly full and empty', () => {
    const memory = { start: 0, end: 56 };
    expect(memoryBar(memory, [{ start: 0, end: 2 }])).toBe(
      `0x00000000-0x00000037 [##${'.'.repeat(54)}] 2 B of 56 B`,
    );
    expect(memoryBar({ start: 0, end: 112 }, [{ start: 0, end: 3 }])).toContain(`[#+${'.'.repeat(54)}]`);
  });
});
