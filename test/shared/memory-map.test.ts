import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addressAfter,
  banksOf,
  claimsLeft,
  sectorAt,
  sectorCount,
  segmentsOf,
} from '../../shared/memory-map.ts';
import type { RegionPlan } from '../../shared/plan.ts';
import { contains, totalSize } from '../../shared/ranges.ts';

const access = { readable: true, erasable: true, writable: true };
const f405 = [
  { start: 0x08020000, sectorSize: 0x20000, count: 7, ...access },
  { start: 0x08000000, sectorSize: 0x4000, count: 4, ...access },
  { start: 0x08010000, sectorSize: 0x10000, count: 1, ...access },
];
const nothing: RegionPlan = {
  alternate: 0,
  name: '',
  image: [],
  erase: [],
  eraseSectors: 0,
  write: [],
  unchanged: [],
  kept: [],
  lost: [],
};

describe('banks', () => {
  it('joins runs that touch, in order of address', () => {
    const banks = banksOf(f405);
    expect(banks).toHaveLength(1);
    expect(banks[0]).toMatchObject({ start: 0x08000000, end: 0x08100000 });
    expect(sectorCount(banks)).toBe(12);
  });

  it('keeps memories apart that do not touch, and leaves out what overlaps', () => {
    const far = { start: 0x1fff0000, sectorSize: 1024, count: 2, ...access };
    const twice = { start: 0x08000000, sectorSize: 0x100, count: 1, ...access };
    expect(banksOf([far, ...f405, twice]).map(({ start }) => start)).toEqual([0x08000000, 0x1fff0000]);
  });

  it('finds the sector at an address', () => {
    const banks = banksOf(f405);
    expect(sectorAt(banks, 0x08010001)).toEqual({ start: 0x08010000, end: 0x08020000, index: 4 });
    expect(sectorAt(banks, 0x080fffff)?.index).toBe(11);
    expect(sectorAt(banks, 0x08100000)).toBeUndefined();
    expect(sectorAt(banks, 0)).toBeUndefined();
  });
});

describe('segments', () => {
  it('tells written, kept, erased and forbidden bytes apart', () => {
    const start = 0x08000000;
    const plan: RegionPlan = {
      ...nothing,
      erase: [{ start, end: start + 0x8000 }],
      write: [{ start, end: start + 0x3000 }],
      kept: [{ start: start + 0x2000, end: start + 0x3000 }],
    };
    const forbidden = [{ start: start + 0xc000, end: start + 0x10000 }];
    expect(segmentsOf(banksOf(f405), plan, forbidden)).toEqual([
      { kind: 'written', start, end: start + 0x2000 },
      { kind: 'kept', start: start + 0x2000, end: start + 0x3000 },
      { kind: 'erased', start: start + 0x3000, end: start + 0x8000 },
      { kind: 'untouched', start: start + 0x8000, end: start + 0xc000 },
      { kind: 'forbidden', start: start + 0xc000, end: start + 0x10000 },
      { kind: 'untouched', start: start + 0x10000, end: start + 0x100000 },
    ]);
  });

  const range = fc
    .tuple(fc.integer({ min: 0, max: 5000 }), fc.integer({ min: 0, max: 2000 }))
    .map(([from, size]) => ({ start: from, end: from + size }));
  const ranges = fc.array(range, { maxLength: 6 });

  it('covers every byte of every bank once, whatever the plan says', () => {
    const banks = banksOf([
      { start: 100, sectorSize: 64, count: 20, ...access },
      { start: 3000, sectorSize: 256, count: 5, ...access },
    ]);
    fc.assert(
      fc.property(ranges, ranges, ranges, ranges, ranges, (erase, write, kept, unchanged, forbidden) => {
        const segments = segmentsOf(banks, { ...nothing, erase, write, kept, unchanged }, forbidden);
        expect(totalSize(segments)).toBe(totalSize(banks));
        segments.forEach((segment, at) => {
          expect(banks.some((bank) => contains(bank, segment))).toBe(true);
          expect(segment.start).toBeGreaterThanOrEqual(segments[at - 1]?.end ?? 0);
        });
      }),
    );
  });
});

it('follows the bytes written through the ranges', () => {
  const ranges = [
    { start: 100, end: 110 },
    { start: 200, end: 220 },
  ];
  expect(addressAfter(ranges, 0)).toBe(100);
  expect(addressAfter(ranges, 15)).toBe(205);
  expect(addressAfter(ranges, 99)).toBe(220);
  expect(addressAfter([], 5)).toBeUndefined();
});

describe('what a job left', () => {
  it('is drawn of its own memory only, doubt before all else', () => {
    const at = (from: number, to: number) => ({ start: 0x08000000 + from, end: 0x08000000 + to });
    const left = claimsLeft(
      {
        written: [{ alternate: 0, ranges: [at(0, 0x4000)] }],
        inDoubt: [{ alternate: 0, ranges: [at(0x3000, 0x5000)] }],
        erased: [
          { alternate: 0, ranges: [at(0x5000, 0x8000)] },
          { alternate: 1, ranges: [at(0, 0x20000)] },
        ],
      },
      0,
    );
    const segments = segmentsOf(banksOf(f405.slice(1, 2)), left);
    expect(segments.map(({ kind, start, end }) => [kind, start - 0x08000000, end - 0x08000000])).toEqual([
      ['written', 0, 0x3000],
      ['doubt', 0x3000, 0x5000],
      ['erased', 0x5000, 0x8000],
      ['untouched', 0x8000, 0x10000],
    ]);
  });
});
