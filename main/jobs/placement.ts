// Which bytes go where: from the parts of the images to the regions of the board.
import { FlashError } from '../../shared/errors/flash-error.ts';
import { limits } from '../../shared/limits.ts';
import { formatAddress } from '../../shared/hex.ts';
import { intersection } from '../../shared/ranges.ts';
import { sameBytes } from '../base/bytes.ts';
import type { FirmwareImage, ImagePart } from '../images/image.ts';
import type { Region } from '../targets/target.ts';
import type { BoardFacts } from './board-facts.ts';
import type { FlashRequest } from './request.ts';

/** A run of bytes at its place in a region; sorted, and never overlapping another. */
export interface Placed {
  readonly region: Region;
  readonly start: number;
  readonly bytes: Uint8Array;
}

/**
 * Places every part of every image.
 * @throws FlashError `image.address-missing`, `image.empty`, `image.overlap`, `image.too-large`,
 *   `plan.no-such-alternate`, `plan.unsupported-image`
 */
export function placeImages(
  images: readonly FirmwareImage[],
  request: Pick<FlashRequest, 'alternate' | 'address'>,
  board: BoardFacts,
): Placed[] {
  const placed: (Placed & { readonly name: string })[] = [];
  for (const image of images) {
    const parts = image.parts.filter((part) => part.bytes.length > 0);
    if (parts.length === 0) throw new FlashError('image.empty', { name: image.name });
    for (const part of parts) {
      const region = regionFor(part, request.alternate, board);
      const start = addressFor(image, part, region, request.address, images.length, board);
      placed.push({ region, start, bytes: part.bytes, name: image.name });
    }
  }
  placed.sort((a, b) => a.region.alternate - b.region.alternate || a.start - b.start);
  refusePlainMixtures(placed, board);
  return withoutOverlaps(placed);
}

function regionFor(part: ImagePart, wanted: string | undefined, board: BoardFacts): Region {
  if (wanted !== undefined) return findRegion(wanted, board.regions);
  if (part.alternate !== undefined) {
    const byNumber = board.regions.find((region) => region.alternate === part.alternate);
    // The order of alternates differs between chips, their names do not (dfu.md 2.9).
    const byName = board.regions.find(
      (region) => part.alternateName !== undefined && region.name === mapName(part.alternateName),
    );
    const region = byName ?? byNumber;
    if (region === undefined) throw noSuchAlternate(String(part.alternate), board.regions);
    return region;
  }
  const main = board.regions.find((region) => region.kind === 'main-flash') ?? board.regions[0];
  if (main === undefined) throw noSuchAlternate('main flash', board.regions);
  return main;
}

/** Files may carry the whole map as the name; what counts is the part before it. */
function mapName(text: string): string {
  return text.replace(/^@/, '').split('/')[0]?.trim() ?? '';
}

/**
 * By number or exact name (dfu.md 4, -a).
 * @throws FlashError `plan.no-such-alternate`
 */
export function findRegion(wanted: string, regions: readonly Region[]): Region {
  const found = regions.find(
    (region) => String(region.alternate) === wanted || region.name === mapName(wanted),
  );
  if (found === undefined) throw noSuchAlternate(wanted, regions);
  return found;
}

function noSuchAlternate(wanted: string, regions: readonly Region[]): FlashError {
  const available = regions.map((region) => `${region.alternate} "${region.name}"`);
  return new FlashError('plan.no-such-alternate', { wanted, available });
}

function addressFor(
  image: FirmwareImage,
  part: ImagePart,
  region: Region,
  given: number | undefined,
  imageCount: number,
  board: BoardFacts,
): number {
  if (!board.addressed) {
    if (part.address !== undefined || given !== undefined) {
      throw new FlashError('plan.unsupported-image', { reason: 'addresses-on-plain-dfu' });
    }
    return 0;
  }
  if (part.address !== undefined) return part.address;
  const suggestion = region.runs[0] === undefined ? undefined : formatAddress(region.runs[0].start);
  if (given === undefined) throw new FlashError('image.address-missing', { name: image.name, suggestion });
  if (imageCount > 1)
    throw new FlashError('plan.unsupported-image', { reason: 'one-address-for-several-files' });
  return given;
}

function refusePlainMixtures(placed: readonly Placed[], board: BoardFacts): void {
  if (!board.addressed && placed.length > 1) {
    throw new FlashError('plan.unsupported-image', { reason: 'several-images-on-plain-dfu' });
  }
}

/** Overlapping parts must agree byte for byte; then one of them is enough. */
function withoutOverlaps(placed: readonly (Placed & { readonly name: string })[]): Placed[] {
  const kept: (Placed & { readonly name: string })[] = [];
  for (const next of placed) {
    if (next.bytes.length > limits.imageSpanBytes) {
      throw new FlashError('image.too-large', {
        name: next.name,
        size: next.bytes.length,
        limit: limits.imageSpanBytes,
      });
    }
    const last = kept.at(-1);
    if (last === undefined || last.region !== next.region) {
      kept.push(next);
      continue;
    }
    const shared = intersection(rangeOf(last), rangeOf(next));
    if (shared === undefined) {
      kept.push(next);
      continue;
    }
    const mine = last.bytes.subarray(shared.start - last.start, shared.end - last.start);
    const theirs = next.bytes.subarray(shared.start - next.start, shared.end - next.start);
    if (!sameBytes(mine, theirs))
      throw new FlashError('image.overlap', { range: shared, names: [last.name, next.name] });
    const rest = next.bytes.subarray(shared.end - next.start);
    if (rest.length > 0) kept.push({ ...next, start: shared.end, bytes: rest });
  }
  return kept.map(({ region, start, bytes }) => ({ region, start, bytes }));
}

function rangeOf(placed: Placed): { start: number; end: number } {
  return { start: placed.start, end: placed.start + placed.bytes.length };
}
