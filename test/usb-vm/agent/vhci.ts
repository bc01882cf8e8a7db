// The guest's virtual USB hub (drivers/usb/usbip/vhci_hcd): attaching to a named port through sysfs, which the
// usbip command cannot do.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { PresentDevice } from '../messages.ts';
import { importDevice } from './import-device.ts';
import { until } from './until.ts';

const platform = '/sys/devices/platform';
/** Attaches and detaches for all controllers. */
const hub = `${platform}/vhci_hcd.0`;
/** A controller has 15 ports of high speed, then 15 of super speed, and ports are counted over all (Debian's kernels). */
const portsOfController = 30;
const devices = '/sys/bus/usb/devices';
/** VDEV_ST_NULL in the status file: nothing there, and nothing of the last one left. */
const portFree = 4;
/** Leaving takes the kernel far less; this is for a machine under load. */
const leavingLimitMs = 15_000;

/** Imports `busId` from the host and plugs it into the port, once whatever was there has left altogether. */
export async function attach(wish: { busId: string; usbipPort: number; vhciPort: number }): Promise<void> {
  await waitFree(wish.vhciPort, leavingLimitMs);
  const imported = await importDevice('10.0.2.2', wish.usbipPort, wish.busId);
  // The kernel takes the connection over here. Nothing may run between this and letting go of it, or our event
  // loop would read what is meant for the kernel.
  try {
    writeFileSync(
      `${hub}/attach`,
      `${wish.vhciPort} ${imported.fileDescriptor} ${imported.deviceId} ${imported.speed}`,
    );
  } finally {
    imported.letGo();
  }
}

/** Pulls the plug on the guest's side. */
export function detach(vhciPort: number): void {
  writeFileSync(`${hub}/detach`, String(vhciPort));
}

/** Waits until the port is free and the kernel has forgotten the device that was there. */
export async function waitFree(vhciPort: number, limitMs: number): Promise<void> {
  const path = kernelPath(vhciPort);
  await until(`port ${vhciPort} to be free`, limitMs, () => {
    return portStatus(vhciPort) === portFree && !existsSync(`${devices}/${path}`) ? true : undefined;
  });
}

/** Waits until the device on the port is configured and udev has seen to its node. */
export async function waitPresent(vhciPort: number, limitMs: number): Promise<PresentDevice> {
  const path = kernelPath(vhciPort);
  return until(`a device on ${path}`, limitMs, () => {
    const configuration = attribute(path, 'bConfigurationValue');
    const busNumber = Number(attribute(path, 'busnum'));
    const address = Number(attribute(path, 'devnum'));
    if (configuration === '' || configuration === undefined || !(busNumber > 0) || !(address > 0))
      return undefined;
    const node = `/dev/bus/usb/${String(busNumber).padStart(3, '0')}/${String(address).padStart(3, '0')}`;
    // udev's note on a character device, written after its rules have run: major 189 is USB's.
    const minor = (busNumber - 1) * 128 + address - 1;
    if (!existsSync(node) || !existsSync(`/run/udev/data/c189:${minor}`)) return undefined;
    return { kernelPath: path, busNumber, address, node };
  });
}

/** The name of what is plugged in there: bus and port counted from 1. */
function kernelPath(vhciPort: number): string {
  const controller = Math.floor(vhciPort / portsOfController);
  return `${highSpeedBus(controller)}-${(vhciPort % portsOfController) + 1}`;
}

/** A controller has two root hubs. */
function highSpeedBus(controller: number): string {
  const folder = `${platform}/vhci_hcd.${controller}`;
  const bus = readdirSync(folder).find((name) => /^usb\d+$/.test(name) && attribute(name, 'speed') === '480');
  if (bus === undefined) throw new Error(`${folder} has no high-speed root hub`);
  return bus.slice('usb'.length);
}

/** Lines are `hs 0000 004 000 00000000 000000 0-0`: hub, port, status and more; a file for each controller. */
function portStatus(vhciPort: number): number | undefined {
  const controller = Math.floor(vhciPort / portsOfController);
  const file = controller === 0 ? 'status' : `status.${controller}`;
  for (const line of readFileSync(`${hub}/${file}`, 'utf8').split('\n')) {
    const [kind, port, status] = line.trim().split(/\s+/);
    if (kind === 'hs' && Number(port) === vhciPort) return Number(status);
  }
  return undefined;
}

function attribute(device: string, name: string): string | undefined {
  try {
    return readFileSync(`${devices}/${device}/${name}`, 'utf8').trim();
  } catch {
    return undefined;
  }
}
