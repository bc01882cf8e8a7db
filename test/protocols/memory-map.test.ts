// Every string noted in dfu.md 2.2.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gd32vf103Map, parseMemoryMap } from '../../main/protocols/dfuse/memory-map.ts';
import { isFlashError } from '../../shared/errors/flash-error.ts';

const kib = 1024;
/** start, [count, size, access letters]... */
type Expected = readonly [start: number, ...runs: (readonly [number, number, string])[]];
type Vector = readonly [text: string, name: string, ...expected: Expected[]];

const vectors: readonly Vector[] = [
  [
    '@Internal Flash  /0x08000000/04*016Kg,01*064Kg,07*128Kg',
    'Internal Flash',
    [0x08000000, [4, 16 * kib, 'rew'], [1, 64 * kib, 'rew'], [7, 128 * kib, 'rew']],
  ],
  [
    '@Internal Flash  /0x08000000/04*016Kg,01*064Kg,03*128Kg',
    'Internal Flash',
    [0x08000000, [4, 16 * kib, 'rew'], [1, 64 * kib, 'rew'], [3, 128 * kib, 'rew']],
  ],
  ['@Internal Flash  /0x08000000/128*002Kg', 'Internal Flash', [0x08000000, [128, 2 * kib, 'rew']]],
  ['@Internal Flash  /0x08000000/064*0002Kg', 'Internal Flash', [0x08000000, [64, 2 * kib, 'rew']]],
  ['@Internal Flash  /0x08000000/0256*0002Kg', 'Internal Flash', [0x08000000, [256, 2 * kib, 'rew']]],
  ['@Internal Flash  /0x08000000/256*02Kg', 'Internal Flash', [0x08000000, [256, 2 * kib, 'rew']]],
  [
    '@Internal Flash  /0x08000000/04*032Kg,01*128Kg,03*256Kg',
    'Internal Flash',
    [0x08000000, [4, 32 * kib, 'rew'], [1, 128 * kib, 'rew'], [3, 256 * kib, 'rew']],
  ],
  [
    '@Internal Flash  /0x08000000/04*016Kg,01*64Kg,03*128Kg',
    'Internal Flash',
    [0x08000000, [4, 16 * kib, 'rew'], [1, 64 * kib, 'rew'], [3, 128 * kib, 'rew']],
  ],
  ['@Internal Flash  /0x08000000/16*128Kg', 'Internal Flash', [0x08000000, [16, 128 * kib, 'rew']]],
  ['@Internal Flash  /0x08000000/128*08Kg', 'Internal Flash', [0x08000000, [128, 8 * kib, 'rew']]],
  [
    '@Internal Flash  /0x08000000/12*001Ka,116*001Kg',
    'Internal Flash',
    [0x08000000, [12, kib, 'r'], [116, kib, 'rew']],
  ],
  ['@Option Bytes  /0x1FFFC000/01*016 e', 'Option Bytes', [0x1fffc000, [1, 16, 'rw']]],
  ['@Option Bytes   /0x5200201C/01*128 e', 'Option Bytes', [0x5200201c, [1, 128, 'rw']]],
  [
    '@Option Bytes  /0x1FFF7800/01*048 e/0x1FFFF800/01*048 e',
    'Option Bytes',
    [0x1fff7800, [1, 48, 'rw']],
    [0x1ffff800, [1, 48, 'rw']],
  ],
  ['@OTP Memory /0x1FFF7800/01*512 e,01*016 e', 'OTP Memory', [0x1fff7800, [1, 512, 'rw'], [1, 16, 'rw']]],
  ['@OTP Memory /0x1FFF7000/01*0001Ke', 'OTP Memory', [0x1fff7000, [1, kib, 'rw']]],
  ['@Device Feature/0xFFFF0000/01*004 e', 'Device Feature', [0xffff0000, [1, 4, 'rw']]],
  ['@Option byte   /0x1FFFC000/01*4096 g', 'Option byte', [0x1fffc000, [1, 4096, 'rew']]],
  [
    '@Internal Flash   /0x08000000/08*04Ka,1000*04Kg',
    'Internal Flash',
    [0x08000000, [8, 4 * kib, 'r'], [1000, 4 * kib, 'rew']],
  ],
  [
    '@SPI Flash : M25P64/0x00000000/64*064Kg,64*064Kg',
    'SPI Flash : M25P64',
    [0, [64, 64 * kib, 'rew'], [64, 64 * kib, 'rew']],
  ],
  [
    '@EXST /0x0/998*128Kg,1*128Kg,4*128Kg,21*128Ka',
    'EXST',
    [0, [998, 128 * kib, 'rew'], [1, 128 * kib, 'rew'], [4, 128 * kib, 'rew'], [21, 128 * kib, 'r']],
  ],
  [
    '@Flash2 /0xF000/4*100Ba/0xE000/3*8Kg/0x80000/2*24Kg',
    'Flash2',
    [0xf000, [4, 100, 'r']],
    [0xe000, [3, 8 * kib, 'rew']],
    [0x80000, [2, 24 * kib, 'rew']],
  ],
  [
    '@Internal Flash  /0x08000000/04*016Kg,01*064Kg,07*128Kg,04*016Kg,01*064Kg,07*128Kg',
    'Internal Flash',
    [
      0x08000000,
      [4, 16 * kib, 'rew'],
      [1, 64 * kib, 'rew'],
      [7, 128 * kib, 'rew'],
      [4, 16 * kib, 'rew'],
      [1, 64 * kib, 'rew'],
      [7, 128 * kib, 'rew'],
    ],
  ],
  ['@Internal Flash  /0x08000000/8*128Kg', 'Internal Flash', [0x08000000, [8, 128 * kib, 'rew']]],
  [
    '@Internal Flash  /0x08000000/20*001Ka,108*001Kg',
    'Internal Flash',
    [0x08000000, [20, kib, 'r'], [108, kib, 'rew']],
  ],
  [
    '@Internal Flash  /0x08000000/8*001Ka,56*001Kg',
    'Internal Flash',
    [0x08000000, [8, kib, 'r'], [56, kib, 'rew']],
  ],
  ['@Internal Flash  /0x08000000/04*016Ka', 'Internal Flash', [0x08000000, [4, 16 * kib, 'r']]],
  ['@Internal Flash  /0x08000000/512*002Kg', 'Internal Flash', [0x08000000, [512, 2 * kib, 'rew']]],
  ['@Option Bytes  /0x1FFFF800/01*016 e', 'Option Bytes', [0x1ffff800, [1, 16, 'rw']]],
  ['@Option Bytes  /0x1FFFF800/01*016 g', 'Option Bytes', [0x1ffff800, [1, 16, 'rew']]],
  ['@Option Bytes  /0x1FFF7800/01*040 e', 'Option Bytes', [0x1fff7800, [1, 40, 'rw']]],
  ['@Option Bytes  /0x40022040/01*64 e', 'Option Bytes', [0x40022040, [1, 64, 'rw']]],
  ['@OTP Memory /0x1FFF7800/01*512 g,01*016 g', 'OTP Memory', [0x1fff7800, [1, 512, 'rew'], [1, 16, 'rew']]],
  ['@OTP Memory /0x0BFA0000/01*512 e', 'OTP Memory', [0x0bfa0000, [1, 512, 'rw']]],
  ['@Device Feature/0xFFFF0000/01*004 g', 'Device Feature', [0xffff0000, [1, 4, 'rew']]],
  // fwupd refuses this one without a quirk; dfu-util takes it, and so do we (dfu.md 2.2).
  ['@Internal Flash /0x08000000/12*001a', 'Internal Flash', [0x08000000, [12, 1, 'r']]],
  ['@Option Bytes /0x1FFFF800/01*016e', 'Option Bytes', [0x1ffff800, [1, 16, 'rw']]],
  ['@Internal Flash /0x08000000/2*16e', 'Internal Flash', [0x08000000, [2, 16, 'rw']]],
];

