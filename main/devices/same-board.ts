// Whether what came to another port is a board we know, by a number that it alone has shown.
import { isFlashError } from '../../shared/errors/flash-error.ts';
import type { Clock } from '../base/clock.ts';
import { shrink, type Wait } from '../base/wait.ts';
import { readStringDescriptor } from '../transports/usb/strings.ts';
import type { UsbBus, UsbDeviceFacts } from '../transports/usb/usb-device.ts';
import type { Tracker } from './tracker.ts';

/** A board that does not give its number within this proves nothing, ms. */
const readLimitMs = 2_000;

/**
 * For `waitForCounterpart`. What cannot be opened or read proves nothing.
 * @throws FlashError `job.aborted`
 */
export function provesByNumber(
  tracker: Tracker,
  bus: UsbBus,
  portPath: string,
  options: { readonly clock: Clock; readonly wait: Wait },
): (facts: UsbDeviceFacts) => Promise<boolean> {
  return async (facts) => {
    const wait = shrink(options.wait, options.clock, readLimitMs);
    try {
      await using device = await bus.open(facts, wait);
      const serial = await readStringDescriptor(device, facts.serialIndex, wait);
      return serial !== undefined && tracker.isNumberOf({ bus: bus.name, portPath }, serial.text);
    } catch (error) {
      if (isFlashError(error, 'job.aborted')) throw error;
      return false;
    }
  };
}
