// From a running program to DFU mode (DFU 1.1 section 5; dfu.md 1.7).
import type { Clock } from '../../base/clock.ts';
import { shrink, type Wait } from '../../base/wait.ts';
import { isFlashError } from '../../../shared/errors/flash-error.ts';
import type { QuirkFlags } from '../../../shared/quirks.ts';
import type { Log } from '../../log/log.ts';
import type { UsbDevice } from '../../transports/usb/usb-device.ts';
import { DfuState } from './constants.ts';
import type { DfuFunction } from './descriptor.ts';
import { DfuRequests } from './requests.ts';

/** What detaching did, for the account of what was tried. */
export interface DetachReport {
  /** It was in DFU mode all the time, whatever its descriptors say: nothing was sent (devices.md 2.8). */
  readonly alreadyInDfuMode: boolean;
  readonly reset: 'not-needed' | 'done' | 're-enumerated';
}

/** What dfu-util sends where the device allows it, ms. */
const longestDetachMs = 1_000;

/**
 * Sends DETACH, then the bus reset where the device does not leave by itself. Afterwards the caller must
 * close the handle and look for the device on the same port. A refused DETACH is no failure yet: the
 * device may have gone, or need a hand; its return or absence decides.
 * @throws FlashError `usb.*`, `job.*`
 */
export async function detach(
  device: UsbDevice,
  dfu: DfuFunction,
  options: { clock: Clock; log: Log; quirks: QuirkFlags; wait: Wait },
): Promise<DetachReport> {
  const { clock, log, wait, quirks } = options;
  const requests = new DfuRequests(device, dfu.interfaceNumber, clock);
  await device.claim(dfu.interfaceNumber, wait);
  if (dfu.interfaceNumber > 0 || dfu.alternates.length > 1) await selectAlternateZero(device, dfu, wait);
  const state = await stateOrAppIdle(requests, shrink(wait, clock, 2_000));
  if (state !== DfuState.appIdle && state !== DfuState.appDetach)
    return { alreadyInDfuMode: true, reset: 'not-needed' };
  const timeoutMs = Math.min(dfu.detachTimeoutMs, longestDetachMs);
  try {
    await requests.detach(timeoutMs, shrink(wait, clock, 2_000), quirks['index-force-detach'] === true);
  } catch (error) {
    if (isFlashError(error, 'job.aborted')) throw error;
    log.write(
      'info',
      'dfu',
      `DETACH was not answered (${String(error)}); watching for the device all the same`,
    );
  }
  if (dfu.willDetach) return { alreadyInDfuMode: false, reset: 'not-needed' };
  const handleGood = await device.reset(shrink(wait, clock, 5_000));
  return { alreadyInDfuMode: false, reset: handleGood ? 'done' : 're-enumerated' };
}

async function selectAlternateZero(device: UsbDevice, dfu: DfuFunction, wait: Wait): Promise<void> {
  try {
    await device.setAlternate(dfu.interfaceNumber, dfu.alternates[0]?.alternate ?? 0, wait);
  } catch (error) {
    if (!isFlashError(error, 'usb.stall')) throw error;
  }
}

/** A runtime part that does not implement GETSTATUS stalls it: that is a running program (dfu.md 1.7 step 3). */
async function stateOrAppIdle(requests: DfuRequests, wait: Wait): Promise<DfuState> {
  try {
    return (await requests.getStatus(wait)).state;
  } catch (error) {
    if (isFlashError(error, 'usb.stall', 'dfu.bad-answer')) return DfuState.appIdle;
    throw error;
  }
}
