// From a listed device to a target: open, claim, choose the alternate, find out what it can do.
import { shrink, startWait, type Wait } from '../base/wait.ts';
import type { Clock } from '../base/clock.ts';
import { FlashError, isFlashError } from '../../shared/errors/flash-error.ts';
import { formatId } from '../../shared/hex.ts';
import type { QuirkFlags } from '../../shared/quirks.ts';
import type { Log } from '../log/log.ts';
import type { UsbBus, UsbDevice, UsbDeviceFacts } from '../transports/usb/usb-device.ts';
import { chooseTransferSize, findDfuFunctions, type DfuFunction } from '../protocols/dfu/descriptor.ts';
import { PollPolicy, type PollMemory } from '../protocols/dfu/poll.ts';
import { DfuRequests } from '../protocols/dfu/requests.ts';
import { bringToIdle, type DfuSession } from '../protocols/dfu/session.ts';
import { readAlternateNames, readText } from './alternate-names.ts';
import { DfuTarget } from './dfu.ts';
import { DfuseTarget } from './dfuse.ts';
import { regionsFromMaps } from './regions.ts';
import type { Target } from './target.ts';

/** What a person may override, and what is known of the device. */
export interface OpenOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly quirks: QuirkFlags;
  readonly pollMemory: PollMemory;
  /** Interface number; the first DFU interface otherwise. */
  readonly interfaceNumber?: number | undefined;
  /** Bytes a block; the device's own otherwise. */
  readonly transferSize?: number | undefined;
  /** Nobody has read its serial number yet. */
  readonly readSerial?: boolean;
}

/** Opening, strings and recovery together: beyond this a device is not going to answer. */
const openLimitMs = 40_000;
/** One text that a board may well go without. */
const serialLimitMs = 2_000;

/**
 * Opens a board in flash mode and brings it to dfuIDLE.
 * @throws FlashError `device.not-dfu`, `device.app-mode`, `dfu.no-transfer-size`, `dfu.*`, `usb.*`, `job.*`;
 *   the board is unchanged
 */
export async function openTarget(
  bus: UsbBus,
  facts: UsbDeviceFacts,
  options: OpenOptions,
  outer: Wait,
): Promise<Target> {
  const wait = shrink(outer, options.clock, openLimitMs);
  const dfu = pickFunction(facts, options);
  const size = chooseTransferSize(dfu, facts.maxPacketSize0, options.transferSize, options.quirks);
  if (size === undefined) throw new FlashError('dfu.no-transfer-size', {});
  const device = await bus.open(facts, wait);
  try {
    await device.claim(dfu.interfaceNumber, wait);
    const session: DfuSession = {
      device,
      dfu,
      requests: new DfuRequests(device, dfu.interfaceNumber, options.clock),
      transferSize: size.bytes,
      poll: pollPolicyFor(facts, dfu, options),
      quirks: options.quirks,
      clock: options.clock,
      log: options.log,
    };
    await selectFirstAlternate(device, dfu, wait);
    // State before names: a flash mode that ends by itself hears from us before it tells us what it is called.
    await bringToIdle(session, wait);
    const names = await readAlternateNames(device, dfu, wait, options.clock);
    const serial =
      options.readSerial === true
        ? await readText(device, facts.serialIndex, shrink(wait, options.clock, serialLimitMs))
        : '';
    if (!dfu.dfuse) return new DfuTarget(session, names, serial);
    return new DfuseTarget(session, await regionsFromMaps(device, names, options.quirks, wait), serial);
  } catch (error) {
    await device[Symbol.asyncDispose]();
    throw error;
  }
}

function pickFunction(facts: UsbDeviceFacts, options: OpenOptions): DfuFunction {
  if (options.quirks['not-dfu'] === true)
    throw new FlashError('device.not-dfu', { portPath: facts.portPath });
  const functions = findDfuFunctions(facts, options.quirks);
  const wanted = options.interfaceNumber;
  const found = wanted === undefined ? functions[0] : functions.find((dfu) => dfu.interfaceNumber === wanted);
  if (found === undefined) throw new FlashError('device.not-dfu', { portPath: facts.portPath });
  return found;
}

/** Early polling is proven on DfuSe; plain DFU devices keep their poll time for a reason (dfu.md 6.4, 1.9). */
function pollPolicyFor(facts: UsbDeviceFacts, dfu: DfuFunction, options: OpenOptions): PollPolicy {
  return new PollPolicy({
    obedient: !dfu.dfuse || options.quirks['poll-obedient'] === true,
    fixedMs: options.quirks['poll-timeout-ms'],
    memory: options.pollMemory,
    deviceKey: [facts.vendorId, facts.productId, facts.bcdDevice].map(formatId).join(':'),
  });
}

/** Some devices stall SET_INTERFACE where there is but one alternate: then it is not needed (dfu.md 1.8). */
async function selectFirstAlternate(device: UsbDevice, dfu: DfuFunction, wait: Wait): Promise<void> {
  if (dfu.alternates.length < 2) return;
  try {
    await device.setAlternate(dfu.interfaceNumber, dfu.alternates[0]?.alternate ?? 0, wait);
  } catch (error) {
    if (!isFlashError(error, 'usb.stall')) throw error;
  }
}

/** A wait for tidying up: fresh, so that the end of the job's own time never leaves a board half-way in a request. */
export function tidyWait(clock: Clock): Wait {
  return startWait(clock, 5_000);
}
