// UF2, block by block (dfu.md 3.7).
import { describe, expect, it } from 'vitest';
import { readImage } from '../../main/images/registry.ts';
import { isFlashError } from '../../shared/errors/flash-error.ts';

const stm32f4 = 0x57755a57;
const rp2040 = 0xe48bff56;

interface Block {
  readonly address: number;
  readonly data?: readonly number[];
  readonly flags?: number;
  readonly number?: number;
  readonly total?: number;
  readonly family?: number;
  readonly tags?: readonly number[];
}

function uf2(blocks: readonly Block[]): Uint8Array {
  const file = new Uint8Array(512 * blocks.length);
  const view = new DataView(file.buffer);
  for (const [index, block] of blocks.entries()) {
    const { data = [1, 2, 3, 4], tags = [], family } = block;
    const flags = (block.flags ?? 0) | (family === undefined ? 0 : 0x2000) | (tags.length > 0 ? 0x8000 : 0);
    const { number = index, total = blocks.length } = block;
    const words = [0x0a324655, 0x9e5d5157, flags, block.address, data.length, number, total, family ?? 0];
    for (const [at, word] of words.entries()) view.setUint32(index * 512 + at * 4, word, true);
    file.set(data, index * 512 + 32);
    file.set(tags, index * 512 + 32 + ((data.length + 3) & ~3));
    view.setUint32(index * 512 + 508, 0x0ab16f30, true);
  }
  return file;
}

const ascii = (text: string): number[] => Array.from(text, (letter) => letter.charCodeAt(0));

function codeOf(file: Uint8Array): string {
  try {
    readImage(file, 'a.uf2');
    return 'read';
  } catch (error) {
    return isFlashError(error) ? error.code : String(error);
  }
}

describe('UF2', () => {
  it('joins blocks, in any order, under any name', () => {
    const file = uf2([
      { address: 0x08000004, number: 1, family: stm32f4 },
      { address: 0x08000000, number: 0, family: stm32f4 },
    ]);
    const image = readImage(file, 'firmware.bin');
    expect(image.parts.map((part) => [part.address, part.chip, ...part.bytes])).toEqual([
      [0x08000000, 'stm32f4', 1, 2, 3, 4, 1, 2, 3, 4],
    ]);
    expect(image.facts).toContainEqual({
      code: 'chip',
      at: { offset: 28 },
      chip: 'stm32f4',
      evidence: 'UF2 family 0x57755A57, STM32F4',
    });
  });

  it('keeps families apart, though they lie at the same address', () => {
    const file = uf2([
      { address: 0x10000000, number: 0, total: 1, family: rp2040 },
      { address: 0x10000000, number: 0, total: 1, family: stm32f4, data: [9] },
      { address: 0x10000000, number: 0, total: 1, family: 0x12345678, data: [8] },
      { address: 0x10000000, number: 0, total: 1, data: [7] },
    ]);
    expect(readImage(file, 'a').parts.map((part) => [part.chip, part.bytes.length, part.bytes[0]])).toEqual([
      ['rp2040', 4, 1],
      ['stm32f4', 1, 9],
      ['uf2-12345678', 1, 8],
      [undefined, 1, 7],
    ]);
  });

  it('leaves out what is not for main flash, and files, and says so', () => {
    const file = uf2([{ address: 0, flags: 1 }, { address: 0x08000000 }, { address: 0, flags: 0x1000 }]);
    expect(codeOf(file)).toBe('image.truncated');
    const own = uf2([
      { address: 0, flags: 1 },
      { address: 0x08000000, number: 0, total: 1 },
      { address: 0, flags: 0x1000 },
    ]);
    const image = readImage(own, 'a.uf2');
    expect(image.parts).toHaveLength(1);
    expect(image.facts).toContainEqual({ code: 'left-out', at: {}, what: 'uf2-not-main-flash', bytes: 8 });
    expect(codeOf(uf2([{ address: 0, flags: 1 }]))).toBe('image.empty');
  });

  it('reads extension tags', () => {
    const tags = [
      9,
      0xbc,
      0xc7,
      0x9f,
      ...ascii('1.2.3'),
      0,
      0,
      0,
      8,
      0x9d,
      0x0d,
      0x65,
      ...ascii('Lamp'),
      0,
      0,
      0,
      0,
    ];
    const { facts } = readImage(
      uf2([
        { address: 0, tags },
        { address: 4, tags },
      ]),
      'a.uf2',
    );
    expect(facts.filter((fact) => fact.code !== 'vector-table')).toEqual([
      { code: 'version', at: { offset: 36 }, of: 'uf2', version: '1.2.3' },
      { code: 'product', at: { offset: 48 }, product: 'Lamp', evidence: 'UF2 device description' },
    ]);
  });

  it('is refused when cut at any byte, between blocks too', () => {
    const file = uf2([{ address: 0 }, { address: 4 }, { address: 8 }]);
    for (let length = 8; length < file.length; length++)
      expect(codeOf(file.subarray(0, length))).toBe('image.truncated');
  });

  const field = (at: number, value: number): Uint8Array => {
    const file = uf2([{ address: 0 }, { address: 4 }]);
    new DataView(file.buffer).setUint32(at, value, true);
    return file;
  };
  it.each([
    ['another magic at the end', field(508, 0), 'image.malformed'],
    ['another magic in the second block', field(512, 0), 'image.malformed'],
    ['more data than a block has', field(16, 477), 'image.malformed'],
    ['a number past its total', field(20, 2), 'image.malformed'],
    ['more blocks announced', field(24, 3), 'image.truncated'],
    ['an address past 32 bits', field(12, 0xfffffffd), 'image.malformed'],
    ['two opinions on one byte', uf2([{ address: 0 }, { address: 0, data: [9] }]), 'image.overlap'],
    [
      'a tag past its block',
      uf2([{ address: 0, tags: [...new Array<number>(460).fill(4), 200, 1, 2, 3] }]),
      'image.malformed',
    ],
    [
      'more families than there are',
      uf2(Array.from({ length: 40 }, (_, index) => ({ address: 0, family: index + 1, number: 0, total: 1 }))),
      'image.malformed',
    ],
  ])('%s is refused', (_what, file, code) => {
    expect(codeOf(file)).toBe(code);
  });
});
