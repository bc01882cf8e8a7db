// Everything that reads bytes of unknown origin. A format of the registry is here by itself; its samples are asked for
// by the compiler.
import { gzipSync } from 'node:zlib';
import { dfuCrc32 } from '../../main/base/crc.ts';
import { addDfuSuffix } from '../../main/images/formats/dfu-write.ts';
import { writeDfuse } from '../../main/images/formats/dfuse-write.ts';
import type { FirmwareImage, FormatId } from '../../main/images/image.ts';
import { imageFormats, readImage } from '../../main/images/registry.ts';
import {
  mcubootFile,
  modemFile,
  nordicDfuFile,
  particleFile,
  resealZip,
  tlv,
  zipFile,
} from '../support/maker-files.ts';
import { hexLine, linesFile, resealLines, sLine } from '../support/text-records.ts';
import { parseMemoryMap } from '../../main/protocols/dfuse/memory-map.ts';

/** Something that reads bytes of unknown origin. */
export interface FuzzedParser {
  readonly name: string;
  /** Good inputs to begin from. */
  readonly samples: readonly Uint8Array[];
  /** Reads, and throws a plain Error when what it read cannot be true. */
  readonly parse: (bytes: Uint8Array) => unknown;
  /** How the codes of the errors it may throw begin. */
  readonly errors: 'image.' | 'dfuse.bad-map';
  /** Makes a changed input pass the checksum, where there is one: else nothing behind that is ever reached. */
  readonly reseal?: (bytes: Uint8Array) => void;
}

const ids = { vendorId: 0x0483, productId: 0xdf11, bcdDevice: 0xffff };
const bytesOf = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
const program = bytesOf('\0\x10\0\x20\x01\x01\0\x08 a program');

const samples: Readonly<Record<FormatId, readonly Uint8Array[]>> = {
  'nordic-modem': [modemFile({}, 0), modemFile()],
  'nordic-dfu': [nordicDfuFile({}, 0), nordicDfuFile()],
  'particle-bundle': [zipFile({ 'app.bin': particleFile(), 'assets/tone.wav': 'wav' }, 0)],
  raw: [program, bytesOf(':10010000214601360121470136007EFE09D2190140\r\n:00000001FF\r\n')],
  ihex: [
    linesFile([hexLine(4, 0, [8, 0]), hexLine(0, 0, program), hexLine(5, 0, [8, 0, 1, 1]), hexLine(1, 0)]),
    linesFile([
      hexLine(2, 0, [0x10, 0]),
      hexLine(0, 0xfffe, [1, 2, 3]),
      hexLine(3, 0, [0, 1, 0, 2]),
      hexLine(1, 0),
    ]),
    linesFile(
      [hexLine(0, 8, [5, 6]), hexLine(0, 0, [1, 2]), hexLine(0, 0, [1, 2, 3]), hexLine(1, 0)],
      '\r\n',
    ),
  ],
  srec: [
    linesFile([sLine(0, 0, bytesOf('hello')), sLine(1, 0, program), sLine(5, 1), sLine(9, 0)]),
    linesFile([sLine(3, 0x08000020, [5]), sLine(3, 0x08000000, program), sLine(6, 2), sLine(7, 0x08000101)]),
    linesFile([sLine(2, 0x080000, [1, 2]), sLine(8, 0x080000)]),
  ],
  elf: [elfFile()],
  uf2: [uf2File()],
  mcuboot: [
    mcubootFile(),
    mcubootFile({ flags: 0x24, protectedTlvs: tlv(0x40, [1, 0, 0, 0, 1, 2, 3, 0, 4, 0, 0, 0]) }),
  ],
  particle: [particleFile(), particleFile({ prefixAt: 0x184, module: 4, flags: 1 })],
  dfu: [addDfuSuffix(program, ids, 0x0100)],
  dfuse: [
    writeDfuse({
      ids,
      targets: [
        {
          alternate: 0,
          name: '@Internal Flash  /0x08000000/04*016Kg',
          elements: [
            { address: 0x08000000, bytes: program },
            { address: 0x08004000, bytes: program },
          ],
        },
        { alternate: 1, elements: [{ address: 0x1fffc000, bytes: program }] },
      ],
    }),
  ],
};

