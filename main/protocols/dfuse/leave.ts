// Leaving for the program in flash (AN3156; dfu.md 2.6).
import { shrink, type Wait } from '../../base/wait.ts';
import { isFlashError } from '../../../shared/errors/flash-error.ts';
import { DfuState } from '../dfu/constants.ts';
import { bringToIdle, type DfuSession } from '../dfu/session.ts';
import { setAddress } from './commands.ts';
import { firstDataBlock } from './constants.ts';

/** What the device said to being sent off. Only its return as another device proves that the program runs. */
export type LeaveAnswer =
  /** It reported dfuMANIFEST, as it should. */
  | 'acknowledged'
  /** It was gone, or erred, before its last answer, which is usual. */
  | 'left-early'
  /** It is still there, in flash mode. */
  | 'stayed';

/**
 * Starts the program at `address`. The address is always set again: at least one ROM refuses to leave
 * without (dfu.md 2.6). Every error after the empty DNLOAD is benign (dfu.md 0 rule 7).
 * @throws FlashError `dfu.*`, `usb.*` from before the empty DNLOAD, `job.aborted`
 */
export async function leave(session: DfuSession, address: number, outer: Wait): Promise<LeaveAnswer> {
  const { requests, clock, log } = session;
  const wait = shrink(outer, clock, 5_000);
  await bringToIdle(session, wait);
  await setAddress(session, address, wait);
  try {
    await requests.download(firstDataBlock, new Uint8Array(), wait);
    const report = await requests.getStatus(wait);
    if (report.state === DfuState.manifest || report.state === DfuState.manifestWaitReset)
      return 'acknowledged';
    log.write('info', 'dfuse', `leave answered with state ${report.state}, status ${report.status}`);
    return report.state === DfuState.manifestSync ? 'acknowledged' : 'stayed';
  } catch (error) {
    if (isFlashError(error, 'job.aborted')) throw error;
    log.write(
      'info',
      'dfuse',
      `gone before its last answer (${error instanceof Error ? error.message : 'unknown'})`,
    );
    return 'left-early';
  }
}
