// ELF, 32 and 64 bits, either byte order: what is loaded, by physical address (dfu.md 3.6).
import type { ImageFact } from '../../../shared/image-facts.ts';
import { limits } from '../../../shared/limits.ts';
import {
  addressedPart,
  type ImageFormat,
  type ImagePart,
  type ParsedImage,
  type Recognition,
} from '../image.ts';
import { Reader, textAt } from '../reader.ts';
import { fitsAddressSpace } from '../sparse.ts';
import { joinParts } from '../join.ts';

const loadable = 1;
const noBits = 8;
const allocated = 2;
/** Far more than any linker makes for a board: each is looked for in every section. */
const mostSegments = 1_000;
/** e_machine, as far as boards go (dfu.md 3.6); others are shown by number. */
const processors: Readonly<Record<number, string>> = {
  3: 'x86',
  40: 'arm',
  62: 'x86-64',
  83: 'avr',
  183: 'arm64',
  243: 'riscv',
};

export const elf: ImageFormat = {
  id: 'elf',
  // Debug information makes them many times larger than what they load.
  maxBytes: limits.containerBytes,
  recognise(file, name): Recognition | undefined {
    if (textAt(file, 0, 4) === '\x7fELF') return { confidence: 'certain', evidence: 'magic 7F 45 4C 46' };
    return /\.(elf|axf)\s*$/i.test(name) ? { confidence: 'likely', evidence: 'named .elf' } : undefined;
  },
  parse(file, name): ParsedImage {
    const reader = readerFor(file, name);
    const layout = file[4] === 2 ? layout64 : layout32;
    const header = readHeader(reader, layout);
    const sections = readSections(reader, layout, header);
    const facts: ImageFact[] = [];
    const pieces: ImagePart[] = [];
    let loaded = 0;
    for (let index = 0; index < header.segments; index++) {
      const segment = readSegment(reader, layout, header, index);
      if (segment === undefined) continue;
      // Headers can name the same bytes again and again; what they load cannot be more than there is.
      loaded += segment.size;
      if (loaded > file.length) throw reader.malformed(segment.offset, 'segments-share-bytes');
      const { start, end } = withoutHeaders(segment, sections, header);
      const left = segment.size - (end - start);
      if (left > 0)
        facts.push({ code: 'left-out', at: { offset: segment.offset }, what: 'elf-headers', bytes: left });
      if (end <= start) continue;
      const address = segment.physical + start - segment.offset;
      if (!fitsAddressSpace(address, end - start)) throw reader.malformed(start, 'beyond-32-bits');
      pieces.push(addressedPart(address, file.subarray(start, end)));
    }
    facts.unshift({
      code: 'processor',
      at: { offset: 18 },
      processor: processors[header.machine] ?? String(header.machine),
    });
    return { parts: joinParts(pieces, name, file), entry: header.entry, facts };
  },
};

/** Offsets of the fields that differ between 32 and 64 bits. */
interface Layout {
  readonly wide: boolean;
  readonly entry: number;
  readonly programs: number;
  readonly sections: number;
  readonly headerSize: number;
  readonly segment: {
    readonly offset: number;
    readonly physical: number;
    readonly size: number;
    readonly bytes: number;
  };
  readonly section: {
    readonly flags: number;
    readonly offset: number;
    readonly size: number;
    readonly bytes: number;
  };
}

const layout32: Layout = {
  wide: false,
  entry: 24,
  programs: 28,
  sections: 32,
  headerSize: 40,
  segment: { offset: 4, physical: 12, size: 16, bytes: 32 },
  section: { flags: 8, offset: 16, size: 20, bytes: 40 },
};
const layout64: Layout = {
  wide: true,
  entry: 24,
  programs: 32,
  sections: 40,
  headerSize: 52,
  segment: { offset: 8, physical: 24, size: 32, bytes: 56 },
  section: { flags: 8, offset: 24, size: 32, bytes: 64 },
};

interface Header {
  readonly machine: number;
  readonly entry: number;
  readonly programs: number;
  readonly segments: number;
  readonly segmentBytes: number;
  readonly sectionsAt: number;
  readonly sections: number;
  readonly sectionBytes: number;
  readonly headerBytes: number;
}

