// From any format that is read to the four that are written.
import { FlashError } from '../../shared/errors/flash-error.ts';
import { limits } from '../../shared/limits.ts';
import { addDfuSuffix } from './formats/dfu-write.ts';
import { writeDfuse } from './formats/dfuse-write.ts';
import { writeIntelHex } from './formats/ihex-write.ts';
import type { FirmwareImage, ImageIds, ImagePart } from './image.ts';
import { endOf, viewRuns, type ViewRun } from './view.ts';

export const writtenFormats = ['bin', 'hex', 'dfu', 'dfuse'] as const;
export type WrittenFormat = (typeof writtenFormats)[number];

export interface ConvertOptions {
  /** Where bytes without an address go. */
  readonly address?: number | undefined;
  /** For the suffix; the image's own, or any, otherwise. */
  readonly ids?: ImageIds | undefined;
  /** What fills gaps in a `.bin`; 0xFF otherwise, as erased flash has it. */
  readonly fill?: number | undefined;
  /** Of a file for several kinds of chips: the one that is meant. */
  readonly chip?: string | undefined;
  /** Take off a TI or LPC prefix; what it says of the address is then kept. */
  readonly stripPrefix?: boolean;
}

const anyDevice: ImageIds = { vendorId: 0xffff, productId: 0xffff, bcdDevice: 0xffff };
const plainVersion = 0x0100;

/**
 * The bytes of a file in another format. What the format cannot hold is refused, never dropped.
 * @throws FlashError `image.cannot-convert`, `image.address-missing`
 */
export function convertImage(
  image: FirmwareImage,
  format: WrittenFormat,
  options: ConvertOptions = {},
): Uint8Array {
  const parts = partsFor(options.stripPrefix === true ? withoutPrefix(image) : image, options);
  const ids = options.ids ?? image.ids ?? anyDevice;
  switch (format) {
    case 'bin':
      return flatten(image, oneMemory(image, parts), options.fill ?? 0xff);
    case 'dfu': {
      const bytes = flatten(image, oneMemory(image, parts), options.fill ?? 0xff);
      return addDfuSuffix(bytes, ids, plainVersion);
    }
    case 'hex':
      return writeIntelHex(viewRuns(placed(image, oneMemory(image, parts))), image.entry);
    case 'dfuse':
      placed(image, parts);
      return writeDfuse({ ids, targets: targetsOf(parts) });
  }
}

/** Of several chips the one that is meant; addresses given to bytes that have none. */
function partsFor(image: FirmwareImage, { chip, address }: ConvertOptions): ImagePart[] {
  const chips = new Set(image.parts.map((part) => part.chip));
  const parts =
    chip === undefined
      ? image.parts
      : image.parts.filter((part) => part.chip === undefined || part.chip === chip);
  if (chips.size > 1 && chip === undefined)
    throw cannot(
      image,
      'several-chips',
      [...chips].map((one) => one ?? 'unnamed'),
    );
  if (parts.length === 0)
    throw cannot(
      image,
      'no-such-chip',
      [...chips].map((one) => one ?? 'unnamed'),
    );
  if (parts.length > 1 && parts.some((part) => part.address === undefined))
    throw cannot(image, 'several-without-address');
  return parts.map((part) =>
    part.address === undefined && address !== undefined ? { ...part, address } : part,
  );
}

/** @throws FlashError `image.cannot-convert` where there is no prefix */
function withoutPrefix(image: FirmwareImage): FirmwareImage {
  const prefix = image.facts.find((fact) => fact.code === 'prefix');
  const [part, ...others] = image.parts;
  if (prefix?.code !== 'prefix' || part === undefined || others.length > 0) throw cannot(image, 'no-prefix');
  const address = part.address ?? prefix.loadAddress;
  return { ...image, parts: [{ ...part, address, bytes: part.bytes.subarray(prefix.bytes) }] };
}

function cannot(image: FirmwareImage, reason: string, choices: readonly string[] = []): FlashError {
  return new FlashError('image.cannot-convert', { name: image.name, reason, choices });
}

/** Formats without alternate settings hold one memory only. */
function oneMemory(image: FirmwareImage, parts: ImagePart[]): ImagePart[] {
  if (new Set(parts.map((part) => part.alternate)).size > 1) throw cannot(image, 'several-memories');
  return parts;
}

/** Formats of addresses hold nothing without one. */
function placed(image: FirmwareImage, parts: ImagePart[]): ImagePart[] {
  if (parts.every((part) => part.address !== undefined)) return parts;
  throw new FlashError('image.address-missing', { name: image.name, suggestion: undefined });
}

/** One run from the lowest address to the highest. */
function flatten(image: FirmwareImage, parts: readonly ImagePart[], fill: number): Uint8Array {
  const runs: ViewRun[] = viewRuns(parts);
  const [first] = runs;
  if (first === undefined) return new Uint8Array();
  if (runs.length === 1) return first.bytes;
  const end = Math.max(...runs.map(endOf));
  if (end - first.start > limits.fileBytes) throw cannot(image, 'gaps-too-large');
  const bytes = new Uint8Array(end - first.start).fill(fill);
  for (const run of runs) bytes.set(run.bytes, run.start - first.start);
  return bytes;
}

function targetsOf(parts: readonly ImagePart[]): Parameters<typeof writeDfuse>[0]['targets'] {
  const alternates = [...new Set(parts.map((part) => part.alternate ?? 0))].sort((a, b) => a - b);
  return alternates.map((alternate) => {
    const mine = parts.filter((part) => (part.alternate ?? 0) === alternate);
    const name = mine.find((part) => part.alternateName !== undefined)?.alternateName;
    return {
      alternate,
      ...(name === undefined ? {} : { name }),
      elements: mine.map((part) => ({ address: part.address ?? 0, bytes: part.bytes })),
    };
  });
}
