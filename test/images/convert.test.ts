// Writing: round trips of anything, and other people's programs that read what we wrote.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { convertImage } from '../../main/images/convert.ts';
import { addressedPart, type FirmwareImage, type ImagePart } from '../../main/images/image.ts';
import { joinParts } from '../../main/images/join.ts';
import { readImage } from '../../main/images/registry.ts';
import { isFlashError } from '../../shared/errors/flash-error.ts';
import { flat } from '../support/flat.ts';
import { NrfMemoryMap } from '../support/nrf-intel-hex.ts';
import { program } from '../support/rig.ts';
import { hexLine, linesFile } from '../support/text-records.ts';
import { needsTool, runTool, workFolder } from '../support/tools.ts';

function imageOf(parts: readonly ImagePart[]): FirmwareImage {
  const shell = readImage(program(64), 'a.bin');
  return { ...shell, parts };
}

const piece = fc
  .tuple(fc.integer({ min: 0, max: 0xffff_ff00 }), fc.uint8Array({ minLength: 1, maxLength: 200 }))
  .map(([address, bytes]) => addressedPart(address, bytes));
const places = (image: FirmwareImage): unknown[] =>
  image.parts.map((part) => [part.alternate ?? 0, part.address, ...part.bytes]);

function codeOf(action: () => unknown): unknown {
  try {
    return action();
  } catch (error) {
    if (!isFlashError(error)) throw error;
    return { code: error.code, ...error.params };
  }
}

/** Pieces that do not overlap, joined as the readers join them. */
const images = fc.array(piece, { minLength: 1, maxLength: 6 }).map((pieces) => {
  const kept: ImagePart[] = [];
  for (const one of pieces) {
    const start = one.address ?? 0;
    const touches = kept.some(
      (other) =>
        start < (other.address ?? 0) + other.bytes.length && (other.address ?? 0) < start + one.bytes.length,
    );
    if (!touches) kept.push(one);
  }
  return imageOf(joinParts(kept, 'a'));
});

describe('round trips', () => {
  it('through Intel HEX, which nrf-intel-hex reads alike', () => {
    fc.assert(
      fc.property(
        images,
        fc.option(fc.integer({ min: 0, max: 0xffff_ffff }), { nil: undefined }),
        (image, entry) => {
          const file = convertImage({ ...image, entry }, 'hex');
          const again = readImage(file, 'a.hex');
          expect(places(again)).toEqual(places(image));
          expect(again.entry).toBe(entry);
          // Theirs takes addresses of 31 bits.
          if (image.parts.some((part) => (part.address ?? 0) + part.bytes.length > 0x8000_0000)) return;
          const theirs = NrfMemoryMap.fromHex(new TextDecoder().decode(file)).join();
          expect([...theirs].map(([address, bytes]) => [0, address, ...bytes])).toEqual(places(image));
        },
      ),
    );
  });

  it('through DfuSe', () => {
    fc.assert(
      fc.property(images, (image) => {
        expect(places(readImage(convertImage(image, 'dfuse'), 'a.dfu'))).toEqual(places(image));
      }),
    );
  });

  it('through DFU with suffix, and plain bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 300 }), (bytes) => {
        const image = imageOf([addressedPart(undefined, bytes)]);
        expect(readImage(convertImage(image, 'dfu'), 'a.dfu').parts[0]?.bytes).toEqual(bytes);
        expect(convertImage(image, 'bin')).toEqual(bytes);
      }),
    );
  });

  it('of anything small into .bin, gaps filled', () => {
    const image = imageOf([
      addressedPart(0x1010, Uint8Array.of(3)),
      addressedPart(0x1000, Uint8Array.of(1, 2)),
    ]);
    expect(convertImage(image, 'bin')).toEqual(flat(image, 0xff).bytes);
    expect(convertImage(image, 'bin', { fill: 0 })).toEqual(flat(image, 0).bytes);
  });
});