interface Stretch {
  readonly offset: number;
  readonly size: number;
}

function readerFor(file: Uint8Array, name: string): Reader {
  const probe = new Reader(file, name);
  probe.need(0, 20);
  if (textAt(file, 0, 4) !== '\x7fELF') throw probe.malformed(0, 'no-elf-magic');
  if (file[4] !== 1 && file[4] !== 2) throw probe.malformed(4, `class ${file[4] ?? 0}`);
  if (file[5] !== 1 && file[5] !== 2) throw probe.malformed(5, `byte order ${file[5] ?? 0}`);
  return new Reader(file, name, file[5] === 1);
}

function readHeader(reader: Reader, layout: Layout): Header {
  const size = (at: number): number => (layout.wide ? reader.long(at) : reader.word(at));
  const { headerSize: tail } = layout;
  const header: Header = {
    machine: reader.half(18),
    entry: size(layout.entry),
    programs: size(layout.programs),
    sectionsAt: size(layout.sections),
    headerBytes: reader.half(tail),
    segmentBytes: reader.half(tail + 2),
    segments: reader.half(tail + 4),
    sectionBytes: reader.half(tail + 6),
    sections: reader.half(tail + 8),
  };
  if (header.segments > mostSegments) throw reader.malformed(tail + 4, `more than ${mostSegments} segments`);
  if (header.segments > 0 && header.segmentBytes < layout.segment.bytes)
    throw reader.malformed(tail + 2, `program headers of ${header.segmentBytes} bytes`);
  if (header.sections > 0 && header.sectionBytes < layout.section.bytes)
    throw reader.malformed(tail + 6, `section headers of ${header.sectionBytes} bytes`);
  return header;
}

/** Where in the file bytes lie that really are loaded; empty for a file without section headers. */
function readSections(reader: Reader, layout: Layout, header: Header): Stretch[] {
  const { section } = layout;
  const field = (at: number): number => (layout.wide ? reader.long(at) : reader.word(at));
  const found: Stretch[] = [];
  for (let index = 0; index < header.sections; index++) {
    const at = header.sectionsAt + index * header.sectionBytes;
    reader.need(at, layout.section.bytes);
    const size = field(at + section.size);
    const isLoaded =
      reader.word(at + 4) !== noBits &&
      (reader.word(at + section.flags + (layout.wide ? lowHalf(reader) : 0)) & allocated) !== 0;
    if (isLoaded && size > 0) found.push({ offset: field(at + section.offset), size });
  }
  return found;
}

/** Flags are 64 bits wide there, and those we want are in the lower half. */
function lowHalf(reader: Reader): number {
  return reader.file[5] === 1 ? 0 : 4;
}

function readSegment(
  reader: Reader,
  layout: Layout,
  header: Header,
  index: number,
): (Stretch & { readonly physical: number }) | undefined {
  const at = header.programs + index * header.segmentBytes;
  const field = (name: 'offset' | 'physical' | 'size'): number =>
    layout.wide ? reader.long(at + layout.segment[name]) : reader.word(at + layout.segment[name]);
  reader.need(at, layout.segment.bytes);
  const size = field('size');
  if (reader.word(at) !== loadable || size === 0) return undefined;
  const offset = field('offset');
  reader.need(offset, size);
  return { offset, size, physical: field('physical') };
}

/**
 * Linkers like to map the ELF header itself, and padding to the next page, into the first segment. What is meant for the
 * board begins with the segment's first section and ends with its last, as objcopy has it.
 */
function withoutHeaders(
  { offset, size }: Stretch,
  sections: readonly Stretch[],
  header: Header,
): { start: number; end: number } {
  const segmentEnd = offset + size;
  let [start, end] = [segmentEnd, offset];
  for (const section of sections) {
    if (section.offset < offset || section.offset + section.size > segmentEnd) continue;
    start = Math.min(start, section.offset);
    end = Math.max(end, section.offset + section.size);
  }
  if (start < end) return { start, end };
  if (offset > 0) return { start: offset, end: segmentEnd };
  const headers = Math.max(header.headerBytes, header.programs + header.segments * header.segmentBytes);
  return { start: Math.min(segmentEnd, headers), end: segmentEnd };
}
