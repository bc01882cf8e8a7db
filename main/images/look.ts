// Questions a page has about an image's bytes: a piece of them, where something stands, how another image differs.
import { FlashError } from '../../shared/errors/flash-error.ts';
import { fromHex } from '../../shared/hex.ts';
import {
  viewOrder,
  type FoundBytes,
  type ImageDifference,
  type ImagePlace,
  type SearchedFor,
} from '../../shared/image-view.ts';
import type { FirmwareImage } from './image.ts';
import { compareRuns, findIn, viewRuns } from './view.ts';

/**
 * The bytes that a search means; text as ASCII and as USB strings have it. Empty where it means none.
 * @throws RangeError on hex that is an odd number of digits or has another character
 */
export function searchedBytes({ kind, value }: SearchedFor): Uint8Array[] {
  const bytes = kind === 'hex' ? fromHex(value) : new TextEncoder().encode(value);
  if (bytes.length === 0) return [];
  return kind === 'hex' ? [bytes] : [bytes, Uint8Array.from([...bytes].flatMap((byte) => [byte, 0]))];
}

/** Bytes of a part; fewer where it ends, none behind its end. @throws FlashError `api.unknown` */
export function bytesOfPart(image: FirmwareImage, place: ImagePlace, length: number): Uint8Array {
  const part = image.parts[place.part];
  if (part === undefined) throw new FlashError('api.unknown', { what: 'part' });
  return part.bytes.subarray(place.offset, place.offset + length);
}

/**
 * The first place at or behind `from`, in the order of `viewOrder`, where what is searched for stands in one part.
 * @throws RangeError as `searchedBytes`
 */
export function findPlace(
  image: FirmwareImage,
  what: SearchedFor,
  from: ImagePlace | undefined,
): FoundBytes | undefined {
  const wanted = searchedBytes(what);
  const order = viewOrder(image.parts);
  const first = from === undefined ? 0 : Math.max(0, order.indexOf(from.part));
  for (const part of order.slice(first)) {
    const bytes = image.parts[part]?.bytes ?? new Uint8Array();
    const start = part === from?.part ? from.offset : 0;
    const [nearest] = wanted
      .flatMap((one) =>
        findIn([{ start: 0, bytes }], one, { from: start, limit: 1 }).map((offset) => ({
          part,
          offset,
          bytes: one.length,
        })),
      )
      .sort((a, b) => a.offset - b.offset);
    if (nearest !== undefined) return nearest;
  }
  return undefined;
}

/** A difference in the first image's addresses. */
export interface ShiftedDifference extends ImageDifference {
  /** What is added to an address of the second to have that of the first. */
  readonly shift: number;
}

/** Compares two images by address; plain bytes, which have none, are laid over the start of the other. */
export function compareImages(first: FirmwareImage, second: FirmwareImage): ShiftedDifference {
  const [ours, theirs] = [first, second].map((image) => startOf(image)) as [number, number];
  const [oursIsRaw, theirsIsRaw] = [first, second].map(({ parts }) =>
    parts.every((part) => part.address === undefined),
  );
  const shift = oursIsRaw === theirsIsRaw ? 0 : ours - theirs;
  const moved = viewRuns(second.parts).map((run) => ({ ...run, start: run.start + shift }));
  const difference = compareRuns(viewRuns(first.parts), moved);
  return { ...difference, shift };
}

function startOf(image: FirmwareImage): number {
  return image.parts.reduce((least, part) => Math.min(least, part.address ?? 0), Infinity);
}
