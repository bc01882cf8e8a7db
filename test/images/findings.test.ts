// What the bytes of a program show of the board they are for.
import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { addDfuSuffix } from '../../main/images/formats/dfu-write.ts';
import { readImage } from '../../main/images/registry.ts';
import type { ImageFact } from '../../shared/image-facts.ts';
import { factPlaceText, imageFactText } from '../../shared/text/image-facts.ts';
import { mcubootFile, modemFile, particleFile, zipFile } from '../support/maker-files.ts';
import { program } from '../support/rig.ts';
import { hexLine, linesFile } from '../support/text-records.ts';
import { needsTool, workFolder } from '../support/tools.ts';

const ascii = (text: string): number[] => Array.from(text, (letter) => letter.charCodeAt(0));
const wide = (text: string): number[] => ascii(text).flatMap((code) => [code, 0]);

function factsOf(content: readonly number[], name = 'a.bin', at = 3_000): readonly ImageFact[] {
  const bytes = program(8_192);
  bytes.set(content, at);
  return readImage(bytes, name).facts.filter((fact) => fact.code !== 'vector-table');
}

describe('NanoVNA', () => {
  it.each<[string, number[], string, string]>([
    ['H by its USB name', wide('NanoVNA-H'), 'NanoVNA-H', 'stm32f072'],
    ['H4 by its USB name', wide('NanoVNA-H4'), 'NanoVNA-H4', 'stm32f303'],
    ['H by its board name', ascii('Board: NanoVNA\n'), 'NanoVNA-H', 'stm32f072'],
    ['H4 by its board name', ascii('Board: NanoVNA-H 4\n'), 'NanoVNA-H4', 'stm32f303'],
  ])('%s', (_what, content, product, chip) => {
    expect(factsOf(content)).toMatchObject([
      { code: 'product', at: { offset: 3_000 }, product },
      { code: 'chip', chip },
    ]);
  });

  it('tells its version, near its name only', () => {
    expect(factsOf(ascii('Board: NanoVNA\0Version: 1.2.46 ['))).toContainEqual({
      code: 'version',
      at: { offset: 3_015 },
      of: 'NanoVNA',
      version: '1.2.46',
    });
    expect(factsOf(ascii('Version: 1.2.46'))).toEqual([]);
    expect(factsOf(ascii('NanoVNA'))).toEqual([]);
  });
});

describe('ODrive', () => {
  it.each([
    ['ASCII', ascii('ODrive 3.6 CDC Interface')],
    ['UTF-16', wide('ODrive 3.6 CDC Interface')],
  ])('by its USB name, as %s', (_what, content) => {
    expect(factsOf(content)).toMatchObject([
      { code: 'product', product: 'ODrive v3.6' },
      { code: 'chip', chip: 'stm32f405' },
    ]);
  });

  it('by the name of its file', () => {
    expect(factsOf([], 'ODriveFirmware_v3.6-56V.bin')).toMatchObject([
      { code: 'product', product: 'ODrive v3.6 56V', evidence: 'its name' },
      { code: 'chip', chip: 'stm32f405' },
    ]);
  });
});

describe('Pycom', () => {
  const pycom = (name: string, length = 16_384): readonly ImageFact[] =>
    readImage(
      addDfuSuffix(program(length), { vendorId: 0x04d8, productId: 0xf014, bcdDevice: 0xffff }, 0x0100),
      name,
    ).facts;
  it('by suffix and name: two generations share their ids', () => {
    expect(pycom('pytrack_0.0.8.dfu')).toContainEqual(expect.objectContaining({ product: 'Pytrack' }));
    expect(pycom('pytrack2_1.0.0.dfu')).toContainEqual(expect.objectContaining({ product: 'Pytrack 2X' }));
    expect(pycom('pytrack2_1.0.0.dfu')).toContainEqual(
      expect.objectContaining({ of: 'Pytrack 2X', version: '1.0.0' }),
    );
    expect(pycom('pytrack_0.0.8.dfu', 100).some((fact) => fact.code === 'product')).toBe(false);
  });
});

describe('an MCUboot image in Intel HEX', () => {
  it('is judged where it lies', () => {
    const file = mcubootFile();
    const lines = [hexLine(4, 0, [0x08, 0x02])];
    for (let at = 0; at < file.length; at += 16) lines.push(hexLine(0, at, file.subarray(at, at + 16)));
    const { facts } = readImage(linesFile([...lines, hexLine(1, 0)]), 'signed.hex');
    expect(facts).toContainEqual(expect.objectContaining({ code: 'digest', verdict: 'good' }));
    expect(facts[0]).toMatchObject({ code: 'mcuboot', at: { address: 0x08020000 } });
  });
});

describe('prefixes, as dfu-prefix makes them', () => {
  it.for([
    [
      'ti',
      ['-s', '0x2000'],
      { code: 'prefix', at: { offset: 0 }, kind: 'ti', bytes: 8, loadAddress: 0x2000 },
    ],
    ['lpc', ['-L'], { code: 'prefix', at: { offset: 0 }, kind: 'lpc', bytes: 16 }],
  ] as const)('%s', ([, options, expected], context) => {
    needsTool(context, 'dfu-prefix');
    using folder = workFolder();
    const file = folder.write('a.bin', program(1_000));
    expect(spawnSync('dfu-prefix', [...options, '-a', file]).status).toBe(0);
    expect(readImage(folder.read('a.bin'), 'a.bin').facts).toContainEqual(expected);
    const suffixed = addDfuSuffix(folder.read('a.bin'), { vendorId: 1, productId: 1, bcdDevice: 1 }, 0x0100);
    expect(readImage(suffixed, 'a.dfu').facts).toContainEqual(expected);
  });
});

describe('words for facts', () => {
  it('there are for every kind, and they show nothing of ours', () => {
    const files = [
      readImage(particleFile({ flags: 1 }), 'a.bin'),
      readImage(particleFile({ module: 2, flags: 0x1e }), 'a.bin'),
      readImage(mcubootFile({ flags: 0xf3c }), 'a.bin'),
      readImage(modemFile(), 'mfw_nrf9160_1.0.0.zip'),
      readImage(zipFile({ 'a.bin': particleFile(), 'b.wav': 'x' }), 'a.zip'),
    ];
    for (const fact of files.flatMap((file) => file.facts)) {
      expect(imageFactText(fact)).toMatch(/^[^[\]{}]{8,}$/);
      expect(imageFactText(fact)).not.toMatch(/undefined|NaN|object/);
    }
    expect(factPlaceText({})).toBe('');
    expect(factPlaceText({ offset: 4 })).toBe('at byte 4');
    expect(factPlaceText({ offset: 4, address: 8 })).toBe('at 0x00000008');
  });
});