/** A small ELF: header, one program header, bytes. */
function elfFile(): Uint8Array {
  const file = new Uint8Array(84 + program.length);
  const view = new DataView(file.buffer);
  file.set(bytesOf('\x7fELF\x01\x01\x01'));
  view.setUint16(18, 40, true);
  view.setUint32(24, 0x08000101, true);
  view.setUint32(28, 52, true);
  view.setUint16(40, 52, true);
  view.setUint16(42, 32, true);
  view.setUint16(44, 1, true);
  for (const [at, value] of [
    [52, 1],
    [56, 84],
    [64, 0x08000000],
    [68, program.length],
  ] as const)
    view.setUint32(at, value, true);
  file.set(program, 84);
  return file;
}

/** Two blocks of UF2 for an STM32F4, the second with a version tag. */
function uf2File(): Uint8Array {
  const file = new Uint8Array(1024);
  const view = new DataView(file.buffer);
  for (const [block, at] of [0, 512].entries()) {
    const words = [0x0a324655, 0x9e5d5157, 0xa000, 0x08000000 + block * 16, 16, block, 2, 0x57755a57];
    for (const [index, word] of words.entries()) view.setUint32(at + index * 4, word, true);
    file.set(program.subarray(0, 16), at + 32);
    file.set(bytesOf('\x09\xbc\xc7\x9f1.2.3'), at + 48);
    view.setUint32(at + 508, 0x0ab16f30, true);
  }
  return file;
}

/** DFU and DfuSe files end with a CRC over all before it; lines of text with a sum. */
function reseal(bytes: Uint8Array): void {
  if (bytes[0] === 0x3a || bytes[0] === 0x53) resealLines(bytes);
  else if (bytes[0] === 0x50) resealZip(bytes);
  else resealSuffix(bytes);
}

function resealSuffix(bytes: Uint8Array): void {
  if (bytes.length < 16) return;
  bytes.set(bytesOf('UFD'), bytes.length - 8);
  new DataView(bytes.buffer).setUint32(bytes.length - 4, dfuCrc32(bytes.subarray(0, -4)), true);
}

const packed: readonly FormatId[] = ['nordic-modem', 'nordic-dfu', 'particle-bundle'];

/** What holds for every image, whatever the file said. */
function checkImage(image: FirmwareImage, file: Uint8Array): void {
  if (image.parts.length === 0) throw new Error('no parts');
  for (const { address, bytes } of image.parts) {
    if (image.inside.length === 0 && bytes.length > file.length && !packed.includes(image.format))
      throw new Error('more bytes than the file has');
    if (address !== undefined && address + bytes.length > 0x1_0000_0000) throw new Error('beyond 32 bits');
  }
}

function imageParser(
  name: string,
  fileName: string,
  good: readonly Uint8Array[],
  as?: FormatId,
): FuzzedParser {
  return {
    name,
    samples: good,
    parse: (bytes) => checkImage(readImage(bytes, fileName, as === undefined ? {} : { as }), bytes),
    errors: 'image.',
    reseal,
  };
}

/** Archives with one firmware file in them, and archives in archives. */
const archives = [
  zipFile({ 'readme.txt': 'hello', 'a/firmware.dfu': samples.dfu[0] ?? program }, 0),
  zipFile({ 'inner.zip': zipFile({ 'firmware.hex': samples.ihex[0] ?? program }, 0) }, 0),
  new Uint8Array(gzipSync(samples.dfuse[0] ?? program)),
];

export const parsers: readonly FuzzedParser[] = [
  imageParser('an archive', 'a.zip', [...archives, ...packed.flatMap((id) => samples[id])]),
  imageParser('a file named .bin', 'a.bin', Object.values(samples).flat()),
  imageParser('a file named .dfu', 'a.dfu', [...samples.dfu, ...samples.dfuse]),
  ...imageFormats.map(({ id }) => imageParser(`a file said to be ${id}`, 'a', samples[id], id)),
  {
    name: 'a memory map',
    samples: [
      '@Internal Flash  /0x08000000/04*016Kg,01*064Kg,07*128Kg',
      '@Option Bytes  /0x1FFF7800/01*048 e/0x1FFFF800/01*048 e',
      '@Flash2 /0xF000/4*100Ba/0xE000/3*8Kg/0x80000/2*24Kg',
    ].map(bytesOf),
    parse: (bytes) => {
      const { segments } = parseMemoryMap(String.fromCharCode(...bytes));
      for (const { start, sectorSize, count } of segments) {
        if (!(sectorSize > 0 && count > 0)) throw new Error('empty sectors');
        if (start + sectorSize * count > 0x1_0000_0000) throw new Error('beyond 32 bits');
      }
    },
    errors: 'dfuse.bad-map',
  },
];
