// UF2: blocks of 512 bytes, each with its address and the chip it is for (dfu.md 3.7).
import { FlashError } from '../../../shared/errors/flash-error.ts';
import { formatAddress } from '../../../shared/hex.ts';
import type { ImageFact } from '../../../shared/image-facts.ts';
import { limits } from '../../../shared/limits.ts';
import { cleanText } from '../../../shared/text/clean.ts';
import type { ImageFormat, ParsedImage, Recognition } from '../image.ts';
import { Reader } from '../reader.ts';
import { fitsAddressSpace, SparseBytes } from '../sparse.ts';
import { rp2xxxAbsolute, uf2Family } from './uf2-families.ts';

const blockBytes = 512;
const dataAt = 32;
const dataBytes = 476;
const flag = { notMainFlash: 0x1, fileContainer: 0x1000, family: 0x2000, md5: 0x4000, tags: 0x8000 };
const magics: readonly (readonly [offset: number, value: number])[] = [
  [0, 0x0a324655],
  [4, 0x9e5d5157],
  [508, 0x0ab16f30],
];
/** Tags with texts for people (UF2 specification, extension tags; not verified by our facts). */
const textTags: Readonly<Record<number, 'version' | 'device'>> = { 0x9fc7bc: 'version', 0x650d9d: 'device' };
const mostFamilies = 32;

export const uf2: ImageFormat = {
  id: 'uf2',
  maxBytes: limits.fileBytes,
  recognise(file, name): Recognition | undefined {
    const begins = magics.slice(0, 2).every(([at, value]) => wordAt(file, at) === value);
    if (begins) return { confidence: 'certain', evidence: 'magic UF2 at the beginning' };
    return /\.uf2\s*$/i.test(name) ? { confidence: 'likely', evidence: 'named .uf2' } : undefined;
  },
  parse(file, name): ParsedImage {
    const reader = new Reader(file, name);
    const families = new Map<number | undefined, Family>();
    const facts: ImageFact[] = [];
    let skipped = 0;
    for (let at = 0; at < file.length; at += blockBytes) {
      const block = readBlock(reader, at);
      if (block.skipped) skipped += block.count;
      else if (!families.has(block.family) && families.size === mostFamilies)
        throw reader.malformed(at, `more than ${mostFamilies} families`);
      else count(families, block);
      addTags(reader, at, block, facts);
    }
    refuseMissingBlocks(reader, families);
    // Room is made only for what was counted: one family may be a sliver of a large file.
    for (const family of families.values()) family.bytes = new SparseBytes(family.size);
    for (let at = 0; at < file.length; at += blockBytes) fill(reader, at, families);
    if (skipped > 0) facts.push({ code: 'left-out', at: {}, what: 'uf2-not-main-flash', bytes: skipped });
    const parts = [...families].flatMap(([id, family]) => {
      const known = id === undefined ? undefined : uf2Family(id);
      const chip = id === undefined ? undefined : (known?.chip ?? `uf2-${id.toString(16).padStart(8, '0')}`);
      if (id !== undefined && chip !== undefined)
        facts.push({
          code: 'chip',
          at: { offset: family.firstAt + 28 },
          chip,
          evidence: `UF2 family ${formatAddress(id)}${known === undefined ? '' : `, ${known.name}`}`,
        });
      const own = family.bytes?.parts(name, (offset) => ({ offset })) ?? [];
      return chip === undefined ? own : own.map((part) => ({ ...part, chip }));
    });
    const routes = otherRoute([...families.keys()]);
    return { parts, facts: [...facts, ...routes] };
  },
};

/** Chips whose own bootloader speaks DFU, or that nobody can name: those may be for a board of ours. */
const reachable = /^(stm32|gd32|at32|uf2-)/;

/** Boards with other chips show up as a drive, and take the file as it is (devices.md 6.3). */
function otherRoute(ids: readonly (number | undefined)[]): ImageFact[] {
  const known = ids.flatMap((id) => (id === undefined ? [] : (uf2Family(id) ?? { chip: 'uf2-', name: '' })));
  if (known.length < ids.length || known.length === 0 || known.some(({ chip }) => reachable.test(chip)))
    return [];
  const what = known.map(({ name }) => name).join(', ');
  return [{ code: 'other-route', what, route: 'copy-to-drive' }];
}

