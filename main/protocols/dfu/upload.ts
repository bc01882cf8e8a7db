// Plain DFU upload (DFU 1.1 section 6.2; dfu.md 1.10).
import { concatBytes } from '../../base/bytes.ts';
import { atBorder, type Flow } from '../../base/flow.ts';
import { limits } from '../../../shared/limits.ts';
import { FlashError, isFlashError } from '../../../shared/errors/flash-error.ts';
import { bringToIdle, type DfuSession } from './session.ts';

/**
 * Reads blocks from 0 until the device sends a short one.
 * @param length stop after this many bytes; some devices never send a short block
 * @returns what was read, at most `length`
 * @throws FlashError `dfu.cannot-upload`, `dfu.endless-upload`, `usb.*`, `dfu.*`, `job.*`; the board is unchanged
 */
export async function uploadImage(session: DfuSession, flow: Flow, length?: number): Promise<Uint8Array> {
  const { requests, transferSize, clock } = session;
  if (!session.dfu.canUpload) throw new FlashError('dfu.cannot-upload', {});
  await bringToIdle(session, flow.wait);
  const parts: Uint8Array[] = [];
  let total = 0;
  for (let block = 0; length === undefined || total < length; block++) {
    await atBorder(flow, clock);
    if (total >= limits.uploadBytes)
      throw new FlashError('dfu.endless-upload', { limit: limits.uploadBytes });
    const part = await uploadBlock(session, block, flow);
    parts.push(part);
    total += part.length;
    flow.progress(total);
    if (part.length < transferSize) break;
  }
  await requests.abort(flow.wait).catch((error: unknown) => {
    if (isFlashError(error, 'job.aborted')) throw error;
  });
  const whole = concatBytes(parts);
  return length === undefined ? whole : whole.subarray(0, length);
}

/** A refused block is explained by the status behind it. */
async function uploadBlock(session: DfuSession, block: number, flow: Flow): Promise<Uint8Array> {
  try {
    return await session.requests.upload(block, session.transferSize, flow.wait);
  } catch (error) {
    if (!isFlashError(error, 'usb.stall')) throw error;
    await bringToIdleAfter(session, flow, block, error);
    throw error;
  }
}

async function bringToIdleAfter(
  session: DfuSession,
  flow: Flow,
  block: number,
  cause: FlashError,
): Promise<void> {
  const report = await session.requests.getStatus(flow.wait);
  await bringToIdle(session, flow.wait);
  if (report.status === 0) return;
  throw new FlashError(
    'dfu.status',
    { status: report.status, state: report.state, text: undefined, doing: `upload of block ${block}` },
    cause,
  );
}
