// Rows of sixteen bytes: every byte stands once, at its address, and is found again.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cellsOf, marksOf } from '../../../renderer/parts/hex-cells.ts';
import { addressOf, layoutHex, placeNear, rowAt, rowOf } from '../../../renderer/parts/hex-layout.ts';

const two = layoutHex([
  { part: 1, address: 0x1003, bytes: 20 },
  { part: 0, address: 0x2000, bytes: 16 },
]);

describe('rows', () => {
  it('begin at multiples of sixteen, with a row for what is not there', () => {
    expect(two.rowCount).toBe(4);
    expect([0, 1, 2, 3].map((row) => rowAt(two, row))).toEqual([
      { kind: 'bytes', part: 1, offset: 0, skip: 3, count: 13, address: 0x1000 },
      { kind: 'bytes', part: 1, offset: 13, skip: 0, count: 7, address: 0x1010 },
      { kind: 'gap', start: 0x1017, end: 0x2000 },
      { kind: 'bytes', part: 0, offset: 0, skip: 0, count: 16, address: 0x2000 },
    ]);
    expect(rowAt(two, 4)).toBeUndefined();
    expect(rowAt(two, -1)).toBeUndefined();
  });

  it('need no gap between neighbours, and one where another memory begins', () => {
    const touching = layoutHex([
      { part: 0, address: 0, bytes: 16 },
      { part: 1, address: 16, bytes: 16 },
      { part: 2, address: 0, bytes: 1 },
    ]);
    expect([0, 1, 2, 3].map((row) => rowAt(touching, row)?.kind)).toEqual(['bytes', 'bytes', 'gap', 'bytes']);
    expect(layoutHex([{ part: 0, address: 5, bytes: 0 }]).rowCount).toBe(0);
  });

  it('have every byte once and find it again, whatever the parts', () => {
    const parts = fc.array(fc.tuple(fc.nat(40), fc.nat(70)), { maxLength: 8 }).map((sizes) => {
      let end = 0;
      return sizes.map(([gap, bytes], part) => {
        const address = end + gap;
        end = address + bytes;
        return { part, address, bytes };
      });
    });
    fc.assert(
      fc.property(parts, (list) => {
        const layout = layoutHex(list);
        const seen = new Set<string>();
        for (let row = 0; row < layout.rowCount; row++) {
          const one = rowAt(layout, row);
          if (one?.kind !== 'bytes') continue;
          expect(one.address % 16).toBe(0);
          for (let at = 0; at < one.count; at++) {
            const place = { part: one.part, offset: one.offset + at };
            seen.add(`${place.part}:${place.offset}`);
            expect(rowOf(layout, place)).toBe(row);
            const address = one.address + one.skip + at;
            expect(addressOf(layout, place)).toBe(address);
            expect(placeNear(layout, address)).toEqual({ ...place, address });
          }
        }
        expect(seen.size).toBe(list.reduce((sum, { bytes }) => sum + bytes, 0));
      }),
    );
  });

  it('say which byte comes next where an address has none', () => {
    expect(placeNear(two, 0x1800)).toEqual({ part: 0, offset: 0, address: 0x2000 });
    expect(placeNear(two, 0x2010)).toBeUndefined();
  });
});

describe('cells', () => {
  it('are few texts, split where a mark begins or ends', () => {
    const marks = marksOf(0x1000, [['changed', [{ start: 0x1004, end: 0x1006 }]]]);
    const { hex, letters } = cellsOf({ skip: 3, count: 4 }, Uint8Array.of(0x41, 0x42, 0x43, 0), marks);
    expect(hex.map(({ mark, text }) => [mark, text.trimEnd()])).toEqual([
      ['none', '         41'],
      ['changed', '42 43'],
      ['none', ' 00'],
    ]);
    expect(letters.map(({ text }) => text).join('')).toBe('   ABC.         ');
  });

  it('are dots while the bytes are on their way, and as wide as with them', () => {
    const marks = marksOf(0, []);
    const width = (bytes?: Uint8Array): number =>
      cellsOf({ skip: 0, count: 16 }, bytes, marks).hex.reduce((sum, run) => sum + run.text.length, 0);
    expect(width()).toBe(width(new Uint8Array(16)));
  });
});
