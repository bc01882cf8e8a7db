// All formats, and the one way in. A new format is a file in formats/ and a line here.
import { createHash } from 'node:crypto';
import { FlashError } from '../../shared/errors/flash-error.ts';
import { formatIds } from '../../shared/hex.ts';
import { limits } from '../../shared/limits.ts';
import { cleanText } from '../../shared/text/clean.ts';
import { isFilledWith } from '../base/bytes.ts';
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

/**
 * Understands a firmware file: by its content first, by its name second.
 * @param options.as take it for this format, whatever it looks like
 * @throws FlashError `image.*`
 */
export function readImage(file: Uint8Array, path: string, options: { as?: FormatId } = {}): FirmwareImage {
  const wholeName = cleanName(path);
  const name = cutName(wholeName);
  if (file.length === 0) throw new FlashError('image.empty', { name });
  const { format, recognition } = recognise(file, wholeName, options.as);
  if (file.length > format.maxBytes) {
    throw new FlashError('image.too-large', { name, size: file.length, limit: format.maxBytes });
  }
  const parsed = format.parse(file, name);
  if (parsed.parts.every((part) => part.bytes.length === 0)) throw new FlashError('image.empty', { name });
  return {
    format: format.id,
    evidence: recognition.evidence,
    ids: parsed.ids,
    parts: parsed.parts,
    entry: parsed.entry,
    facts: parsed.facts ?? [],
    name,
    fileBytes: file.length,
    sha256: createHash('sha256').update(file).digest('hex'),
    notices: [...(parsed.notices ?? []), ...commonNotices(parsed)],
  };
}

function recognise(
  file: Uint8Array,
  name: string,
  as: FormatId | undefined,
): { format: ImageFormat; recognition: Recognition } {
  const claims = imageFormats
    .filter((format) => as === undefined || format.id === as)
    .flatMap((format) => {
      const recognition = format.recognise(file, name);
      return recognition === undefined ? [] : [{ format, recognition }];
    })
    .sort((a, b) => surest[a.recognition.confidence] - surest[b.recognition.confidence]);
  const [best] = claims;
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
