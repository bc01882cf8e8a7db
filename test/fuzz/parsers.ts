// Everything that reads bytes of unknown origin. A format of the registry is here by itself; its samples are asked for
// by the compiler.
import { dfuCrc32 } from '../../main/base/crc.ts';
import { addDfuSuffix } from '../../main/images/formats/dfu-write.ts';
import { writeDfuse } from '../../main/images/formats/dfuse-write.ts';
import type { FirmwareImage, FormatId } from '../../main/images/image.ts';
import { imageFormats, readImage } from '../../main/images/registry.ts';
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
  raw: [program, bytesOf(':10010000214601360121470136007EFE09D2190140\r\n:00000001FF\r\n')],
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

/** DFU and DfuSe files end with a CRC over all before it. */
function resealSuffix(bytes: Uint8Array): void {
  if (bytes.length < 16) return;
  bytes.set(bytesOf('UFD'), bytes.length - 8);
  new DataView(bytes.buffer).setUint32(bytes.length - 4, dfuCrc32(bytes.subarray(0, -4)), true);
}

/** What holds for every image, whatever the file said. */
function checkImage(image: FirmwareImage, file: Uint8Array): void {
  if (image.parts.length === 0) throw new Error('no parts');
  for (const { address, bytes } of image.parts) {
    if (bytes.length > file.length) throw new Error('more bytes than the file has');
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
    reseal: resealSuffix,
  };
}

export const parsers: readonly FuzzedParser[] = [
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
