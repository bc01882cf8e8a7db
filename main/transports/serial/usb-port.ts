// Where the USB device behind a serial port is plugged in, in the form libusb has it (usb/libusb-facts.ts). What a system
// does not tell stays unknown; nothing here guesses.
import { readdir, readFile, realpath } from 'node:fs/promises';
import path from 'node:path';

/** A tty of a USB device. */
export interface UsbTty {
  readonly path: string;
  readonly portPath: string;
  readonly vendorId: number | undefined;
  readonly productId: number | undefined;
}

/** More ports than any computer has. */
const mostTtys = 1_024;

/**
 * Linux: every tty that belongs to a USB device, as sysfs has it; readable by everybody, and nothing is opened.
 * Ports without USB behind them are none of ours.
 */
export async function listUsbTtys(sysfs = '/sys'): Promise<UsbTty[]> {
  const folder = path.join(sysfs, 'class/tty');
  const names = (await readdir(folder).catch(() => [])).slice(0, mostTtys);
  const found = await Promise.all(names.map((name) => ttyOf(folder, name)));
  return found
    .filter((one) => one !== undefined)
    .toSorted((a, b) => a.path.localeCompare(b.path, 'en', { numeric: true }));
}

async function ttyOf(folder: string, name: string): Promise<UsbTty | undefined> {
  const device = await realpath(path.join(folder, name, 'device')).catch(() => undefined);
  const usb = device === undefined ? undefined : usbDeviceFolder(device);
  if (usb === undefined) return undefined;
  return {
    path: `/dev/${name}`,
    portPath: path.basename(usb),
    vendorId: await idIn(path.join(usb, 'idVendor')),
    productId: await idIn(path.join(usb, 'idProduct')),
  };
}

/**
 * The folder of the USB device that something in sysfs belongs to: the last part that is called as devices are
 * (`1-2.3`), not as interfaces are (`1-2.3:1.0`).
 */
export function usbDeviceFolder(device: string): string | undefined {
  const parts = device.split('/');
  const last = parts.findLastIndex((part) => /^\d+-\d+(\.\d+)*$/.test(part));
  return last < 0 ? undefined : parts.slice(0, last + 1).join('/');
}

async function idIn(file: string): Promise<number | undefined> {
  return parseUsbId(await readFile(file, 'utf8').catch(() => ''));
}

/** Four hex digits, as systems write ids. */
export function parseUsbId(text: string | undefined): number | undefined {
  const digits = /^(?:0x)?([0-9a-f]{1,4})$/i.exec(text?.trim() ?? '')?.[1];
  return digits === undefined ? undefined : Number.parseInt(digits, 16);
}

/**
 * macOS: the location id has the bus in its first byte and a port in each hex digit after it, up to the first 0
 * (libusb reads it so). The root itself is no port.
 */
export function portPathOfLocationId(locationId: string | undefined): string | undefined {
  const digits = /^(?:0x)?([0-9a-f]{8})$/i.exec(locationId?.trim() ?? '')?.[1];
  if (digits === undefined) return undefined;
  const chain = /^[^0]*/.exec(digits.slice(2))?.[0] ?? '';
  // After the chain there are only zeros; anything else is no location id.
  if (chain === '' || !/^0*$/.test(digits.slice(2 + chain.length))) return undefined;
  const ports = [...chain].map((digit) => Number.parseInt(digit, 16));
  return `${Number.parseInt(digits.slice(0, 2), 16)}-${ports.join('.')}`;
}

/**
 * Windows: the chain of ports in a location path, `PCIROOT(0)#PCI(1400)#USBROOT(0)#USB(3)#USB(2)` -> `3.2`. Which
 * number libusb gives the root hub is not in it, so two boards on two controllers may have the same chain.
 */
export function portChainOfLocationPath(locationPath: string): string | undefined {
  const parts = /#USBROOT\(\d+\)((?:#USB\(\d+\))+)(?:#USBMI\(\d+\))?$/i.exec(locationPath.trim())?.[1];
  if (parts === undefined) return undefined;
  return [...parts.matchAll(/\((\d+)\)/g)].map(([, port]) => Number(port)).join('.');
}
