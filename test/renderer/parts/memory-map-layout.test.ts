import { describe, expect, it } from 'vitest';
import {
  addressAt,
  dividersOf,
  placeBanks,
  scaleOf,
  xOf,
} from '../../../renderer/parts/memory-map-layout.ts';
import { banksOf } from '../../../shared/memory-map.ts';

const access = { readable: true, erasable: true, writable: true };
const flash = 0x08000000;
const big = { start: flash, sectorSize: 2048, count: 512, ...access };
const small = { start: 0x1fff0000, sectorSize: 1024, count: 4, ...access };

describe('the map on screen', () => {
  const placed = placeBanks(banksOf([big, small]), 800);

  it('fills the width, and a small bank can still be seen', () => {
    const [one, two] = placed;
    expect(one?.left).toBe(0);
    expect((two?.left ?? 0) + (two?.width ?? 0)).toBeCloseTo(800);
    expect(two?.width).toBeCloseTo(80);
  });

  it('finds its way from addresses to pixels and back', () => {
    for (const address of [flash, flash + 0x8000, 0x1fff0000, 0x1fff0800]) {
      const x = xOf(placed, address) ?? Number.NaN;
      expect(Math.abs((addressAt(placed, x + 0.001) ?? 0) - address)).toBeLessThan(2048);
    }
    expect(xOf(placed, 0)).toBeUndefined();
    expect(addressAt(placed, 705)).toBeUndefined();
  });

  it('draws no dividers that would run into one another', () => {
    expect(placed.map((one) => dividersOf(one).length)).toEqual([0, 3]);
    expect(placeBanks(banksOf([{ ...big, count: 64 }]), 800).map((one) => dividersOf(one).length)).toEqual([
      63,
    ]);
  });

  it('keeps labels of the scale apart, on round addresses', () => {
    for (const width of [200, 640, 1400]) {
      const [bank] = placeBanks(banksOf([big]), width);
      const major = bank === undefined ? [] : scaleOf(bank).filter((mark) => mark.major);
      expect(major.length).toBeGreaterThan(0);
      major.forEach((mark, at) => {
        expect(mark.address % 0x1000).toBe(0);
        if (at > 0) expect(mark.x - (major[at - 1]?.x ?? 0)).toBeGreaterThanOrEqual(96);
      });
    }
  });

  it('survives having no room and no sectors', () => {
    expect(placeBanks([], 800)).toEqual([]);
    expect(placeBanks(banksOf([big]), 0)[0]?.width).toBe(0);
  });
});