describe('other programs read what we write', () => {
  it('objcopy reads our Intel HEX', (context) => {
    needsTool(context, 'objcopy');
    using folder = workFolder();
    const image = imageOf([
      addressedPart(0x0800fff0, program(70_000)),
      addressedPart(0x08000000, program(100)),
    ]);
    folder.write('ours.hex', convertImage(image, 'hex'));
    runTool(
      'objcopy',
      '-I',
      'ihex',
      '-O',
      'binary',
      '--gap-fill',
      '0xff',
      folder.at('ours.hex'),
      folder.at('theirs.bin'),
    );
    expect(Buffer.from(folder.read('theirs.bin')).equals(convertImage(image, 'bin'))).toBe(true);
  });

  it('dfu-suffix accepts our suffix and our DfuSe', (context) => {
    needsTool(context, 'dfu-suffix');
    using folder = workFolder();
    const ids = { vendorId: 0x0483, productId: 0xdf11, bcdDevice: 0x0102 };
    for (const format of ['dfu', 'dfuse'] as const) {
      const file = folder.write(
        'a.dfu',
        convertImage(imageOf([addressedPart(0x08000000, program(99))]), format, { ids }),
      );
      expect(runTool('dfu-suffix', '-c', file)).toMatch(/0xDF11[\s\S]*0x0483/i);
    }
  });
});

describe('a prefix that dfu-prefix made', () => {
  it.for([
    ['ti', ['-s', '0x2000'], 0x2000],
    ['lpc', ['-L'], undefined],
  ] as const)('of %s is taken off on request only', ([, options, address], context) => {
    needsTool(context, 'dfu-prefix');
    using folder = workFolder();
    const file = folder.write('a.bin', program(1_000));
    runTool('dfu-prefix', ...options, '-a', file);
    const image = readImage(folder.read('a.bin'), 'a.bin');
    expect(convertImage(image, 'bin')).toEqual(folder.read('a.bin'));
    const bytes = convertImage(image, 'bin', { stripPrefix: true });
    // What is not known of an LPC image is its length without the filling up to whole blocks.
    expect(bytes.subarray(0, 1_000)).toEqual(program(1_000));
    if (address !== undefined) {
      const hex = readImage(convertImage(image, 'hex', { stripPrefix: true }), 'a.hex');
      expect(hex.parts[0]?.address).toBe(address);
    }
    expect(
      codeOf(() => convertImage(readImage(program(64), 'b.bin'), 'bin', { stripPrefix: true })),
    ).toMatchObject({
      reason: 'no-prefix',
    });
  });
});

describe('what a format cannot hold is refused', () => {
  const twoMemories = imageOf([
    { ...addressedPart(0x08000000, program(64)), alternate: 0 },
    { ...addressedPart(0x1fffc000, program(16)), alternate: 1 },
  ]);
  const twoChips = imageOf([
    { ...addressedPart(0x10000000, program(64)), chip: 'rp2040' },
    { ...addressedPart(0x10000000, program(64, 9)), chip: 'rp2350' },
  ]);
  it.each([
    ['several memories', twoMemories, 'bin', 'several-memories'],
    ['several memories', twoMemories, 'hex', 'several-memories'],
    ['several chips', twoChips, 'bin', 'several-chips'],
    [
      'gaps wider than a file may be',
      imageOf([addressedPart(0, program(64)), addressedPart(0x8000000, program(64))]),
      'bin',
      'gaps-too-large',
    ],
    [
      'several parts without a place',
      imageOf([addressedPart(undefined, program(8)), addressedPart(undefined, program(8))]),
      'dfuse',
      'several-without-address',
    ],
  ] as const)('%s', (_what, image, format, reason) => {
    expect(codeOf(() => convertImage(image, format))).toMatchObject({ code: 'image.cannot-convert', reason });
  });

  it('but not two memories in DfuSe, nor one chip of two', () => {
    expect(places(readImage(convertImage(twoMemories, 'dfuse'), 'a.dfu'))).toEqual(places(twoMemories));
    expect(convertImage(twoChips, 'bin', { chip: 'rp2350' })).toEqual(program(64, 9));
    expect(codeOf(() => convertImage(twoChips, 'bin', { chip: 'esp32' }))).toMatchObject({
      reason: 'no-such-chip',
    });
  });

  it('and no address is made up', () => {
    const raw = readImage(program(64), 'a.bin');
    for (const format of ['hex', 'dfuse'] as const) {
      expect(codeOf(() => convertImage(raw, format))).toMatchObject({ code: 'image.address-missing' });
      expect(readImage(convertImage(raw, format, { address: 0x08000000 }), 'a').parts[0]?.address).toBe(
        0x08000000,
      );
    }
  });

  it('an entry that is in the file stays', () => {
    const file = linesFile([hexLine(0, 0, [1]), hexLine(5, 0, [8, 0, 1, 1]), hexLine(1, 0)]);
    expect(readImage(convertImage(readImage(file, 'a.hex'), 'hex'), 'b.hex').entry).toBe(0x08000101);
  });
});
