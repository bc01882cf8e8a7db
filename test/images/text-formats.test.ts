// Intel HEX and S-record against their specifications, and against objcopy and nrf-intel-hex.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readImage } from '../../main/images/registry.ts';
import type { FirmwareImage } from '../../main/images/image.ts';
import { isFlashError } from '../../shared/errors/flash-error.ts';
import { fromHex } from '../../shared/hex.ts';
import { flat } from '../support/flat.ts';
import { program } from '../support/rig.ts';
import { hexLine, linesFile, sLine } from '../support/text-records.ts';
import { NrfMemoryMap, type MemoryMap } from '../support/nrf-intel-hex.ts';
import { needsTool, runTool, workFolder } from '../support/tools.ts';

const end = hexLine(1, 0);
const read = (lines: readonly string[], ending = '\n'): FirmwareImage =>
  readImage(linesFile(lines, ending), 'a.bin');
const placed = (image: FirmwareImage): unknown[] => image.parts.map((part) => [part.address, ...part.bytes]);

function refusal(action: () => unknown): { code: string; line?: unknown } {
  try {
    action();
    return { code: 'nothing thrown' };
  } catch (error) {
    if (!isFlashError(error)) throw error;
    return { code: error.code, line: (error.params as { line?: number }).line };
  }
}

