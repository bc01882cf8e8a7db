// Reading memory (AN3156; dfu.md 2.5).
import { atBorder, type Flow } from '../../base/flow.ts';
import { FlashError, isFlashError } from '../../../shared/errors/flash-error.ts';
import { formatAddress } from '../../../shared/hex.ts';
import { DfuStatus } from '../dfu/constants.ts';
import { bringToIdle, type DfuSession } from '../dfu/session.ts';
import { explain, setAddress } from './commands.ts';
import { blocksPerAddress, firstDataBlock } from './constants.ts';

/**
 * Reads `length` bytes from `address`. The tail is read with an address of its own, because a device that
 * multiplies block numbers by the requested length would answer a short numbered block from elsewhere
 * (dfu.md 2.5, 0 rule 2).
 * @throws FlashError `dfu.cannot-upload`, `dfuse.read-protected`, `dfu.bad-answer` on a short block,
 *   `usb.*`, `job.*`; the board is unchanged
 */
export async function readRun(
  session: DfuSession,
  address: number,
  length: number,
  flow: Flow,
): Promise<Uint8Array> {
  const { transferSize, clock } = session;
  if (!session.dfu.canUpload) throw new FlashError('dfu.cannot-upload', {});
  const numbered = transferSize === session.dfu.reportedTransferSize;
  const bytes = new Uint8Array(length);
  let base = 0;
  let addressed = false;
  await bringToIdle(session, flow.wait);
  for (let offset = 0; offset < length; offset += transferSize) {
    await atBorder(flow, clock);
    const size = Math.min(transferSize, length - offset);
    let index = (offset - base) / transferSize;
    if (!addressed || !numbered || size < transferSize || index >= blocksPerAddress) {
      base = offset;
      index = 0;
      await pointAt(session, address + base, flow);
      addressed = true;
    }
    bytes.set(await readBlock(session, index + firstDataBlock, size, address + offset, flow), offset);
    flow.progress(offset + size);
  }
  await bringToIdle(session, flow.wait);
  return bytes;
}

/** UPLOAD wants dfuIDLE; the recovery by state gets there with ABORT, which keeps the pointer (dfu.md 0 rule 3). */
async function pointAt(session: DfuSession, address: number, flow: Flow): Promise<void> {
  await bringToIdle(session, flow.wait);
  await setAddress(session, address, flow.wait);
  await bringToIdle(session, flow.wait);
}

async function readBlock(
  session: DfuSession,
  block: number,
  size: number,
  address: number,
  flow: Flow,
): Promise<Uint8Array> {
  const doing = `read ${formatAddress(address)}`;
  let data: Uint8Array;
  try {
    data = await session.requests.upload(block, size, flow.wait);
  } catch (error) {
    if (!isFlashError(error, 'usb.stall')) throw error;
    throw await whyRefused(session, error, doing, address, flow);
  }
  if (data.length !== size) {
    throw new FlashError('dfu.bad-answer', { doing, detail: `${data.length} of ${size} bytes` });
  }
  return data;
}

/** A stalled UPLOAD is explained by the status behind it: errVENDOR is read protection (dfu.md 2.5, 2.7). */
async function whyRefused(
  session: DfuSession,
  cause: FlashError,
  doing: string,
  address: number,
  flow: Flow,
): Promise<unknown> {
  const report = await session.requests.getStatus(flow.wait);
  await bringToIdle(session, flow.wait);
  if (report.status === DfuStatus.ok) return cause;
  const { status, state } = report;
  return explain(new FlashError('dfu.status', { status, state, text: undefined, doing }, cause), {
    doing,
    address,
  });
}
