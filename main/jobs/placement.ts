// Which bytes go where: from the parts of the images to the regions of the board.
import { FlashError } from '../../shared/errors/flash-error.ts';
import type { FirmwareImage, ImagePart } from '../images/image.ts';
import { rangesOf, type Region } from '../targets/target.ts';
import type { BoardFacts } from './board-facts.ts';
import { addressFor } from './checks/address.ts';
import { wrongChipError } from './checks/chip.ts';
import type { NamedRun } from './checks/overlap.ts';
import { chipFit } from './chip-fit.ts';
import type { FlashRequest } from './request.ts';

/** A run of bytes at its place in a region; sorted, and never overlapping another. */
export interface Placed {
  readonly region: Region;
  readonly start: number;
  readonly bytes: Uint8Array;
}

/**
 * Finds the place of every part of every image; sorted, and possibly overlapping.
 * @throws FlashError `image.address-missing`, `image.empty`, `plan.no-such-alternate`, `plan.unsupported-image`,
 *   `plan.wrong-chip`
 */
export function locateImages(
  images: readonly FirmwareImage[],
  request: Pick<FlashRequest, 'alternate' | 'address' | 'fromStart'>,
  board: BoardFacts,
): NamedRun[] {
  const placed: NamedRun[] = [];
  for (const image of images) {
    const parts = partsFor(image, board);
    if (parts.length === 0) throw new FlashError('image.empty', { name: image.name });
    for (const part of parts) {
      const region = regionFor(part, request.alternate, board);
      const start = addressFor(image, part, region, request, images.length, board);
      placed.push({ region, start, bytes: part.bytes, name: image.name });
    }
  }
  placed.sort((a, b) => a.region.alternate - b.region.alternate || a.start - b.start);
  refusePlainMixtures(placed, board);
  return placed;
}

/** Of a file for several kinds of chips, only what is for this one. @throws FlashError `plan.wrong-chip` */
function partsFor(image: FirmwareImage, board: BoardFacts): ImagePart[] {
  const parts = image.parts.filter((part) => part.bytes.length > 0);
  const chips = new Set(parts.map((part) => part.chip));
  if (chips.size <= 1) return parts;
  const mine = parts.filter((part) => part.chip !== undefined && chipFit(part.chip, board.chip) === 'yes');
  if (mine.length > 0) return mine;
  const named = { chip: [...chips].map((chip) => chip ?? 'unknown').join(', '), evidence: 'UF2 families' };
  throw wrongChipError(image.name, named, board);
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
  // Files with addresses and no alternates (hex, ELF): the memory that has the address, if any does.
  const { address } = part;
  const home =
    address === undefined
      ? undefined
      : board.regions.find((region) =>
          rangesOf(region).some((range) => address >= range.start && address < range.end),
        );
  if (home !== undefined) return home;
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

function refusePlainMixtures(placed: readonly NamedRun[], board: BoardFacts): void {
  if (!board.addressed && placed.length > 1) {
    throw new FlashError('plan.unsupported-image', { reason: 'several-images-on-plain-dfu' });
  }
}
