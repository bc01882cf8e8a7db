// Plain DFU download: blocks from 0, an empty one at the end, manifestation (DFU 1.1 sections 6.1 and 7; dfu.md 1.9).
import { atBorder, type Flow } from '../../base/flow.ts';
import { shrink, sleepWithin, type Wait } from '../../base/wait.ts';
import { FlashError, isFlashError } from '../../../shared/errors/flash-error.ts';
import { DfuState } from './constants.ts';
import { bringToIdle, statusError, waitForWork, type DfuSession } from './session.ts';

/** How a manifestation ended. */
export type ManifestEnd =
  /** Back in dfuIDLE: the session goes on. */
  | 'idle'
  /** In dfuMANIFEST-WAIT-RESET: a bus reset or power cycle starts the new firmware. */
  | 'wait-reset'
  /** It left the bus or stopped answering, as a device that is not manifestation tolerant does. */
  | 'left';

/**
 * Sends all blocks of an image; the closing request is `finishDownload`'s.
 * @param acknowledged told the bytes the device has acknowledged, after each block
 * @throws FlashError `dfu.*`, `usb.*`, `job.*`: the device then holds part of the new image
 */
export async function sendImage(session: DfuSession, image: Uint8Array, flow: Flow): Promise<void> {
  const { requests, transferSize, clock } = session;
  if (!session.dfu.canDownload) throw new FlashError('dfu.cannot-download', {});
  await bringToIdle(session, flow.wait);
  for (let offset = 0, block = 0; offset < image.length; offset += transferSize, block++) {
    await atBorder(flow, clock);
    const data = image.subarray(offset, offset + transferSize);
    await flow.before?.(offset, data.length);
    const doing = `block ${block}`;
    await requests.download(block, data, flow.wait);
    await waitForWork(session, { kind: 'plain-block', sizeBytes: transferSize }, doing, flow.wait);
    flow.progress(offset + data.length);
  }
}

/** How long a device may take to act on the closing request before we only watch for its return, ms. */
const manifestGraceMs = 1_000;

/**
 * The zero-length DNLOAD and what follows. Errors of the closing request itself are not failures: devices
 * leave on it, or refuse it with all data long accepted (dfu.md 0 rule 7, devices.md 2.8). An error status
 * reported afterwards is one.
 * @throws FlashError `dfu.status` when the device says the image is bad, `job.*`
 */
export async function finishDownload(
  session: DfuSession,
  imageBytes: number,
  wait: Wait,
): Promise<ManifestEnd> {
  const { requests, transferSize, log } = session;
  const block = Math.ceil(imageBytes / transferSize);
  try {
    await requests.download(block, new Uint8Array(), wait);
  } catch (error) {
    if (isFlashError(error, 'job.aborted', 'job.timeout')) throw error;
    log.write('info', 'dfu', `closing request failed (${describe(error)}); all data had been accepted`);
    if (!isFlashError(error, 'usb.stall')) return 'left';
  }
  return await awaitManifest(session, wait);
}

async function awaitManifest(session: DfuSession, wait: Wait): Promise<ManifestEnd> {
  const { requests, clock, log, dfu } = session;
  for (let polls = 0; polls < 200; polls++) {
    let report;
    try {
      report = await requests.getStatus(shrink(wait, clock, 5_000));
    } catch (error) {
      if (isFlashError(error, 'job.aborted', 'job.timeout')) throw error;
      log.write('info', 'dfu', `no status after the closing request (${describe(error)})`);
      return 'left';
    }
    switch (report.state) {
      case DfuState.dfuIdle:
        return 'idle';
      case DfuState.manifestWaitReset:
        return 'wait-reset';
      case DfuState.error:
        throw await statusError(session, report, 'manifestation', wait);
      case DfuState.manifest:
      case DfuState.manifestSync:
      case DfuState.downloadBusy:
      case DfuState.downloadSync:
        // A device that is not tolerant need not answer again: asking could disturb it (dfu.md 1.9).
        if (!dfu.manifestationTolerant && report.state === DfuState.manifest) {
          await sleepWithin(wait, clock, report.pollTimeoutMs);
          return 'wait-reset';
        }
        await sleepWithin(
          wait,
          clock,
          Math.max(report.pollTimeoutMs, 5) + (polls === 0 ? 0 : manifestGraceMs / 10),
        );
        break;
      case DfuState.downloadIdle:
      case DfuState.uploadIdle:
      case DfuState.appIdle:
      case DfuState.appDetach:
        // Closing request refused and forgotten: the data is there, the device is unimpressed.
        return 'idle';
    }
  }
  return 'left';
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
