// Where bytes without an address of their own go: where the person says, where the board's own firmware begins, or nowhere.
import { FlashError } from '../../../shared/errors/flash-error.ts';
import { formatAddress } from '../../../shared/hex.ts';
import type { FirmwareImage, ImagePart } from '../../images/image.ts';
import type { Region } from '../../targets/target.ts';
import type { BoardFacts } from '../board-facts.ts';
import type { FlashRequest } from '../request.ts';

/** @throws FlashError `image.address-missing`, `plan.unsupported-image` */
export function addressFor(
  image: FirmwareImage,
  part: ImagePart,
  region: Region,
  { address: given, fromStart = false }: Pick<FlashRequest, 'address' | 'fromStart'>,
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
  const start = region.runs[0]?.start;
  const place = given ?? (fromStart ? start : undefined);
  if (place === undefined) {
    const suggestion = start === undefined ? undefined : formatAddress(start);
    throw new FlashError('image.address-missing', { name: image.name, suggestion });
  }
  if (imageCount > 1)
    throw new FlashError('plan.unsupported-image', { reason: 'one-address-for-several-files' });
  return place;
}