describe('Intel HEX', () => {
  it('is known by its content, whatever its name', () => {
    expect(read([hexLine(0, 0, [1]), end])).toMatchObject({ format: 'ihex', parts: [{ address: 0 }] });
    const withMark = new Uint8Array([0xef, 0xbb, 0xbf, ...linesFile([hexLine(0, 0, [1]), end])]);
    expect(readImage(withMark, 'firmware.bin').format).toBe('ihex');
  });

  it('reads the published examples', () => {
    const image = readImage(
      linesFile([':10010000214601360121470136007EFE09D2190140', ':00000001FF']),
      'a.hex',
    );
    expect(placed(image)).toEqual([[0x100, ...fromHex('214601360121470136007EFE09D21901')]]);
    expect(placed(readImage(linesFile([':020000040800F2', ':0400000001020304F2', end]), 'a'))).toEqual([
      [0x08000000, 1, 2, 3, 4],
    ]);
  });

  it.each<[string, string[], unknown[], number?]>([
    ['linear addresses', [hexLine(4, 0, [8, 0]), hexLine(0, 0x10, [1, 2])], [[0x08000010, 1, 2]]],
    ['segments', [hexLine(2, 0, [0x12, 0x34]), hexLine(0, 1, [7])], [[0x12341, 7]]],
    [
      'a wrap within its segment',
      [hexLine(2, 0, [0x10, 0]), hexLine(0, 0xffff, [1, 2])],
      [
        [0x10000, 2],
        [0x1ffff, 1],
      ],
    ],
    ['no wrap with linear addresses', [hexLine(4, 0, [0, 1]), hexLine(0, 0xffff, [1, 2])], [[0x1ffff, 1, 2]]],
    ['records in any order', [hexLine(0, 4, [5]), hexLine(0, 0, [1, 2, 3, 4])], [[0, 1, 2, 3, 4, 5]]],
    [
      'the same bytes twice',
      [hexLine(0, 0, [1, 2]), hexLine(0, 1, [2, 3]), hexLine(0, 0, [1])],
      [[0, 1, 2, 3]],
    ],
    ['an entry, linear', [hexLine(0, 0, [1]), hexLine(5, 0, [8, 0, 1, 1])], [[0, 1]], 0x08000101],
    ['an entry in a segment', [hexLine(0, 0, [1]), hexLine(3, 0, [0x10, 0, 0, 2])], [[0, 1]], 0x10002],
    ['the last byte of all', [hexLine(4, 0, [0xff, 0xff]), hexLine(0, 0xffff, [9])], [[0xffffffff, 9]]],
    ['lower case and blanks', [`  ${hexLine(0, 0, [0xab]).toLowerCase()}\t`, ''], [[0, 0xab]]],
    ['empty data records', [hexLine(0, 5, []), hexLine(0, 0, [1])], [[0, 1]]],
  ])('takes %s', (_what, lines, expected, entry) => {
    for (const ending of ['\n', '\r\n', '\r']) {
      const image = read([...lines, end], ending);
      expect(placed(image)).toEqual(expected);
      expect(image.entry).toBe(entry);
    }
  });

  it.each<[string, string[], string, number]>([
    ['a wrong sum', [hexLine(0, 0, [1]), ':0100000001FF', end], 'image.bad-checksum', 2],
    ['a letter that is no digit', [hexLine(0, 0, [1]), ':01000000G1FF', end], 'image.malformed', 2],
    ['a line that is no record', [hexLine(0, 0, [1]), 'hello', end], 'image.malformed', 2],
    ['a record cut short', [hexLine(0, 0, [1, 2]), ':10000000'], 'image.malformed', 2],
    ['a record with more than it says', [`${hexLine(0, 0, [1])}00`, end], 'image.malformed', 1],
    ['an unknown type', [hexLine(6, 0, [1]), end], 'image.malformed', 1],
    ['a base of one byte', [hexLine(4, 0, [8]), end], 'image.malformed', 1],
    ['an entry of two bytes', [hexLine(5, 0, [8, 0]), end], 'image.malformed', 1],
    ['an end with data', [hexLine(0, 0, [1]), hexLine(1, 0, [1])], 'image.malformed', 2],
    [
      'bytes past 32 bits',
      [hexLine(4, 0, [255, 255]), hexLine(0, 0xffff, [1, 2]), end],
      'image.malformed',
      2,
    ],
    ['two opinions on one byte', [hexLine(0, 0, [1, 2]), '', hexLine(0, 1, [3]), end], 'image.overlap', 3],
    ['no closing record', [hexLine(0, 0, [1])], 'image.malformed', 2],
  ])('refuses %s, and says in which line', (_what, lines, code, line) => {
    expect(refusal(() => read(lines, '\r\n'))).toEqual({ code, line });
  });

  it('refuses a file cut at any byte, unless only the end of its last line is lost', () => {
    const file = linesFile([hexLine(4, 0, [8, 0]), hexLine(0, 0, [1, 2, 3]), hexLine(0, 3, [4]), end]);
    for (let length = 0; length < file.length - 1; length++)
      expect(refusal(() => readImage(file.subarray(0, length), 'a.hex')).code).toMatch(/^image\./);
    expect(placed(readImage(file.subarray(0, -1), 'a.hex'))).toEqual([[0x08000000, 1, 2, 3, 4]]);
  });

  it('tells of what follows the closing record', () => {
    expect(read([hexLine(0, 0, [1]), end, 'more']).notices).toEqual([{ code: 'leftover-bytes', count: 5 }]);
  });

  it('refuses more pieces than anyone can use', () => {
    const lines = Array.from({ length: 10_001 }, (_, index) => hexLine(0, index * 2, [1]));
    expect(refusal(() => read([...lines, end])).code).toBe('image.malformed');
    expect(refusal(() => read([...lines.toReversed(), end])).code).toBe('image.malformed');
    expect(read([...lines.slice(1), end]).parts).toHaveLength(10_000);
  });

  it('agrees with nrf-intel-hex on whatever it writes', () => {
    const blocks = fc.array(
      fc.tuple(fc.integer({ min: 0, max: 0xffff_0000 }), fc.uint8Array({ minLength: 1, maxLength: 100 })),
      { minLength: 1, maxLength: 6 },
    );
    fc.assert(
      fc.property(blocks, fc.integer({ min: 1, max: 64 }), (some, lineSize) => {
        const map = new NrfMemoryMap();
        for (const [address, bytes] of some) map.set(address, bytes);
        let theirs: MemoryMap;
        try {
          theirs = map.join();
        } catch {
          return; // They refuse overlaps of any kind.
        }
        const text = theirs.asHexString(lineSize);
        const image = readImage(new TextEncoder().encode(text), 'a.hex');
        expect(image.parts.map((part) => [part.address, [...part.bytes]])).toEqual(
          [...theirs].map(([address, bytes]) => [address, [...bytes]]),
        );
      }),
    );
  });
});