describe('parseMemoryMap', () => {
  it.each(vectors.map((vector) => ({ text: vector[0], vector })))('$text', ({ text, vector }) => {
    const [, name, ...expected] = vector;
    const map = parseMemoryMap(text);
    expect(map.name).toBe(name);
    const segments = expected.flatMap(([start, ...runs]) => {
      let address: number = start;
      return runs.map(([count, sectorSize, access]) => {
        const segment = { start: address, count, sectorSize, access };
        address += count * sectorSize;
        return segment;
      });
    });
    const found = map.segments.map(({ readable, erasable, writable, ...rest }) => ({
      ...rest,
      access: `${readable ? 'r' : ''}${erasable ? 'e' : ''}${writable ? 'w' : ''}`,
    }));
    expect(found).toEqual(segments);
  });

  it.each(['', 'Flash', 'UNKNOWN', 'RAM 0x32000000', '@Flash3'])('"%s" is a name without a map', (text) => {
    expect(parseMemoryMap(text).segments).toEqual([]);
  });

  it.each([
    ['a', true, false, false],
    ['b', false, true, false],
    ['c', true, true, false],
    ['d', false, false, true],
    ['e', true, false, true],
    ['f', false, true, true],
    ['g', true, true, true],
  ])('the letter %s: readable %s, erasable %s, writable %s', (letter, readable, erasable, writable) => {
    expect(parseMemoryMap(`@F/0x0/1*1K${letter}`).segments).toMatchObject([{ readable, erasable, writable }]);
  });

  it.each([
    '@Internal Flash /0x08000000',
    '@Internal Flash /0x08000000/2*016',
    '@Internal Flash /0x08000000/12*001',
    '@Internal Flash /0x08000000/x',
    '@Internal Flash /8000000/1*1Kg',
    '@Internal Flash /0x08000000/99999*001Kg',
    '@Internal Flash /0xFFFFF000/2*004Kg',
    '@Internal Flash /0x08000000/0*001Kg',
    '@Internal Flash /0x08000000/2*016',
  ])('refuses "%s"', (text) => {
    expect(() => parseMemoryMap(text)).toThrow('dfuse.bad-map');
  });

  it('takes any text without hanging or another error', () => {
    const alphabet = fc.constantFrom(...'@/0x*,0123456789abcdefgKM B'.split(''));
    fc.assert(
      fc.property(fc.array(alphabet, { maxLength: 120 }), (letters) => {
        try {
          parseMemoryMap(`@F/0x${letters.join('')}`);
        } catch (error) {
          expect(isFlashError(error, 'dfuse.bad-map')).toBe(true);
        }
      }),
      { numRuns: 3_000 },
    );
  });
});

describe('the GD32VF103 map', () => {
  it.each([
    ['3?BJ', 128],
    ['3C8J', 64],
    ['3?6J', 32],
    ['3?4J', 16],
    ['????', 128],
    ['', 128],
  ])('%s has %i pages', (serial, count) => {
    expect(gd32vf103Map(serial).segments).toMatchObject([{ start: 0x08000000, sectorSize: 1024, count }]);
  });
});
