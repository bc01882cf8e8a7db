// All formats, and the one way in. A new format is a file in formats/ and a line here.
import { createHash } from 'node:crypto';
import { FlashError } from '../../shared/errors/flash-error.ts';
import { formatIds } from '../../shared/hex.ts';
import { limits } from '../../shared/limits.ts';
import { cleanText } from '../../shared/text/clean.ts';
import { isFilledWith } from '../base/bytes.ts';
import { UnpackBudget } from './archives/archive.ts';
import { chooseEntry, isArchive, openArchive, packageOf } from './archives/choose.ts';
import { findFacts } from './findings/find.ts';
import { dfu } from './formats/dfu.ts';
import { dfuse } from './formats/dfuse.ts';
import { elf } from './formats/elf.ts';
import { ihex } from './formats/ihex.ts';
import { mcuboot } from './formats/mcuboot.ts';
import { particle } from './formats/particle.ts';
import { raw } from './formats/raw.ts';
import { srec } from './formats/srec.ts';
import { uf2 } from './formats/uf2.ts';
import type { FirmwareImage, FormatId, ImageFormat, ImageNotice, ParsedImage, Recognition } from './image.ts';

/** In the order in which equally sure claims win: a container also has a suffix. */
export const imageFormats: readonly ImageFormat[] = [
  dfuse,
  dfu,
  ihex,
  srec,
  elf,
  uf2,
  mcuboot,
  particle,
  raw,
];

const surest: Record<Recognition['confidence'], number> = { certain: 0, likely: 1, fallback: 2 };

export interface ReadOptions {
  /** Take it for this format, whatever it looks like; archives are then not opened. */
  readonly as?: FormatId;
  /** Of an archive: the path of the file that is meant. */
  readonly entry?: string;
}

/**
 * Understands a firmware file: by its content first, by its name second. Archives are opened, and what they hold is read.
 * @throws FlashError `image.*`
 */
export function readImage(file: Uint8Array, path: string, options: ReadOptions = {}): FirmwareImage {
  return read(file, path, options, { inside: [], budget: new UnpackBudget() });
}

/** The archives around a file, and what may still be unpacked from them. */
interface Surroundings {
  readonly inside: readonly string[];
  readonly budget: UnpackBudget;
}

function read(file: Uint8Array, path: string, options: ReadOptions, around: Surroundings): FirmwareImage {
  const wholeName = cleanName(path);
  const name = cutName(wholeName);
  if (file.length === 0) throw new FlashError('image.empty', { name });
  if (options.as === undefined && isArchive(file)) return readArchive(file, name, options, around);
  if (options.entry !== undefined)
    throw new FlashError('image.not-in-archive', { name, wanted: options.entry, contents: [] });
  const { format, recognition } = recognise(file, wholeName, options.as);
  refuseTooLarge(file, name, format.maxBytes);
  const parsed = format.parse(file, name);
  return imageOf(file, name, parsed, {
    format: format.id,
    evidence: recognition.evidence,
    inside: around.inside,
  });
}

function readArchive(
  file: Uint8Array,
  name: string,
  options: ReadOptions,
  around: Surroundings,
): FirmwareImage {
  const { inside, budget } = around;
  refuseTooLarge(file, name, limits.containerBytes);
  if (inside.length >= limits.archiveDepth)
    throw new FlashError('image.archive-limit', { name, what: 'depth', limit: limits.archiveDepth });
  const archive = openArchive(file, name, budget);
  const found = options.entry === undefined ? packageOf(archive) : undefined;
  if (found !== undefined) {
    const { id, evidence } = found;
    return imageOf(file, name, found.parse(), { format: id, evidence, inside });
  }
  const { entry, rest } = chooseEntry(archive, options.entry, (bytes, path) => {
    const [best] = claimsOf(bytes, cleanName(path));
    return best?.recognition.confidence;
  });
  const deeper = { inside: [...inside, name], budget };
  return read(entry.unpack(), entry.path, rest === undefined ? {} : { entry: rest }, deeper);
}

function refuseTooLarge(file: Uint8Array, name: string, limit: number): void {
  if (file.length > limit) throw new FlashError('image.too-large', { name, size: file.length, limit });
}

function imageOf(
  file: Uint8Array,
  name: string,
  parsed: ParsedImage,
  about: Pick<FirmwareImage, 'format' | 'evidence' | 'inside'>,
): FirmwareImage {
  if (parsed.parts.every((part) => part.bytes.length === 0)) throw new FlashError('image.empty', { name });
  const { facts = [] } = parsed;
  return {
    ...about,
    name,
    fileBytes: file.length,
    sha256: createHash('sha256').update(file).digest('hex'),
    ids: parsed.ids,
    parts: parsed.parts,
    entry: parsed.entry,
    facts: [
      ...facts,
      ...findFacts({ format: about.format, name, parts: parsed.parts, ids: parsed.ids, facts }),
    ],
    notices: [...(parsed.notices ?? []), ...commonNotices(parsed)],
  };
}

interface Claim {
  readonly format: ImageFormat;
  readonly recognition: Recognition;
}

/** Formats that take the file for theirs, the surest first. */
function claimsOf(file: Uint8Array, name: string, as?: FormatId): Claim[] {
  return imageFormats
    .filter((format) => as === undefined || format.id === as)
    .flatMap((format) => {
      const recognition = format.recognise(file, name);
      return recognition === undefined ? [] : [{ format, recognition }];
    })
    .sort((a, b) => surest[a.recognition.confidence] - surest[b.recognition.confidence]);
}

function recognise(file: Uint8Array, name: string, as: FormatId | undefined): Claim {
  const [best] = claimsOf(file, name, as);
  if (best === undefined)
    throw new FlashError('image.malformed', { name, offset: 0, reason: `not a ${as ?? 'known'} file` });
  return best;
}

function commonNotices(image: ParsedImage): ImageNotice[] {
  const notices: ImageNotice[] = [];
  const { ids } = image;
  if (ids !== undefined && [ids.vendorId, ids.productId].some((id) => id === 0 || id === 0xffff)) {
    notices.push({ code: 'wildcard-ids', ids: formatIds(ids.vendorId, ids.productId) });
  }
  if (image.parts.every((part) => isFilledWith(part.bytes, 0xff))) notices.push({ code: 'all-blank' });
  return notices;
}

/** The last part of a path, safe to show. */
function cleanName(path: string): string {
  const last = path.split(/[/\\]/).at(-1) ?? '';
  return cleanText(last).trim() || 'unnamed file';
}

/** At most `limits.textBytes` in UTF-8, never half a letter. Formats go by the whole name: its end says which it is. */
function cutName(name: string): string {
  return name.slice(0, new TextEncoder().encodeInto(name, new Uint8Array(limits.textBytes)).read);
}
