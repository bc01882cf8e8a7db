import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readImage } from '../../main/images/registry.ts';
import { verdictOf } from '../../shared/result.ts';
import { dfuseImage, flashRequest, makeRig, program } from '../support/rig.ts';

const start = 0x08000000;

describe('flashing a NanoVNA-H', () => {
  it('backs up, writes, compares, and sees the program start', async () => {
    const rig = makeRig('nanovna-h');
    const before = rig.board.flash.slice();
    const bytes = program(90_000);
    const result = await rig.run(flashRequest([dfuseImage([{ address: start, bytes }])]));
    expect(result.error).toBeUndefined();
    expect(verdictOf(result)).toBe('verified-and-running');
    expect(rig.board.flash.subarray(0, bytes.length)).toEqual(bytes);
    // The saved settings in the last page were not touched.
    expect(rig.board.flash.subarray(0x1f800)).toEqual(before.subarray(0x1f800));
    const backup = readImage(new Uint8Array(readFileSync(result.backup?.path ?? '')), 'backup.dfu');
    expect(backup.parts).toHaveLength(1);
    expect(backup.parts[0]?.address).toBe(start);
    expect(backup.parts[0]?.bytes).toEqual(before);
  });

  it('writes nothing where the image is there already', async () => {
    const rig = makeRig('nanovna-h');
    const image = dfuseImage([{ address: start, bytes: program(50_000) }]);
    await rig.run(flashRequest([image]));
    rig.port.replug();
    const blocks = rig.board.statistics.blocks;
    const result = await rig.run(flashRequest([image]));
    // The program runs now, so the board is in flash mode again only because the bench starts it there.
    expect(verdictOf(result)).toBe('verified-and-running');
    expect(rig.board.statistics.blocks).toBe(blocks);
  });
});
