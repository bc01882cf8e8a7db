// USBIP_CMD_UNLINK and USBIP_RET_UNLINK.
import { viewOf } from '../../base/bytes.ts';
import { Command, headerBytes, TransferStatus } from './constants.ts';
import { wordsMessage } from './fields.ts';

/** A wish to take back the transfer `target`; `sequence` is this command's own number. */
export interface UnlinkCommand {
  readonly sequence: number;
  readonly target: number;
}

/** Reads USBIP_CMD_UNLINK. */
export function parseUnlink(header: Uint8Array): UnlinkCommand {
  const view = viewOf(header);
  return { sequence: view.getUint32(4), target: view.getUint32(20) };
}

/**
 * USBIP_RET_UNLINK: -ECONNRESET when the transfer was still pending (it then has no answer of its own),
 * 0 when its answer has already gone out.
 */
export function encodeUnlinkResult(sequence: number, wasPending: boolean): Uint8Array {
  const status = wasPending ? TransferStatus.unlinked : TransferStatus.ok;
  return wordsMessage(headerBytes, [Command.returnUnlink, sequence, 0, 0, 0, status]);
}
