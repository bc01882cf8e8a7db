// What a memory map tells of the chip, and what it leaves open.
import { describe, expect, it } from 'vitest';
import { chipOf } from '../../main/devices/chips.ts';
import type { AlternateReport } from '../../shared/board.ts';

function alternate(kind: AlternateReport['kind'], start: number, count: number, sectorSize: number) {
  const runs = [{ start, sectorSize, count, readable: true, erasable: true, writable: true }];
  return { alternate: kind === 'main-flash' ? 0 : 1, name: '', kind, runs } as unknown as AlternateReport;
}

const twoHundredFiftySix = alternate('main-flash', 0x0800_0000, 128, 2048);

describe('the chip by its memory map', () => {
  it('is told by where its option bytes lie, where several have the same flash', () => {
    expect(chipOf([twoHundredFiftySix, alternate('option-bytes', 0x1fff_f800, 1, 16)])?.slug).toBe(
      'stm32f303',
    );
  });

  it.each([
    ['option bytes where an L4 and a G4 have them', [alternate('option-bytes', 0x1fff_7800, 1, 40)]],
    ['no option bytes', []],
  ])('is left open for a flash that several have, with %s', (_what, others) => {
    expect(chipOf([twoHundredFiftySix, ...others])).toBeUndefined();
  });
});
