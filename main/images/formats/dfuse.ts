// DfuSe containers: targets of elements with addresses (ST UM0391; dfu.md 3.2).
import { limits } from '../../../shared/limits.ts';
import { cleanText } from '../../../shared/text/clean.ts';
import type { ImageFormat, ImageNotice, ImagePart, ParsedImage, Recognition } from '../image.ts';
import { Reader, textAt } from '../reader.ts';
import { hasSuffix, readSuffix, suffixBytes } from '../suffix.ts';

export const prefixBytes = 11;
export const targetPrefixBytes = 274;
export const elementHeaderBytes = 8;
export const targetNameBytes = 255;

export const dfuse: ImageFormat = {
  id: 'dfuse',
  maxBytes: limits.containerBytes,
  recognise(file): Recognition | undefined {
    const isContainer = textAt(file, 0, 5) === 'DfuSe';
    return isContainer ? { confidence: 'certain', evidence: 'prefix DfuSe' } : undefined;
  },
  parse(file, name): ParsedImage {
    const reader = new Reader(file, name);
    const version = reader.byte(5);
    if (version !== 1) throw reader.malformed(5, `version ${version}`);
    const stated = reader.word(6);
    const targets = reader.byte(10);
    refuseCut(reader, stated);
    const suffix = readSuffix(file, name);
    const end = file.length - suffix.length;
    const walk: Walk = { offset: prefixBytes, end, elements: 0, leftover: 0, parts: [] };
    for (let target = 0; target < targets; target++) readTarget(reader, walk);
    refuseWrongSize(reader, stated, walk);
    const { parts } = walk;
    const leftover = walk.leftover + end - walk.offset;
    const notices: ImageNotice[] = leftover > 0 ? [{ code: 'leftover-bytes', count: leftover }] : [];
    return { ids: suffix.ids, parts, notices };
  },
};

/** Where the reading of a container has got to. */
interface Walk {
  offset: number;
  /** Where the suffix begins. */
  readonly end: number;
  elements: number;
  /** Bytes inside targets that belong to no element. */
  leftover: number;
  readonly parts: ImagePart[];
}

/** ST counts without the suffix, dfu-util's packer with it (dfu.md 3.2): a file shorter than either was cut. */
function refuseCut(reader: Reader, stated: number): void {
  const available = reader.file.length;
  if (hasSuffix(reader.file)) return;
  if (stated > available) throw reader.truncated(available, stated);
  if (stated + suffixBytes > available) throw reader.truncated(available, stated + suffixBytes);
  throw reader.malformed(Math.max(0, available - suffixBytes), 'no-suffix');
}

/** A sound suffix can be put behind a container that was cut before; its own size still tells. */
function refuseWrongSize(reader: Reader, stated: number, walk: Walk): void {
  if (stated === reader.file.length) return;
  if (stated > walk.end) throw reader.truncated(walk.end, stated);
  if (stated < walk.offset)
    throw reader.malformed(6, `its targets need ${walk.offset} bytes, its header says ${stated}`);
}

function readTarget(reader: Reader, walk: Walk): void {
  const { end, offset: start } = walk;
  reader.need(start, targetPrefixBytes, end);
  if (textAt(reader.file, start, 6) !== 'Target') throw reader.malformed(start, 'no Target header');
  const alternate = reader.byte(start + 6);
  const named = reader.word(start + 7) !== 0;
  const size = reader.word(start + 266);
  const elements = reader.word(start + 270);
  let offset = start + targetPrefixBytes;
  const targetEnd = offset + size;
  if (targetEnd > end) throw reader.truncated(end, targetEnd);
  walk.elements += elements;
  if (walk.elements > limits.elements)
    throw reader.malformed(start + 270, `${walk.elements} elements, at most ${limits.elements}`);
  const alternateName = named ? nameAt(reader.file, start + 11) : undefined;
  for (let element = 0; element < elements; element++) {
    reader.need(offset, elementHeaderBytes, targetEnd);
    const address = reader.word(offset);
    const length = reader.word(offset + 4);
    const data = offset + elementHeaderBytes;
    reader.need(data, length, targetEnd);
    if (address + length > 0x1_0000_0000) throw reader.malformed(offset, 'beyond-32-bits');
    offset = data + length;
    // Packers make empty elements. They name no byte to write, so where they lie cannot matter.
    if (length === 0) continue;
    walk.parts.push({ address, bytes: reader.file.subarray(data, offset), alternate, alternateName });
  }
  walk.leftover += targetEnd - offset;
  walk.offset = targetEnd;
}

function nameAt(file: Uint8Array, offset: number): string {
  const bytes = file.subarray(offset, offset + targetNameBytes);
  const end = bytes.indexOf(0);
  return cleanText(String.fromCharCode(...(end < 0 ? bytes : bytes.subarray(0, end))));
}
