// An understood image as one run of bytes, and back: what a job needs to go on, without reading a format twice.
import * as v from 'valibot';
import { FlashError } from '../../shared/errors/flash-error.ts';
import { limits } from '../../shared/limits.ts';
import { concatBytes } from '../base/bytes.ts';
import type { FirmwareImage } from './image.ts';

const magic = 'REKINDLE IMAGE 1\n';
/** Digits of the header's length. */
const lengthDigits = 10;

const whole = v.pipe(v.number(), v.integer(), v.minValue(0));
const address = v.optional(v.pipe(whole, v.maxValue(0xffff_ffff)));
/** Only what is counted with is looked at: the content's hash says that we wrote it. */
const headerSchema = v.object({
  image: v.looseObject({
    format: v.string(),
    evidence: v.string(),
    name: v.string(),
    inside: v.array(v.string()),
    sha256: v.string(),
    fileBytes: whole,
    facts: v.array(v.looseObject({ code: v.string() })),
    notices: v.array(v.looseObject({ code: v.string() })),
  }),
  parts: v.pipe(v.array(v.looseObject({ address, bytes: whole })), v.maxLength(limits.elements)),
});

/** The same image gives the same bytes: they are named by their hash. */
export function encodeImage({ parts, ...image }: FirmwareImage): Uint8Array {
  const header = { image, parts: parts.map((part) => ({ ...part, bytes: part.bytes.length })) };
  const text = new TextEncoder().encode(JSON.stringify(header));
  const length = String(text.length).padStart(lengthDigits, '0');
  return concatBytes([
    new TextEncoder().encode(`${magic}${length}\n`),
    text,
    ...parts.map((part) => part.bytes),
  ]);
}

/** @throws FlashError `image.malformed` for anything `encodeImage` did not make */
export function decodeImage(content: Uint8Array, name: string): FirmwareImage {
  const malformed = (reason: string): FlashError =>
    new FlashError('image.malformed', { name, offset: 0, reason });
  const text = (start: number, end: number): string => new TextDecoder().decode(content.subarray(start, end));
  const start = magic.length + lengthDigits + 1;
  const length = Number(text(magic.length, start - 1));
  if (text(0, magic.length) !== magic || !Number.isSafeInteger(length)) throw malformed('no kept image');
  let header: unknown;
  try {
    header = JSON.parse(text(start, start + length));
  } catch {
    throw malformed('its header cannot be read');
  }
  const known = v.safeParse(headerSchema, header);
  if (!known.success) throw malformed('its header cannot be read');
  let offset = start + length;
  const parts = known.output.parts.map((part) => {
    const bytes = content.slice(offset, (offset += part.bytes));
    if (bytes.length !== part.bytes) throw malformed('it was cut short');
    const none = { address: undefined, alternate: undefined, alternateName: undefined };
    return { ...none, ...part, bytes };
  });
  const none = { ids: undefined, entry: undefined };
  return { ...none, ...known.output.image, parts } as unknown as FirmwareImage;
}
