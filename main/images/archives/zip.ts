// Zip archives: the directory at the end, and one entry at a time (PKWARE APPNOTE 4.3, 4.4). Unpacking itself is
// Node's zlib: it stops at a given length, which a library that trusts the directory's sizes does not.
import { crc32, inflateRawSync } from 'node:zlib';
import { FlashError } from '../../../shared/errors/flash-error.ts';
import { limits } from '../../../shared/limits.ts';
import { sameBytes } from '../../base/bytes.ts';
import { Reader } from '../reader.ts';
import type { Archive, ArchiveEntry, UnpackBudget } from './archive.ts';

const signature = { local: 0x04034b50, central: 0x02014b50, end: 0x06054b50 };
const endBytes = 22;
const centralBytes = 46;
const localBytes = 30;
const longestComment = 0xffff;
const method = { stored: 0, deflated: 8 };

/** Whether bytes begin as a zip archive does, an empty one included. */
export function hasZipMagic(file: Uint8Array): boolean {
  return (
    file[0] === 0x50 &&
    file[1] === 0x4b &&
    ((file[2] === 3 && file[3] === 4) || (file[2] === 5 && file[3] === 6))
  );
}

interface Entry {
  readonly path: string;
  readonly nameBytes: Uint8Array;
  readonly method: number;
  readonly crc: number;
  readonly packedBytes: number;
  readonly unpackedBytes: number;
  readonly localAt: number;
}

/** @throws FlashError `image.archive-limit`, `image.malformed`, `image.truncated` */
export function openZip(file: Uint8Array, name: string, budget: UnpackBudget): Archive {
  const reader = new Reader(file, name);
  const entries = readDirectory(reader);
  refuseTricks(reader, entries);
  return {
    kind: 'zip',
    name,
    entries: entries
      .filter((entry) => !entry.path.endsWith('/'))
      .map((entry): ArchiveEntry => ({
        path: entry.path,
        sizeBytes: entry.unpackedBytes,
        unpack: unpacker(reader, entry, budget),
      })),
  };
}

function findEnd(reader: Reader): number {
  const { file } = reader;
  const first = Math.max(0, file.length - endBytes - longestComment);
  for (let at = file.length - endBytes; at >= first; at--) {
    if (
      file[at] === 0x50 &&
      reader.word(at) === signature.end &&
      at + endBytes + reader.half(at + 20) === file.length
    )
      return at;
  }
  throw reader.malformed(file.length, 'archive-end-missing');
}

function readDirectory(reader: Reader): Entry[] {
  const end = findEnd(reader);
  const count = reader.half(end + 10);
  const size = reader.word(end + 12);
  let at = reader.word(end + 16);
  if (count === 0xffff || at === 0xffff_ffff) throw reader.malformed(end, 'archive-zip64');
  if (count > limits.archiveEntries)
    throw new FlashError('image.archive-limit', {
      name: reader.name,
      what: 'entries',
      limit: limits.archiveEntries,
    });
  reader.need(at, size, end);
  const entries: Entry[] = [];
  for (let index = 0; index < count; index++) {
    reader.need(at, centralBytes, end);
    if (reader.word(at) !== signature.central) throw reader.malformed(at, 'archive-damaged');
    if ((reader.half(at + 8) & 1) !== 0) throw reader.malformed(at + 8, 'archive-encrypted');
    const nameLength = reader.half(at + 28);
    const next = at + centralBytes + nameLength + reader.half(at + 30) + reader.half(at + 32);
    reader.need(at, next - at, end);
    const nameBytes = reader.slice(at + centralBytes, nameLength);
    const entry: Entry = {
      path: safePath(reader, nameBytes, at),
      nameBytes,
      method: reader.half(at + 10),
      crc: reader.word(at + 16),
      packedBytes: reader.word(at + 20),
      unpackedBytes: reader.word(at + 24),
      localAt: reader.word(at + 42),
    };
    if ([entry.packedBytes, entry.unpackedBytes, entry.localAt].includes(0xffff_ffff))
      throw reader.malformed(at, 'archive-zip64');
    entries.push(entry);
    at = next;
  }
  return entries;
}

/** A name that is shown and chosen by, and that nobody can be led astray with. @throws FlashError `image.malformed` */
function safePath(reader: Reader, bytes: Uint8Array, at: number): string {
  const path = new TextDecoder().decode(bytes);
  const segments = path.replace(/\/$/, '').split('/');
  const isSafe =
    bytes.length <= limits.textBytes &&
    segments.every((segment) => segment !== '' && segment !== '.' && segment !== '..') &&
    !/[\p{Cc}\p{Cf}\p{Cs}\p{Cn}\p{Zl}\p{Zp}\\\ufffd]|^[A-Za-z]:/u.test(path);
  if (!isSafe) throw reader.malformed(at + centralBytes, 'archive-path');
  return path;
}

/** Two files of one name, or of the same packed bytes, are no accident. */
function refuseTricks(reader: Reader, entries: readonly Entry[]): void {
  const names = new Set<string>();
  let packed = 0;
  for (const { path, packedBytes, localAt } of entries) {
    if (names.has(path)) throw reader.malformed(localAt, 'archive-name-twice');
    names.add(path);
    packed += packedBytes;
    if (packed > reader.file.length) throw reader.malformed(localAt, 'archive-overlap');
  }
}

/** Unpacking the same entry again is counted once: only one of the two is kept. */
function unpacker(reader: Reader, entry: Entry, budget: UnpackBudget): () => Uint8Array {
  let counted = false;
  return () => {
    if (!counted) budget.spend(reader.name, entry.packedBytes, entry.unpackedBytes);
    counted = true;
    return unpack(reader, entry);
  };
}

/** @throws FlashError `image.malformed`, `image.truncated`, `image.bad-checksum` */
function unpack(reader: Reader, entry: Entry): Uint8Array {
  const { localAt, packedBytes } = entry;
  if (reader.word(localAt) !== signature.local) throw reader.malformed(localAt, 'archive-damaged');
  const nameLength = reader.half(localAt + 26);
  if (!sameBytes(reader.slice(localAt + localBytes, nameLength), entry.nameBytes))
    throw reader.malformed(localAt, 'archive-names-differ');
  const dataAt = localAt + localBytes + nameLength + reader.half(localAt + 28);
  const packed = reader.slice(dataAt, packedBytes);
  const bytes = inflate(reader, entry, packed, dataAt);
  const found = crc32(bytes);
  if (found !== entry.crc) {
    const hex = (value: number): string => value.toString(16).padStart(8, '0');
    throw new FlashError('image.bad-checksum', {
      name: `${reader.name}/${entry.path}`,
      offset: dataAt,
      expected: hex(entry.crc),
      found: hex(found),
    });
  }
  return bytes;
}

function inflate(reader: Reader, entry: Entry, packed: Uint8Array, at: number): Uint8Array {
  let bytes: Uint8Array;
  if (entry.method === method.stored) bytes = packed;
  else if (entry.method === method.deflated) {
    try {
      const unpacked = inflateRawSync(packed, { maxOutputLength: Math.max(1, entry.unpackedBytes) });
      bytes = new Uint8Array(unpacked.buffer, unpacked.byteOffset, unpacked.length);
    } catch (error) {
      throw new FlashError(
        'image.malformed',
        { name: reader.name, offset: at, reason: 'archive-damaged' },
        error,
      );
    }
  } else throw reader.malformed(at, 'archive-method');
  if (bytes.length !== entry.unpackedBytes) throw reader.malformed(at, 'archive-damaged');
  return bytes;
}
