// Where bytes without an address of their own go: where the person says, or nowhere.
import { FlashError } from '../../../shared/errors/flash-error.ts';
import { formatAddress } from '../../../shared/hex.ts';
import type { FirmwareImage, ImagePart } from '../../images/image.ts';
import type { Region } from '../../targets/target.ts';
import type { BoardFacts } from '../board-facts.ts';

/**
 * @param given the address the person gave
 * @throws FlashError `image.address-missing`, `plan.unsupported-image`
 */
export function addressFor(
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
