// Large files are read beside the event loop, with the same outcome as small ones.
import { describe, expect, it } from 'vitest';
import { convertImage } from '../../main/images/convert.ts';
import { addressedPart } from '../../main/images/image.ts';
import { readImage } from '../../main/images/registry.ts';
import { openImage } from '../../main/workers/read-image.ts';
import { isFlashError } from '../../shared/errors/flash-error.ts';
import { limits } from '../../shared/limits.ts';
import { zipFile } from '../support/maker-files.ts';
import { program } from '../support/rig.ts';

const mebi = 1024 * 1024;
const shell = readImage(program(64), 'a.bin');
const hex = convertImage({ ...shell, parts: [addressedPart(0x08000000, program(4 * mebi))] }, 'hex');

async function refusal(file: Uint8Array, name: string): Promise<unknown> {
  try {
    return (await openImage(file, name)).format;
  } catch (error) {
    if (!isFlashError(error)) throw error;
    return { code: error.code, params: error.params };
  }
}

describe('a large file', () => {
  it('is read to the same image as in place', async () => {
    for (const [file, name] of [
      [hex, 'a.hex'],
      [program(3 * mebi), 'a.bin'],
      [zipFile({ 'a.hex': hex, 'readme.txt': 'hello' }), 'a.zip'],
    ] as const) {
      expect(file.length).toBeGreaterThan(limits.readInPlaceBytes);
      const { parts: expected, ...expectedRest } = readImage(file.slice(), name);
      const { parts, ...rest } = await openImage(file.slice(), name);
      expect(rest).toEqual(expectedRest);
      expect(parts.map((part) => part.address)).toEqual(expected.map((part) => part.address));
      for (const [index, part] of parts.entries())
        expect(Buffer.from(part.bytes).equals(expected[index]?.bytes ?? Buffer.of())).toBe(true);
    }
  });

  it('is refused with the same words', async () => {
    const bad = hex.slice();
    bad[5_000_000] = 0x5a;
    expect(await refusal(bad.slice(), 'a.hex')).toEqual({
      code: 'image.malformed',
      params: expect.objectContaining({ name: 'a.hex', line: expect.any(Number) as number }) as object,
    });
  });

  it('does not hold up the event loop', async () => {
    let ticks = 0;
    const ticking = setInterval(() => ticks++, 1);
    const before = ticks;
    await openImage(hex.slice(), 'a.hex');
    clearInterval(ticking);
    expect(ticks - before).toBeGreaterThan(10);
  });
});

describe('a small file', () => {
  it('is read in place, and its bytes stay', async () => {
    const file = program(1_000);
    expect((await openImage(file, 'a.bin')).parts[0]?.bytes).toBe(file);
    expect(file.length).toBe(1_000);
  });
});
