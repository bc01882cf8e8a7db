import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { dfuCrc32 } from '../../main/base/crc.ts';
import { addDfuSuffix } from '../../main/images/formats/dfu-write.ts';
import { writeDfuse } from '../../main/images/formats/dfuse-write.ts';
import { readImage } from '../../main/images/registry.ts';
import { isFlashError } from '../../shared/errors/flash-error.ts';
import { fromHex } from '../../shared/hex.ts';
import { limits } from '../../shared/limits.ts';

const any = { vendorId: 0xffff, productId: 0xffff, bcdDevice: 0xffff };
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const folder = mkdtempSync(path.join(tmpdir(), 'rekindle-images-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function codeOf(action: () => unknown): string {
  try {
    action();
    return 'nothing thrown';
  } catch (error) {
    return isFlashError(error) ? error.code : String(error);
  }
}

describe('the DFU suffix', () => {
  it('has the checksum of dfu.md 3.1', () => {
    expect(dfuCrc32(bytesOf('123456789'))).toBe(0x340bc6d9);
    const file = addDfuSuffix(
      bytesOf('XXXXXXXXXXXX'),
      { bcdDevice: 0xdead, productId: 0x4321, vendorId: 0x1234 },
      0x0100,
    );
    expect(file.subarray(12)).toEqual(fromHex('adde 2143 3412 0001 554644 10 026d4f2f'));
  });

  it('is read back with its ids, and refused when a bit is wrong', () => {
    const file = addDfuSuffix(bytesOf('firmware'), { bcdDevice: 1, productId: 2, vendorId: 3 }, 0x0100);
    expect(readImage(file, 'a.dfu')).toMatchObject({
      format: 'dfu',
      ids: { bcdDevice: 1, productId: 2, vendorId: 3 },
      notices: [],
    });
    for (const offset of [0, 8, 20, file.length - 1]) {
      const bad = file.slice();
      bad[offset] = (bad[offset] ?? 0) ^ 1;
      expect(codeOf(() => readImage(bad, 'a.dfu'))).toBe('image.bad-checksum');
    }
  });

  it('takes 0000 and FFFF for any device, and says so', () => {
    const file = addDfuSuffix(bytesOf('firmware'), { bcdDevice: 0, productId: 0, vendorId: 0x0483 }, 0x0100);
    expect(readImage(file, 'a.dfu').notices).toEqual([{ code: 'wildcard-ids', ids: '0483:0000' }]);
  });

  it('agrees with dfu-suffix, both ways', (context) => {
    if (!existsSync('/usr/bin/dfu-suffix')) {
      console.warn('skipped: dfu-suffix is not installed');
      context.skip();
    }
    const ours = path.join(folder, 'ours.dfu');
    writeFileSync(
      ours,
      addDfuSuffix(
        bytesOf('firmware of ours'),
        { bcdDevice: 0x1234, productId: 0xdf11, vendorId: 0x0483 },
        0x0100,
      ),
    );
    const checked = spawnSync('dfu-suffix', ['-c', ours], { encoding: 'utf8' });
    expect(checked.status).toBe(0);
    expect(checked.stdout).toMatch(/Product ID:\s+0xDF11/);
    const theirs = path.join(folder, 'theirs.dfu');
    writeFileSync(theirs, 'firmware of theirs');
    expect(
      spawnSync('dfu-suffix', ['-a', theirs, '-v', '0x1209', '-p', '0x0001', '-d', '0x0203']).status,
    ).toBe(0);
    const image = readImage(new Uint8Array(readFileSync(theirs)), theirs);
    expect(image.ids).toEqual({ vendorId: 0x1209, productId: 0x0001, bcdDevice: 0x0203 });
    expect(new TextDecoder().decode(image.parts[0]?.bytes)).toBe('firmware of theirs');
    const container = path.join(folder, 'container.dfu');
    writeFileSync(container, twoTargets());
    expect(spawnSync('dfu-suffix', ['-c', container]).status).toBe(0);
  });

  it('leaves a prefix of dfu-prefix where it is: the board wants it (dfu.md 1.9)', (context) => {
    if (!existsSync('/usr/bin/dfu-prefix') || !existsSync('/usr/bin/dfu-suffix')) {
      console.warn('skipped: dfu-prefix is not installed');
      context.skip();
    }
    const file = path.join(folder, 'prefixed.dfu');
    writeFileSync(file, 'firmware');
    expect(spawnSync('dfu-prefix', ['-a', file, '-s', '0x1000']).status).toBe(0);
    const prefixed = readFileSync(file);
    expect(prefixed.subarray(0, 2)).toEqual(Buffer.from([1, 0]));
    expect(spawnSync('dfu-suffix', ['-a', file]).status).toBe(0);
    const image = readImage(new Uint8Array(readFileSync(file)), file);
    expect(image.parts.map((part) => [...part.bytes])).toEqual([[...prefixed]]);
  });
});

function twoTargets(): Uint8Array {
  return writeDfuse({
    ids: { vendorId: 0x0483, productId: 0xdf11, bcdDevice: 0x0200 },
    targets: [
      {
        alternate: 0,
        name: 'Internal Flash',
        elements: [
          { address: 0x08000000, bytes: bytesOf('one') },
          { address: 0x08004000, bytes: bytesOf('two') },
        ],
      },
      { alternate: 1, elements: [{ address: 0x1fffc000, bytes: bytesOf('three') }] },
    ],
  });
}

describe('DfuSe containers', () => {
  it("is the same file that fwupd's builder makes (dfu.md 3.2)", () => {
    const bytes = bytesOf('hello world');
    const file = writeDfuse({
      ids: { vendorId: 0x1234, productId: 0x5678, bcdDevice: 0x8642 },
      targets: [
        {
          alternate: 1,
          name: 'one',
          elements: [
            { address: 0x08001234, bytes },
            { address: 0x08005678, bytes },
          ],
        },
        { alternate: 0, name: 'two', elements: [{ address: 0x08000000, bytes }] },
      ],
    });
    expect(file).toHaveLength(632);
    expect(file.subarray(0, 11)).toEqual(fromHex('4466755365 01 68020000 02'));
    expect(file.subarray(-4)).toEqual(fromHex('f860c270'));
    expect(createHash('sha1').update(file).digest('hex')).toBe('c1ff429f0e381c8fe8e1b2ee41a5a9a79e2f2ff7');
  });

  it('keeps targets, elements and names', () => {
    const image = readImage(twoTargets(), 'x.bin');
    expect(image.format).toBe('dfuse');
    expect(
      image.parts.map((part) => [
        part.alternate,
        part.alternateName,
        part.address,
        new TextDecoder().decode(part.bytes),
      ]),
    ).toEqual([
      [0, 'Internal Flash', 0x08000000, 'one'],
      [0, 'Internal Flash', 0x08004000, 'two'],
      [1, undefined, 0x1fffc000, 'three'],
    ]);
  });

  it('takes the size with and without the suffix', () => {
    const file = twoTargets().slice(0, -16);
    new DataView(file.buffer).setUint32(6, file.length + 16, true);
    expect(readImage(addDfuSuffix(file, any, 0x011a), 'x.dfu').parts).toHaveLength(3);
  });

  it('is refused when cut at any byte, or when a header claims too much', () => {
    const file = twoTargets();
    for (let length = 0; length < file.length; length++) {
      const code = codeOf(() => readImage(file.subarray(0, length), 'x.dfu'));
      expect(code).toMatch(/^image\.(truncated|malformed|empty)$/);
    }
    const body = file.slice(0, -16);
    new DataView(body.buffer).setUint32(11 + 274 + 4, 0xffffffff, true);
    expect(codeOf(() => readImage(addDfuSuffix(body, any, 0x011a), 'x.dfu'))).toBe('image.truncated');
  });

  it('round trip of anything', () => {
    const element = fc.record({
      address: fc.integer({ min: 0, max: 0x7fffffff }),
      bytes: fc.uint8Array({ minLength: 1, maxLength: 40 }),
    });
    const target = fc.record({
      alternate: fc.integer({ min: 0, max: 255 }),
      elements: fc.array(element, { minLength: 1, maxLength: 4 }),
    });
    fc.assert(
      fc.property(fc.array(target, { minLength: 1, maxLength: 4 }), (targets) => {
        const image = readImage(writeDfuse({ targets, ids: any }), 'x.dfu');
        const expected = targets.flatMap(({ alternate, elements }) =>
          elements.map((one) => ({ alternate, ...one })),
        );
        expect(
          image.parts.map(({ alternate, address, bytes }) => ({ alternate, address, bytes: [...bytes] })),
        ).toEqual(
          expected.map(({ alternate, address, bytes }) => ({ alternate, address, bytes: [...bytes] })),
        );
      }),
    );
  });
});

describe('raw files', () => {
  it.each([
    ['Intel HEX', ':10010000214601360121470136007EFE09D2190140\n'],
    ['S-record', 'S00F000068656C6C6F202020202000003C\n'],
    ['ELF', '\x7fELF\x01\x01\x01'],
    ['UF2', 'UF2\nWQ'],
    ['zip', 'PK\x03\x04..........'],
    ['gzip', '\x1f\x8b\x08.........'],
    ['Intel HEX', '\xef\xbb\xbf\r\n:020000040800F2\r:00000001FF'],
    ['Intel HEX', ':00000001FF'],
    ['S-record', 'S9030000FC'],
  ])('%s under another name is noticed', (format, text) => {
    const bytes = Uint8Array.from([...text], (letter) => letter.charCodeAt(0));
    expect(readImage(bytes, 'firmware.bin', { as: 'raw' }).notices).toContainEqual({
      code: 'looks-like',
      format,
    });
  });

  it('a program begins with a stack in RAM and an odd vector', () => {
    const good = fromHex('00100020 01010008');
    expect(readImage(good, 'a.bin').notices).toEqual([]);
    expect(readImage(good, 'a.bin').facts).toMatchObject([{ code: 'vector-table', plausible: true }]);
    const bad = readImage(fromHex('00100008 01010008'), 'a.bin');
    expect(bad.facts).toMatchObject([{ code: 'vector-table', plausible: false }]);
    expect(readImage(new Uint8Array(64).fill(0xff), 'a.bin').notices).toContainEqual({ code: 'all-blank' });
  });

  it('a .dfu without its suffix is not taken for raw', () => {
    expect(codeOf(() => readImage(bytesOf('something that was cut off here'), 'a.dfu'))).toBe(
      'image.malformed',
    );
  });

  it('a DFU or DfuSe file forced to be raw is noticed', () => {
    const suffixed = addDfuSuffix(fromHex('00100020 01010008'), any, 0x0100);
    for (const [format, file] of [
      ['DFU', suffixed],
      ['DfuSe', twoTargets()],
    ] as const) {
      const image = readImage(file, 'a.dfu', { as: 'raw' });
      expect(image.parts[0]?.bytes).toHaveLength(file.length);
      expect(image.notices).toEqual([{ code: 'looks-like', format }]);
    }
  });

  it('over the limit is refused by name', () => {
    const size = limits.fileBytes + 1;
    expect(() => readImage(new Uint8Array(size), 'big.bin')).toThrow(
      expect.objectContaining({
        code: 'image.too-large',
        params: { name: 'big.bin', size, limit: limits.fileBytes },
      }),
    );
  });

  it('long names are cut between letters, and still say which format it is', () => {
    const name = `${'é'.repeat(200)}.dfu`;
    expect(readImage(bytesOf('12345678'), name.slice(0, -4)).name).toBe('é'.repeat(127));
    expect(codeOf(() => readImage(bytesOf('12345678'), name))).toBe('image.malformed');
    expect(codeOf(() => readImage(bytesOf('12345678'), 'a.dfu '))).toBe('image.malformed');
  });

  it('names are shown without folders and tricks', () => {
    expect(readImage(bytesOf('12345678'), '/a/b/\u202egnp.\u001b[31mbin').name).toBe('gnp.[31mbin');
  });
});