interface Family {
  readonly firstAt: number;
  size: number;
  blocks: number;
  /** Blocks there should be, as the blocks themselves say. */
  total: number;
  bytes?: SparseBytes;
}

interface Block {
  readonly at: number;
  readonly flags: number;
  readonly address: number;
  readonly count: number;
  readonly total: number;
  readonly family: number | undefined;
  readonly skipped: boolean;
}

function wordAt(file: Uint8Array, at: number): number {
  return (
    ((file[at] ?? 0) |
      ((file[at + 1] ?? 0) << 8) |
      ((file[at + 2] ?? 0) << 16) |
      ((file[at + 3] ?? 0) << 24)) >>>
    0
  );
}

/** @throws FlashError `image.malformed`, `image.truncated` */
function readBlock(reader: Reader, at: number): Block {
  reader.need(at, blockBytes);
  for (const [offset, value] of magics)
    if (reader.word(at + offset) !== value) throw reader.malformed(at + offset, 'no-uf2-block');
  const flags = reader.word(at + 8);
  const address = reader.word(at + 12);
  const count = reader.word(at + 16);
  const number = reader.word(at + 20);
  const total = reader.word(at + 24);
  if (count > dataBytes) throw reader.malformed(at + 16, `a block of ${count} bytes`);
  if (number >= total) throw reader.malformed(at + 20, `block ${number} of ${total}`);
  if (!fitsAddressSpace(address, count)) throw reader.malformed(at + 12, 'beyond-32-bits');
  const family = (flags & flag.family) === 0 ? undefined : reader.word(at + 28);
  const skipped = (flags & (flag.notMainFlash | flag.fileContainer)) !== 0;
  return { at, flags, address, count, total, family, skipped };
}

function count(families: Map<number | undefined, Family>, block: Block): void {
  const family = families.get(block.family) ?? { firstAt: block.at, size: 0, blocks: 0, total: block.total };
  families.set(block.family, family);
  family.size += block.count;
  family.blocks++;
  family.total = Math.max(family.total, block.total);
}

/** A file cut between two blocks looks whole; only its own numbers tell. @throws FlashError `image.truncated` */
function refuseMissingBlocks(reader: Reader, families: ReadonlyMap<number | undefined, Family>): void {
  for (const [id, { blocks, total }] of families) {
    if (blocks >= total || id === rp2xxxAbsolute) continue;
    throw reader.truncated(reader.file.length, reader.file.length + (total - blocks) * blockBytes);
  }
}

function fill(reader: Reader, at: number, families: ReadonlyMap<number | undefined, Family>): void {
  const block = readBlock(reader, at);
  const sparse = families.get(block.family)?.bytes;
  if (block.skipped || sparse === undefined) return;
  const offset = sparse.open(block.address, block.count, at);
  sparse.bytes.set(reader.file.subarray(at + dataAt, at + dataAt + block.count), offset);
}

/** Tags follow the data, each begun at a multiple of four: length, 24 bits of type, content. */
function addTags(reader: Reader, at: number, block: Block, facts: ImageFact[]): void {
  if ((block.flags & flag.md5) !== 0 && !facts.some((fact) => fact.code === 'digest'))
    facts.push({ code: 'digest', at: { offset: at }, what: 'MD5', verdict: 'not-checked' });
  if ((block.flags & flag.tags) === 0) return;
  const end = at + dataAt + dataBytes;
  let tag = at + dataAt + ((block.count + 3) & ~3);
  while (tag + 4 <= end) {
    const size = reader.byte(tag);
    if (size < 4) break;
    if (tag + size > end)
      throw new FlashError('image.malformed', {
        name: reader.name,
        offset: tag,
        reason: `a tag of ${size} bytes`,
      });
    const kind = textTags[reader.word(tag) >>> 8];
    const text = cleanText(new TextDecoder().decode(reader.slice(tag + 4, size - 4)));
    // They stand in every block, or in the first alone.
    if (kind === 'version' && !facts.some((fact) => fact.code === 'version'))
      facts.push({ code: 'version', at: { offset: tag }, of: 'uf2', version: text });
    if (kind === 'device' && !facts.some((fact) => fact.code === 'product'))
      facts.push({ code: 'product', at: { offset: tag }, product: text, evidence: 'UF2 device description' });
    tag += (size + 3) & ~3;
  }
}
