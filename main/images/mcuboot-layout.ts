// MCUboot's header and TLV area (devices.md 4.7).
import { createHash } from 'node:crypto';
import { toHex } from '../../shared/hex.ts';
import type { ImageFact, McubootFlag } from '../../shared/image-facts.ts';
import { Reader } from './reader.ts';

const magics: readonly number[] = [0x96f3b83d, 0x96f3b83c];
const headerBytes = 32;
const tlvMagic = 0x6907;
const protectedMagic = 0x6908;
const mostEntries = 1_000;
const flagBits: readonly (readonly [bits: number, flag: McubootFlag])[] = [
  [0x4 | 0x8, 'encrypted'],
  [0x10, 'not-bootable'],
  [0x20, 'runs-from-ram'],
  [0x100, 'fixed-address'],
  [0x200 | 0x400 | 0x800, 'compressed'],
];
const digests: Readonly<Record<number, readonly [name: string, algorithm: string]>> = {
  0x10: ['SHA-256', 'sha256'],
  0x11: ['SHA-384', 'sha384'],
  0x12: ['SHA-512', 'sha512'],
};
const signatures: Readonly<Record<number, string>> = {
  0x20: 'RSA-2048',
  0x22: 'ECDSA',
  0x23: 'RSA-3072',
  0x24: 'Ed25519',
};
const dependency = 0x40;

/** Whether bytes begin as an MCUboot image does. */
export function hasMcubootMagic(bytes: Uint8Array): boolean {
  return bytes.length >= 4 && magics.includes(new Reader(bytes, '').word(0));
}

/**
 * What an MCUboot image says of itself, its digest checked.
 * @param at the place of its first byte
 * @throws FlashError `image.truncated`, `image.malformed`
 */
export function readMcuboot(bytes: Uint8Array, name: string, at: { address?: number } = {}): ImageFact[] {
  const reader = new Reader(bytes, name);
  reader.need(0, headerBytes);
  const headerSize = reader.half(8);
  const protectedSize = reader.half(10);
  const imageBytes = reader.word(12);
  const bits = reader.word(16);
  if (headerSize < headerBytes) throw reader.malformed(8, `a header of ${headerSize} bytes`);
  const flags = flagBits.flatMap(([mask, flag]) => ((bits & mask) === 0 ? [] : [flag]));
  const place = (offset: number) => ({
    offset,
    ...(at.address === undefined ? {} : { address: at.address + offset }),
  });
  const version = `${reader.byte(20)}.${reader.byte(21)}.${reader.half(22)}`;
  const build = reader.word(24);
  const facts: ImageFact[] = [
    { code: 'mcuboot', at: place(0), loadAddress: reader.word(4), imageBytes, flags },
    {
      code: 'version',
      at: place(20),
      of: 'MCUboot image',
      version: build === 0 ? version : `${version}+${build}`,
    },
  ];
  const bodyEnd = headerSize + imageBytes;
  reader.need(0, bodyEnd);
  const hashedEnd = bodyEnd + protectedSize;
  const unreadable = flags.includes('encrypted') || flags.includes('compressed');
  const entries = [
    ...(protectedSize > 0 ? readArea(reader, bodyEnd, protectedMagic, protectedSize) : []),
    ...readArea(reader, hashedEnd, tlvMagic),
  ];
  for (const { type, offset, value } of entries) {
    const digest = digests[type];
    const signature = signatures[type];
    if (digest !== undefined) {
      const [what, algorithm] = digest;
      const expected = toHex(value);
      // What is hashed of encrypted and compressed images is not the bytes at hand.
      if (unreadable)
        facts.push({ code: 'digest', at: place(offset), what, verdict: 'not-checked', expected });
      else {
        const found = createHash(algorithm).update(bytes.subarray(0, hashedEnd)).digest('hex');
        const verdict = found === expected ? 'good' : 'bad';
        facts.push({ code: 'digest', at: place(offset), what, verdict, expected, found });
      }
    }
    if (signature !== undefined) facts.push({ code: 'signature', at: place(offset), what: signature });
    if (type === dependency && value.length >= 12) facts.push(needOf(value, place(offset)));
  }
  return facts;
}

/** Image number, three bytes of padding, least version (MCUboot's image.h; not in our facts). */
function needOf(value: Uint8Array, at: { offset: number; address?: number }): ImageFact {
  const reader = new Reader(value, '');
  const version = `${reader.byte(4)}.${reader.byte(5)}.${reader.half(6)}`;
  return { code: 'needs', at, what: `MCUboot image ${reader.byte(0)}`, version };
}

interface Entry {
  readonly type: number;
  readonly offset: number;
  readonly value: Uint8Array;
}

/** @throws FlashError `image.truncated`, `image.malformed` */
function readArea(reader: Reader, start: number, magic: number, size?: number): Entry[] {
  if (reader.half(start) !== magic) throw reader.malformed(start, 'no-tlv-area');
  const total = reader.half(start + 2);
  if (total < 4 || (size !== undefined && total !== size))
    throw reader.malformed(start + 2, `a TLV area of ${total} bytes`);
  reader.need(start, total);
  const entries: Entry[] = [];
  let at = start + 4;
  while (at < start + total) {
    reader.need(at, 4, start + total);
    const length = reader.half(at + 2);
    reader.need(at + 4, length, start + total);
    if (entries.length === mostEntries) throw reader.malformed(at, `more than ${mostEntries} TLVs`);
    entries.push({ type: reader.half(at), offset: at, value: reader.slice(at + 4, length) });
    at += 4 + length;
  }
  return entries;
}
