// Files in makers' formats, put together field by field and independently of the parsers.
import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { zipSync, type Zippable } from 'fflate';
import { program } from './rig.ts';
import { hexLine, linesFile } from './text-records.ts';

const bytesOf = (...parts: readonly (Uint8Array | readonly number[])[]): Uint8Array =>
  Uint8Array.from(parts.flatMap((part) => [...part]));
const le16 = (value: number): number[] => [value & 0xff, (value >> 8) & 0xff];
const le32 = (value: number): number[] => [...le16(value & 0xffff), ...le16(value >>> 16)];

export interface McubootChanges {
  readonly flags?: number;
  readonly protectedTlvs?: readonly number[];
  readonly tlvs?: readonly number[];
  readonly body?: Uint8Array;
  readonly version?: readonly [number, number, number, number];
}

/** One TLV. */
export function tlv(type: number, value: Iterable<number>): number[] {
  const bytes = [...value];
  return [...le16(type), ...le16(bytes.length), ...bytes];
}

/** A signed MCUboot image with its SHA-256. */
export function mcubootFile(changes: McubootChanges = {}): Uint8Array {
  const { flags = 0, protectedTlvs = [], body = program(64), version = [1, 2, 3, 4] } = changes;
  const protectedBytes = protectedTlvs.length === 0 ? 0 : protectedTlvs.length + 4;
  const header = bytesOf(
    le32(0x96f3b83d),
    le32(0x20000000),
    le16(32),
    le16(protectedBytes),
    le32(body.length),
    le32(flags),
    [version[0], version[1], ...le16(version[2]), ...le32(version[3])],
    le32(0),
  );
  const area = protectedBytes === 0 ? [] : [...le16(0x6908), ...le16(protectedBytes), ...protectedTlvs];
  const hashed = bytesOf(header, body, area);
  const tlvs = changes.tlvs ?? [
    ...tlv(0x10, createHash('sha256').update(hashed).digest()),
    ...tlv(0x01, new Uint8Array(32)),
    ...tlv(0x22, new Uint8Array(70)),
  ];
  return bytesOf(hashed, le16(0x6907), le16(tlvs.length + 4), tlvs);
}

export interface ParticleChanges {
  readonly start?: number;
  readonly flags?: number;
  readonly version?: number;
  readonly platform?: number;
  readonly module?: number;
  readonly index?: number;
  readonly needs?: readonly (readonly [module: number, index: number, version: number])[];
  readonly prefixAt?: number;
  readonly body?: Uint8Array;
}

/** A Particle module: a user part of a Tracker, unless told otherwise. */
export function particleFile(changes: ParticleChanges = {}): Uint8Array {
  const {
    start = 0xb4000,
    flags = 0,
    version = 7,
    platform = 26,
    module = 5,
    index = 1,
    prefixAt = 0,
  } = changes;
  const { needs = [[4, 1, 3103]], body = program(200) } = changes;
  const before = program(Math.max(prefixAt, 8)).subarray(0, prefixAt);
  const length = prefixAt + 24 + body.length + 36 + 4;
  const depends = [0, 1].flatMap((slot) => {
    const [what = 0, which = 0, least = 0] = needs[slot] ?? [];
    return [what, which, ...le16(least)];
  });
  const prefix = [
    ...le32(start),
    ...le32(start + length - 4),
    ...[0, flags, ...le16(version), ...le16(platform), module, index],
    ...depends,
  ];
  const hashed = bytesOf(before, prefix, body, le16(0));
  const sealed = bytesOf(hashed, createHash('sha256').update(hashed).digest(), le16(36));
  const crc = crc32(sealed);
  return bytesOf(sealed, [crc >>> 24, (crc >>> 16) & 0xff, (crc >>> 8) & 0xff, crc & 0xff]);
}

/** A zip archive by fflate. */
export function zipFile(files: Readonly<Record<string, Uint8Array | string>>, level: 0 | 6 = 6): Uint8Array {
  const contents: Zippable = {};
  for (const [path, content] of Object.entries(files))
    contents[path] = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  return zipSync(contents, { level, mtime: new Date('2026-11-21T12:00:00Z') });
}

/** A modem package of eleven segments, the first of them not the first by name. */
export function modemFile(
  changes: Readonly<Record<string, string | undefined>> = {},
  level: 0 | 6 = 6,
): Uint8Array {
  const hash = createHash('sha256');
  const files: Record<string, string> = {
    '0123abc.ipc_dfu.signed_1.1.2.ihex': 'loader',
    '89abcde.ipc_dfu.signed_1.2.0.ihex': 'loader',
  };
  for (let index = 0; index < 11; index++) {
    const bytes = program(16, index + 1);
    hash.update(bytes);
    const lines = [hexLine(4, 0, [0, index]), hexLine(0, 0x100, bytes), hexLine(1, 0)];
    files[`firmware.update.image.segments.${index}.hex`] = new TextDecoder().decode(linesFile(lines));
  }
  files['firmware.update.image.digest.txt'] =
    `SHA256 of all ranges in ascending address order:\n${hash.digest('hex')}\n`;
  for (const [name, content] of Object.entries(changes)) {
    if (content === undefined) Reflect.deleteProperty(files, name);
    else files[name] = content;
  }
  return zipFile(files, level);
}

/** A Nordic DFU package with one application. */
export function nordicDfuFile(changes: Readonly<Record<string, string>> = {}, level: 0 | 6 = 6): Uint8Array {
  return zipFile(
    {
      'manifest.json': JSON.stringify({
        manifest: { application: { bin_file: 'app.bin', dat_file: 'app.dat' } },
      }),
      'app.bin': program(100),
      'app.dat': new Uint8Array(20),
      ...changes,
    },
    level,
  );
}

/** Gives every stored entry of a zip the CRC of what it now holds, in both places. In place; anything else is left. */
export function resealZip(file: Uint8Array): void {
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  const end = file.length - 22;
  if (end < 0 || view.getUint32(end, true) !== 0x06054b50) return;
  let at = view.getUint32(end + 16, true);
  while (at + 46 <= end && view.getUint32(at, true) === 0x02014b50) {
    const local = view.getUint32(at + 42, true);
    if (local + 30 > file.length) return;
    const data = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
    const crc = crc32(file.subarray(data, data + view.getUint32(at + 20, true)));
    view.setUint32(at + 16, crc, true);
    view.setUint32(local + 14, crc, true);
    at += 46 + view.getUint16(at + 28, true) + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
}
