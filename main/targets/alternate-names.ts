import { shrink, type Wait } from '../base/wait.ts';
import type { Clock } from '../base/clock.ts';
import { isFlashError } from '../../shared/errors/flash-error.ts';
import type { DfuFunction } from '../protocols/dfu/descriptor.ts';
import { readStringDescriptor } from '../transports/usb/strings.ts';
import type { UsbDevice } from '../transports/usb/usb-device.ts';

/** An alternate setting and what its string descriptor calls it. */
export interface NamedAlternate {
  readonly alternate: number;
  /** Empty where the device has no name for it, or none that can be read. */
  readonly name: string;
}

/**
 * Names of all alternates of a DFU interface. A device whose strings cannot be read keeps its place in the
 * list with an empty name (dfu.md 2.2, 5.1 "Broken LANGID").
 * @throws FlashError `usb.gone`, `job.*`
 */
export async function readAlternateNames(
  device: UsbDevice,
  dfu: DfuFunction,
  outer: Wait,
  clock: Clock,
): Promise<NamedAlternate[]> {
  const named: NamedAlternate[] = [];
  for (const alternate of dfu.alternates) {
    named.push({
      alternate: alternate.alternate,
      name: await readText(device, alternate.nameIndex, shrink(outer, clock, 2_000)),
    });
  }
  return named;
}

/** One text of a device; empty where there is none, or it cannot be read. @throws FlashError `usb.gone`, `job.aborted` */
export async function readText(device: UsbDevice, index: number, wait: Wait): Promise<string> {
  if (index === 0) return '';
  try {
    return (await readStringDescriptor(device, index, wait))?.text ?? '';
  } catch (error) {
    if (isFlashError(error, 'usb.gone', 'job.aborted')) throw error;
    return '';
  }
}
