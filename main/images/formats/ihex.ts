// Intel HEX: records 00 to 05, in any order (Intel HEX specification, revision A; dfu.md 3.4).
import type { ImageFact } from '../../../shared/image-facts.ts';
import { limits } from '../../../shared/limits.ts';
import type { ImageFormat, ParsedImage, Recognition } from '../image.ts';
import { beginningOf, lineOf, RecordWalk } from '../records.ts';
import { fitsAddressSpace, SparseBytes } from '../sparse.ts';

const colon = 0x3a;
const record = { data: 0, end: 1, segment: 2, startSegment: 3, linear: 4, startLinear: 5, signature: 0xfd };
/** What follows the colon before the data: length, address, type. */
const headBytes = 4;

export const ihex: ImageFormat = {
  id: 'ihex',
  maxBytes: limits.fileBytes,
  recognise(file, name): Recognition | undefined {
    if (/^:[0-9A-Fa-f]{10}/.test(beginningOf(file)))
      return { confidence: 'certain', evidence: 'its first line is a record with a colon' };
    return /\.(hex|ihex|ihx)\s*$/i.test(name) ? { confidence: 'likely', evidence: 'named .hex' } : undefined;
  },
  parse(file, name): ParsedImage {
    const walk = new RecordWalk(file, name);
    const state: State = { base: 0, wraps: false, entry: undefined, facts: [], ended: false };
    const sparse = new SparseBytes(file.length >>> 1);
    while (!state.ended && walk.toNextRecord()) readRecord(walk, state, sparse);
    if (!state.ended) throw walk.malformed('no-end-record');
    const count = walk.leftover();
    return {
      parts: sparse.parts(name, (offset) => ({ offset, line: lineOf(file, offset) })),
      entry: state.entry,
      facts: state.facts,
      notices: count > 0 ? [{ code: 'leftover-bytes', count }] : [],
    };
  },
};

/** What earlier records say about later ones. */
interface State {
  base: number;
  /** After a record 02: offsets wrap at 64 KiB within the segment. */
  wraps: boolean;
  entry: number | undefined;
  readonly facts: ImageFact[];
  ended: boolean;
}

/** @throws FlashError `image.malformed`, `image.bad-checksum` */
function readRecord(walk: RecordWalk, state: State, sparse: SparseBytes): void {
  const start = walk.at;
  if (walk.file[start] !== colon) throw walk.malformed('not-a-record');
  const count = walk.byteAt(start + 1);
  const sum = walk.take(start + 1, headBytes + count + 1);
  const bytes = walk.record;
  if ((sum & 0xff) !== 0) {
    const stated = bytes[headBytes + count] ?? 0;
    throw walk.badSum(stated, (stated - sum) & 0xff);
  }
  walk.endOfLine();
  const address = ((bytes[1] ?? 0) << 8) | (bytes[2] ?? 0);
  const type = bytes[3];
  if (type === record.data) {
    addData(walk, state, sparse, { address, count, start });
    return;
  }
  const value = wordOf(bytes, count);
  switch (type) {
    case record.end:
      if (count !== 0) throw walk.malformed('record-length');
      state.ended = true;
      return;
    case record.segment:
      if (count !== 2) throw walk.malformed('record-length');
      state.base = value * 16;
      state.wraps = true;
      return;
    case record.linear:
      if (count !== 2) throw walk.malformed('record-length');
      state.base = value * 0x1_0000;
      state.wraps = false;
      return;
    case record.startSegment:
      if (count !== 4) throw walk.malformed('record-length');
      state.entry = (value >>> 16) * 16 + (value & 0xffff);
      return;
    case record.startLinear:
      if (count !== 4) throw walk.malformed('record-length');
      state.entry = value >>> 0;
      return;
    case record.signature:
      // An extension of fwupd (dfu.md 3.4).
      if (!state.facts.some((fact) => fact.code === 'signature'))
        state.facts.push({ code: 'signature', at: { offset: start }, what: 'fwupd' });
      return;
    default:
      throw walk.malformed('record-type');
  }
}

/** Up to four bytes behind the head, big-endian. */
function wordOf(bytes: Uint8Array, count: number): number {
  let value = 0;
  for (let index = 0; index < Math.min(count, 4); index++)
    value = (value << 8) | (bytes[headBytes + index] ?? 0);
  return value;
}

interface DataRecord {
  readonly address: number;
  readonly count: number;
  /** Where it begins in the file. */
  readonly start: number;
}

function addData(
  walk: RecordWalk,
  state: State,
  sparse: SparseBytes,
  { address, count, start }: DataRecord,
): void {
  // Within a segment the offset wraps, and the bytes go on at the segment's beginning.
  const first = state.wraps ? Math.min(count, 0x1_0000 - address) : count;
  addRun(walk, sparse, { address: state.base + address, count: first, start }, 0);
  if (first < count) addRun(walk, sparse, { address: state.base, count: count - first, start }, first);
}

function addRun(walk: RecordWalk, sparse: SparseBytes, run: DataRecord, from: number): void {
  if (run.count === 0) return;
  if (!fitsAddressSpace(run.address, run.count)) throw walk.malformed('beyond-32-bits');
  const target = sparse.open(run.address, run.count, run.start);
  const { bytes } = sparse;
  const { record: source } = walk;
  for (let index = 0; index < run.count; index++)
    bytes[target + index] = source[headBytes + from + index] as number;
}
