// Writing a contiguous run: one address, then blocks from 2 up (AN3156; dfu.md 2.4, 0 rule 2).
import { atBorder, type Flow } from '../../base/flow.ts';
import { isFlashError } from '../../../shared/errors/flash-error.ts';
import { formatAddress } from '../../../shared/hex.ts';
import { DfuState, DfuStatus } from '../dfu/constants.ts';
import { bringToIdle, waitForWork, type DfuSession } from '../dfu/session.ts';
import { explain, setAddress } from './commands.ts';
import { blocksPerAddress, firstDataBlock } from './constants.ts';

/** Times one block is tried again after the device lost its place, as in "(0, 2, 0, 0)" (dfu.md 2.4). */
const mostRetries = 2;

export interface WriteOptions {
  /** The device resets itself after the write, as with option bytes: being busy or gone then is success (dfu.md 2.7). */
  readonly willReset?: boolean;
}

/**
 * Writes `bytes` at `address`. Every block but the last is exactly the device's transfer size, so that
 * block-number addressing holds; where our size is smaller than the device's own, each block gets its own
 * address instead (dfu.md 1.2, 0 rule 2).
 * @returns times a block had to be written again; verify by read-back matters all the more then
 * @throws FlashError `dfu.*`, `dfuse.*`, `usb.*`, `job.*`: bytes reported by `flow.progress` are written
 */
export async function writeRun(
  session: DfuSession,
  address: number,
  bytes: Uint8Array,
  flow: Flow,
  options: WriteOptions = {},
): Promise<number> {
  const { transferSize, clock } = session;
  const numbered = transferSize === session.dfu.reportedTransferSize;
  let base = 0;
  let retries = 0;
  let addressed = false;
  for (let offset = 0; offset < bytes.length; offset += transferSize) {
    await atBorder(flow, clock);
    const data = bytes.subarray(offset, offset + transferSize);
    await flow.before?.(offset, data.length);
    let index = (offset - base) / transferSize;
    if (!addressed || !numbered || index >= blocksPerAddress) {
      base = offset;
      index = 0;
      await setAddress(session, address + base, flow.wait);
      addressed = true;
    }
    for (let attempt = 0; ; attempt++) {
      try {
        await writeBlock(session, index + firstDataBlock, data, address + offset, flow, options);
        break;
      } catch (error) {
        if (attempt >= mostRetries || !lostItsPlace(error)) throw error;
        session.log.write(
          'warn',
          'dfuse',
          `block at ${formatAddress(address + offset)} lost, writing it again`,
        );
        session.poll.reportAnomaly();
        retries++;
        await bringToIdle(session, flow.wait);
        base = offset;
        index = 0;
        await setAddress(session, address + base, flow.wait);
      }
    }
    flow.progress(offset + data.length);
  }
  return retries;
}

async function writeBlock(
  session: DfuSession,
  block: number,
  data: Uint8Array,
  address: number,
  flow: Flow,
  options: WriteOptions,
): Promise<void> {
  const doing = `write ${formatAddress(address)}`;
  try {
    await session.requests.download(block, data, flow.wait);
    const operation = {
      kind: options.willReset === true ? 'option-bytes' : 'program',
      sizeBytes: data.length,
    } as const;
    const done =
      options.willReset === true ? [DfuState.downloadIdle, DfuState.downloadBusy] : [DfuState.downloadIdle];
    await waitForWork(session, operation, doing, flow.wait, done);
  } catch (error) {
    if (options.willReset === true && isFlashError(error, 'usb.gone', 'usb.transfer-error')) return;
    throw explain(error, { doing, address });
  }
}

/**
 * The device fell to dfuIDLE with status OK, or took an early GETSTATUS amiss: nothing says whether the
 * work was done, and doing the same again is harmless on NOR flash, so it may be repeated.
 */
export function lostItsPlace(error: unknown): boolean {
  if (isFlashError(error, 'dfu.status')) return error.params.status === DfuStatus.errStalledPacket;
  return isFlashError(error, 'dfu.state') && error.params.state === DfuState.dfuIdle;
}
