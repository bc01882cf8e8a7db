// Who has a USB device: on Linux, whoever holds its node in /dev/bus/usb open.
import { findNodeHolder } from '../holders.ts';
import type { UsbDeviceFacts } from './usb-device.ts';

/** `name (pid)` of a program that has the device open, where the system tells. */
export async function findHolder(
  facts: Pick<UsbDeviceFacts, 'busNumber' | 'address'>,
  platform: string,
  root?: string,
): Promise<string | undefined> {
  if (platform !== 'linux') return undefined;
  const pad = (value: number): string => String(value).padStart(3, '0');
  return await findNodeHolder(`/dev/bus/usb/${pad(facts.busNumber)}/${pad(facts.address)}`, root);
}
