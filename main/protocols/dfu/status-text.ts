import type { Wait } from '../../base/wait.ts';
import { readStringDescriptor } from '../../transports/usb/strings.ts';
import type { UsbDevice } from '../../transports/usb/usb-device.ts';

/** The vendor's words for a status (GETSTATUS iString). Never throws: the status itself is the news. */
export async function readStatusText(
  device: UsbDevice,
  index: number,
  wait: Wait,
): Promise<string | undefined> {
  if (index === 0) return undefined;
  try {
    const text = (await readStringDescriptor(device, index, wait))?.text;
    return text === undefined || text === '' ? undefined : text;
  } catch {
    return undefined;
  }
}