describe('S-record', () => {
  it('reads the published example', () => {
    const image = readImage(
      linesFile([
        'S00F000068656C6C6F202020202000003C',
        'S11F00007C0802A6900100049421FFF07C6C1B787C8C23783C6000003863000026',
        'S5030001FB',
        'S9030000FC',
      ]),
      'a.bin',
    );
    expect(image).toMatchObject({ format: 'srec', entry: 0 });
    expect(image.facts).toContainEqual({ code: 'text', at: { offset: 0 }, text: 'hello' });
    expect(placed(image)).toEqual([
      [0, ...fromHex('7C0802A6900100049421FFF07C6C1B787C8C23783C60000038630000')],
    ]);
  });

  it.each<[string, string[], unknown[], number]>([
    ['16 bits', [sLine(1, 0x10, [1, 2]), sLine(9, 0x10)], [[0x10, 1, 2]], 0x10],
    ['24 bits', [sLine(2, 0x080000, [1]), sLine(8, 0x080000)], [[0x080000, 1]], 0x080000],
    ['32 bits', [sLine(3, 0x08000000, [1]), sLine(7, 0x08000101)], [[0x08000000, 1]], 0x08000101],
    ['a count of 24 bits', [sLine(1, 1, [1]), sLine(1, 0, [2]), sLine(6, 2), sLine(9, 0)], [[0, 2, 1]], 0],
  ])('takes %s', (_what, lines, expected, entry) => {
    for (const ending of ['\n', '\r\n', '\r']) {
      const image = read(lines, ending);
      expect(placed(image)).toEqual(expected);
      expect(image.entry).toBe(entry);
    }
  });

  const data = sLine(1, 0, [1]);
  const close = sLine(9, 0);
  it.each<[string, string[], string, number]>([
    ['a wrong sum', [data, 'S1040000FF00', close], 'image.bad-checksum', 2],
    ['the reserved type', [data, sLine(4, 0, [1]), close], 'image.malformed', 2],
    ['a count that is wrong', [data, sLine(5, 2), close], 'image.malformed', 2],
    ['a record too short for its address', [data, 'S30400000000', close], 'image.malformed', 2],
    ['a closing record with data', [data, sLine(9, 0, [1])], 'image.malformed', 2],
    ['two opinions on one byte', [data, sLine(1, 0, [2]), close], 'image.overlap', 2],
    ['bytes past 32 bits', [sLine(3, 0xffffffff, [1, 2]), sLine(7, 0)], 'image.malformed', 1],
    ['no closing record', [data], 'image.malformed', 2],
  ])('refuses %s, and says in which line', (_what, lines, code, line) => {
    expect(refusal(() => read(lines))).toEqual({ code, line });
  });

  it('refuses a file cut at any byte, unless only the end of its last line is lost', () => {
    const file = linesFile([sLine(0, 0, [65]), sLine(3, 8, [1, 2, 3]), sLine(7, 8)]);
    for (let length = 0; length < file.length - 1; length++)
      expect(refusal(() => readImage(file.subarray(0, length), 'a.s19')).code).toMatch(/^image\./);
    expect(placed(readImage(file.subarray(0, -1), 'a.s19'))).toEqual([[8, 1, 2, 3]]);
  });
});

describe('objcopy', () => {
  it.for<[string, string[]]>([
    ['ihex', []],
    ['srec', []],
    ['srec', ['--srec-forceS3']],
    ['srec', ['--srec-len=7']],
  ])('writes %s %j, and we read the same bytes', ([format, options], context) => {
    needsTool(context, 'objcopy');
    using folder = workFolder();
    for (const [address, length] of [
      [0x08000000, 9],
      [0xfff0, 70_001],
      [0x7ffffff0, 300],
    ] as const) {
      const bytes = program(length);
      const bin = folder.write('in.bin', bytes);
      const out = folder.at('out');
      const change = `--change-addresses=${address}`;
      runTool('objcopy', '-I', 'binary', '-O', format, change, ...options, bin, out);
      const image = readImage(folder.read('out'), 'out');
      expect(image.format).toBe(format);
      expect(flat(image)).toEqual({ start: address, bytes });
      expect(image.parts).toHaveLength(1);
    }
  });
});
