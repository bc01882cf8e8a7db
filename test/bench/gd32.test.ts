// A GD32VF103: its map is not its own, its serial is no UTF-16, and it goes on the closing request
// itself (dfu.md 2.2, 2.6; devices.md 0.2).
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { gd32Program } from '../../main/bench/boards/gd32vf103.ts';
import { readImage } from '../../main/images/registry.ts';
import { flashRequest, makeRig } from '../support/rig.ts';
import { plugRaw } from './raw-board.ts';

const flashOf = (bytes: Uint8Array) =>
  flashRequest([readImage(bytes, 'firmware.bin')], { address: 0x08000000 });

describe('a GD32VF103', () => {
  it('says 1 MB in pages of 2 KB, and its serial in 8 bits a letter', async () => {
    const raw = await plugRaw('gd32vf103');
    const { device } = raw.port;
    const utf16 = (index: number): string =>
      new TextDecoder('utf-16le').decode(device?.stringDescriptor(index, 0x0409)?.subarray(2));
    expect(utf16(4)).toBe('@Internal Flash  /0x08000000/512*002Kg');
    expect(device?.stringDescriptor(3, 0x0409)).toEqual(Uint8Array.of(6, 3, 0x33, 0x43, 0x42, 0x4a));
  });

  it('is written in the pages it has, compared, and gone before it can be asked how it went', async () => {
    const rig = makeRig('gd32vf103');
    const before = rig.board.flash.slice();
    const bytes = gd32Program(61_001, 5);
    const result = await rig.run(flashOf(bytes));
    expect(result.error).toBeUndefined();
    expect(result).toMatchObject({ outcome: 'done', content: { kind: 'verified' } });
    expect(rig.board.flash.subarray(0, bytes.length)).toEqual(bytes);
    // 60 pages of 1 KB hold it; a page of the map's own 2 KB would have taken one more.
    expect(rig.board.flash.subarray(60 * 1024)).toEqual(before.subarray(60 * 1024));
    expect(rig.board.statistics.erases).toBe(60);
    const backup = readImage(new Uint8Array(readFileSync(result.backup?.path ?? '')), 'backup.dfu');
    expect(backup.parts.map((part) => part.bytes)).toEqual([before]);
  });

  it('takes no image that fits into its map and not into its flash', async () => {
    const rig = makeRig('gd32vf103');
    const before = rig.board.flash.slice();
    const bytes = gd32Program(200 * 1024, 5);
    const result = await rig.run(flashOf(bytes));
    expect(result).toMatchObject({ outcome: 'refused', error: { code: 'plan.outside-memory' } });
    expect(rig.board.flash).toEqual(before);
    expect(rig.board.statistics.blocks).toBe(0);
  });

  it('tells apart which pages a pulled cable left, and is repaired', async () => {
    const rig = makeRig('gd32vf103', { faults: [{ kind: 'vanish', at: { what: 'block', index: 12 } }] });
    const bytes = gd32Program(60_000, 9);
    const request = flashOf(bytes);
    const cut = await rig.run(request);
    expect(cut).toMatchObject({ outcome: 'interrupted', content: { kind: 'partial' } });
    rig.port.replug();
    expect(await rig.run(request)).toMatchObject({ outcome: 'done', content: { kind: 'verified' } });
    expect(rig.board.flash.subarray(0, bytes.length)).toEqual(bytes);
  });
});
