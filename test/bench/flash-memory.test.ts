import { describe, expect, it } from 'vitest';
import { FlashMemory } from '../../main/bench/flash-memory.ts';

const layout = [
  { size: 16, count: 4, eraseMs: 1 },
  { size: 64, count: 1, eraseMs: 4 },
  { size: 128, count: 2, eraseMs: 8 },
];

describe('flash cells', () => {
  it('are ones when new, and a write only clears bits', () => {
    const flash = new FlashMemory(0x1000, layout);
    expect(flash.bytes).toEqual(new Uint8Array(384).fill(0xff));
    flash.program(0x1010, Uint8Array.of(0xf0, 0x0f));
    flash.program(0x1010, Uint8Array.of(0x3c, 0xff));
    expect(flash.read(0x1010, 3)).toEqual(Uint8Array.of(0x30, 0x0f, 0xff));
  });

  it('are ones again after an erase of their sector, and no other', () => {
    const flash = new FlashMemory(0x1000, layout);
    flash.program(0x1000, new Uint8Array(384));
    const sector = flash.sectorAt(0x1000 + 16 * 4 + 5);
    expect(sector).toEqual({ offset: 64, size: 64, eraseMs: 4 });
    flash.erase(64, 64);
    expect(flash.read(0x1000, 64)).toEqual(new Uint8Array(64));
    expect(flash.read(0x1040, 64)).toEqual(new Uint8Array(64).fill(0xff));
    expect(flash.read(0x1080, 256)).toEqual(new Uint8Array(256));
  });

  it.each([
    [0x0fff, undefined],
    [0x1000, { offset: 0, size: 16, eraseMs: 1 }],
    [0x103f, { offset: 48, size: 16, eraseMs: 1 }],
    [0x1040, { offset: 64, size: 64, eraseMs: 4 }],
    [0x1080, { offset: 128, size: 128, eraseMs: 8 }],
    [0x117f, { offset: 256, size: 128, eraseMs: 8 }],
    [0x1180, undefined],
  ])('the sector at %i', (address, sector) => {
    expect(new FlashMemory(0x1000, layout).sectorAt(address)).toEqual(sector);
  });
});
