import { describe, expect, it } from 'vitest';
import { keptIn } from '../../main/families/nanovna/layout.ts';
import type { Range } from '../../shared/ranges.ts';

const flash = 0x0800_0000;

function memory(size: number) {
  const bytes = new Uint8Array(size).fill(0xff);
  const view = new DataView(bytes.buffer);
  return {
    bytes,
    /** A structure of so many words, its sum at its end. */
    store: (address: number, magic: number, words = 40, wrongBy = 0): void => {
      let sum = 0;
      for (let word = 0; word < words; word++) {
        const value = word === 0 ? magic : (word * 0x9e37_79b9) >>> 0;
        view.setUint32(address - flash + word * 4, value, true);
        sum = (((sum << 1) | (sum >>> 31)) + value) >>> 0;
      }
      view.setUint32(address - flash + words * 4, (sum + wrongBy) >>> 0, true);
    },
    read: (range: Range) => bytes.subarray(range.start - flash, range.end - flash),
  };
}

describe('what a NanoVNA keeps', () => {
  it("is ttrftech's by one magic word", () => {
    const { store, read } = memory(0x20000);
    store(0x0801_8000, 0x434f_4e45);
    store(0x0801_a000, 0x434f_4e45, 1000);
    expect(keptIn('stm32f072', read)).toEqual({ layout: 'ttrftech', slots: [1] });
  });

  it("is DiSlord's by two", () => {
    const { store, read } = memory(0x20000);
    store(0x0801_f800, 0x434f_4e56);
    store(0x0801_8000, 0x434f_4e54, 1100);
    store(0x0801_e000, 0x434f_4e54, 1100);
    expect(keptIn('stm32f072', read)).toEqual({ layout: 'dislord', slots: [0, 4] });
  });

  it('is found on the H4 in its own places', () => {
    const { store, read } = memory(0x40000);
    store(0x0803_f800, 0x434f_4e56);
    store(0x0803_b800, 0x434f_4e54, 4000);
    expect(keptIn('stm32f303', read)).toEqual({ layout: 'dislord', slots: [6] });
  });

  it("is the present program's where the last one's remains lie beside it", () => {
    const { store, read } = memory(0x20000);
    store(0x0801_a000, 0x434f_4e45);
    store(0x0801_f800, 0x434f_4e56);
    expect(keptIn('stm32f072', read)?.layout).toBe('dislord');
  });

  it('is nothing on a blank chip, with a wrong sum, unread, or on another chip', () => {
    expect(keptIn('stm32f072', memory(0x20000).read)).toBeUndefined();
    const { store, read } = memory(0x20000);
    store(0x0801_f800, 0x434f_4e56, 40, 1);
    expect(keptIn('stm32f072', read)).toBeUndefined();
    store(0x0801_f800, 0x434f_4e56);
    expect(keptIn('stm32f072', () => undefined)).toBeUndefined();
    expect(keptIn('stm32f303', () => undefined)).toBeUndefined();
    expect(keptIn(undefined, read)).toBeUndefined();
  });
});
