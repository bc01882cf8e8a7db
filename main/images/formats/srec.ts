// Motorola S-record: S0 to S9, data in any order (dfu.md 3.5).
import type { ImageFact } from '../../../shared/image-facts.ts';
import { limits } from '../../../shared/limits.ts';
import { cleanText } from '../../../shared/text/clean.ts';
import type { ImageFormat, ParsedImage, Recognition } from '../image.ts';
import { beginningOf, lineOf, RecordWalk } from '../records.ts';
import { fitsAddressSpace, SparseBytes } from '../sparse.ts';

/** Bytes of the address field, by the digit behind the S. S4 is reserved. */
const addressBytes = [2, 2, 3, 4, undefined, 2, 3, 4, 3, 2] as const;
const letterS = 0x53;
const digitZero = 0x30;

export const srec: ImageFormat = {
  id: 'srec',
  maxBytes: limits.fileBytes,
  recognise(file, name): Recognition | undefined {
    if (/^S[0-35-9][0-9A-Fa-f]{8}/.test(beginningOf(file)))
      return { confidence: 'certain', evidence: 'its first line is a record with an S' };
    return /\.(s19|s28|s37|srec|mot)\s*$/i.test(name)
      ? { confidence: 'likely', evidence: 'named as S-record files are' }
      : undefined;
  },
  parse(file, name): ParsedImage {
    const walk = new RecordWalk(file, name);
    const state: State = { records: 0, entry: undefined, facts: [], ended: false };
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

interface State {
  /** Data records so far. */
  records: number;
  entry: number | undefined;
  readonly facts: ImageFact[];
  ended: boolean;
}

/** @throws FlashError `image.malformed`, `image.bad-checksum` */
function readRecord(walk: RecordWalk, state: State, sparse: SparseBytes): void {
  const start = walk.at;
  if (walk.file[start] !== letterS) throw walk.malformed('not-a-record');
  const type = (walk.file[start + 1] ?? 0) - digitZero;
  const addressLength = addressBytes[type];
  if (addressLength === undefined) throw walk.malformed('record-type');
  const length = walk.byteAt(start + 2);
  if (length < addressLength + 1) throw walk.malformed('record-length');
  const sum = walk.take(start + 2, length + 1);
  const bytes = walk.record;
  if ((sum & 0xff) !== 0xff) {
    const stated = bytes[length] ?? 0;
    throw walk.badSum(stated, (0xff - (sum - stated)) & 0xff);
  }
  walk.endOfLine();
  let address = 0;
  for (let index = 1; index <= addressLength; index++) address = address * 256 + (bytes[index] ?? 0);
  const count = length - 1 - addressLength;
  const from = 1 + addressLength;
  if (type === 0) addHeader(state, bytes.subarray(from, from + count), start);
  else if (type <= 3) addData(walk, state, sparse, { address, count, from, start });
  else if (count > 0) throw walk.malformed('record-length');
  else if (type <= 6) checkCount(walk, state, address, addressLength);
  else {
    state.entry = address;
    state.ended = true;
  }
}

/** S0 carries a name or note; objcopy puts the file's name there. */
function addHeader(state: State, bytes: Uint8Array, offset: number): void {
  const text = cleanText(String.fromCharCode(...bytes)).trim();
  if (text !== '' && state.facts.length === 0) state.facts.push({ code: 'text', at: { offset }, text });
}

function checkCount(walk: RecordWalk, state: State, stated: number, addressLength: number): void {
  if (state.records % 256 ** addressLength !== stated) throw walk.malformed('record-count');
}

function addData(
  walk: RecordWalk,
  state: State,
  sparse: SparseBytes,
  run: { readonly address: number; readonly count: number; readonly from: number; readonly start: number },
): void {
  state.records++;
  if (run.count === 0) return;
  if (!fitsAddressSpace(run.address, run.count)) throw walk.malformed('beyond-32-bits');
  const target = sparse.open(run.address, run.count, run.start);
  const { bytes } = sparse;
  const { record: source } = walk;
  for (let index = 0; index < run.count; index++) bytes[target + index] = source[run.from + index] as number;
}
