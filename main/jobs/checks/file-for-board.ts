// The file's suffix names a device (dfu.md 3.1; matched as dfu-util does, against both of a board's modes).
import { FlashError } from '../../../shared/errors/flash-error.ts';
import { formatIds } from '../../../shared/hex.ts';
import type { FirmwareImage, ImageIds } from '../../images/image.ts';
import type { BoardFacts } from '../board-facts.ts';
import { refuse, tell, type Check, type Finding } from './check.ts';

export const fileForBoard: Check = {
  id: 'device-ids',
  find: ({ images, board }) => images.flatMap((image) => [...wrongDevice(image, board), ...namesNone(image)]),
};

function wrongDevice(image: FirmwareImage, board: BoardFacts): Finding[] {
  const { ids } = image;
  if (ids === undefined) return [];
  const modes = [board, ...(board.runtimeIds === undefined ? [] : [board.runtimeIds])];
  if (modes.some((mode) => fits(ids, mode))) return [];
  const file = `${image.name} (${formatIds(ids.vendorId, ids.productId)})`;
  const device = modes.map((mode) => formatIds(mode.vendorId, mode.productId)).join(' or ');
  return [refuse(new FlashError('plan.wrong-device', { file, device }))];
}

function namesNone({ name, notices }: FirmwareImage): Finding[] {
  return notices.some((notice) => notice.code === 'wildcard-ids')
    ? [tell({ code: 'file-names-no-board', name })]
    : [];
}

function fits(ids: ImageIds, mode: { vendorId: number; productId: number }): boolean {
  return isAny(ids.vendorId, mode.vendorId) && isAny(ids.productId, mode.productId);
}

/** 0xFFFF is the standard's wildcard; 0x0000 is what real NanoVNA files carry (dfu.md 3.2). */
function isAny(wanted: number, actual: number): boolean {
  return wanted === 0xffff || wanted === 0x0000 || wanted === actual;
}
