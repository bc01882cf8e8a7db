// From a serial port to the USB port behind it, on what the three systems say.
import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { startWait } from '../../main/base/wait.ts';
import { SimulatedClock } from '../../main/bench/simulated-clock.ts';
import { openSerialPorts, type PortLibrary } from '../../main/transports/serial/serial-port.ts';
import {
  listUsbTtys,
  parseUsbId,
  portChainOfLocationPath,
  portPathOfLocationId,
  usbDeviceFolder,
} from '../../main/transports/serial/usb-port.ts';
import { chainsIn } from '../../main/transports/serial/windows-ports.ts';

const controller = 'devices/pci0000:00/0000:00:14.0/usb1';

/** A small /sys: device folders as the kernel makes them, and links to them in class/tty. */
function makeSysfs(): string {
  const root = mkdtempSync(path.join(tmpdir(), 'rekindle-sysfs-'));
  const put = (folder: string, files: Readonly<Record<string, string>> = {}): string => {
    mkdirSync(path.join(root, folder), { recursive: true });
    for (const [name, content] of Object.entries(files))
      writeFileSync(path.join(root, folder, name), content);
    return folder;
  };
  const tty = (name: string, device: string | undefined): void => {
    mkdirSync(path.join(root, 'class/tty', name), { recursive: true });
    if (device !== undefined)
      symlinkSync(path.join(root, device), path.join(root, 'class/tty', name, 'device'));
  };
  put(`${controller}/1-2/1-2.3`, { idVendor: '0483\n', idProduct: '5740\n' });
  put(`${controller}/1-7`, { idVendor: '0403\n', idProduct: '6015\n' });
  put(`${controller}/1-10`, {});
  tty('ttyACM10', put(`${controller}/1-10/1-10:1.0`));
  tty('ttyACM9', put(`${controller}/1-2/1-2.3/1-2.3:1.0`));
  // usb-serial puts a device of its own between the interface and the tty.
  tty('ttyUSB0', put(`${controller}/1-7/1-7:1.0/ttyUSB0`));
  tty('ttyS0', put('devices/platform/serial8250'));
  tty('tty1', undefined);
  return root;
}

describe('on Linux', () => {
  it('is the folder of the USB device in sysfs, for every kind of tty', async () => {
    expect(await listUsbTtys(makeSysfs())).toEqual([
      { path: '/dev/ttyACM9', portPath: '1-2.3', vendorId: 0x0483, productId: 0x5740 },
      { path: '/dev/ttyACM10', portPath: '1-10', vendorId: undefined, productId: undefined },
      { path: '/dev/ttyUSB0', portPath: '1-7', vendorId: 0x0403, productId: 0x6015 },
    ]);
    expect(await listUsbTtys('/no/such/sysfs')).toEqual([]);
  });

  it.each<[string, string | undefined]>([
    ['/sys/devices/pci0000:00/0000:00:08.1/0000:08:00.3/usb2/2-1/2-1.1/2-1.1:1.0', '2-1.1'],
    ['/sys/devices/platform/vhci_hcd.0/usb3/3-1/3-1:1.0', '3-1'],
    ['/sys/devices/platform/soc/3f980000.usb/usb1/1-1/1-1.1/1-1.1.2/1-1.1.2:1.0/ttyUSB0', '1-1.1.2'],
    ['/sys/devices/platform/serial8250/serial8250:0/serial8250:0.0', undefined],
    ['/sys/devices/virtual/tty/ptmx', undefined],
  ])('%s is %s', (device, portPath) => {
    const folder = usbDeviceFolder(device);
    expect(folder === undefined ? undefined : path.basename(folder)).toBe(portPath);
  });

  it('needs no library to list ports', async () => {
    const clock = new SimulatedClock();
    const ports = openSerialPorts({
      clock,
      log: { write: () => undefined },
      platform: 'linux',
      sysfs: makeSysfs(),
      load: () => Promise.reject(new Error('not to be loaded')),
    });
    expect((await ports.list(startWait(clock, 1_000))).map((one) => one.portPath)).toEqual([
      '1-2.3',
      '1-10',
      '1-7',
    ]);
  });
});

describe('on macOS', () => {
  it.each<[string | undefined, string | undefined]>([
    ['14200000', '20-2'],
    ['0x14200000', '20-2'],
    ['00113000', '0-1.1.3'],
    ['fd121400', '253-1.2.1.4'],
    ['1a1fffff', '26-1.15.15.15.15.15'],
    // A root hub, a hole in the chain, and no location at all.
    ['14000000', undefined],
    ['14200100', undefined],
    ['', undefined],
    ['USB', undefined],
    [undefined, undefined],
  ])('location id %s is %s', (locationId, portPath) => {
    expect(portPathOfLocationId(locationId)).toBe(portPath);
  });

  it('opens the file that waits for no carrier', async () => {
    const clock = new SimulatedClock();
    const port = {
      path: '/dev/tty.usbmodem1421',
      locationId: '14210000',
      vendorId: '0483',
      productId: '5740',
    };
    const library = { list: async () => [port], open: () => Promise.reject(new Error('not here')) };
    const ports = openSerialPorts({
      clock,
      log: { write: () => undefined },
      platform: 'darwin',
      load: async () => library,
    });
    expect(await ports.list(startWait(clock, 1_000))).toEqual([
      {
        bus: 'serial',
        path: '/dev/cu.usbmodem1421',
        vendorId: 0x0483,
        productId: 0x5740,
        portPath: '20-2.1',
      },
    ]);
  });
});

describe('on Windows', () => {
  it.each<[string, string | undefined]>([
    ['PCIROOT(0)#PCI(1400)#USBROOT(0)#USB(3)', '3'],
    ['PCIROOT(0)#PCI(1D00)#USBROOT(0)#USB(1)#USB(8)', '1.8'],
    // One function of a composite device.
    ['PCIROOT(0)#PCI(1400)#USBROOT(0)#USB(3)#USB(12)#USBMI(2)', '3.12'],
    ['ACPI(_SB_)#ACPI(PC00)#ACPI(XHCI)#ACPI(RHUB)#ACPI(HS03)', undefined],
    ['PCIROOT(0)#PCI(1F03)', undefined],
    ['', undefined],
  ])('%s has the chain %s', (locationPath, chain) => {
    expect(portChainOfLocationPath(locationPath)).toBe(chain);
  });

  const answer = [
    'USB\\VID_0483&PID_5740\\305A1|PCIROOT(0)#PCI(1400)#USBROOT(0)#USB(3);ACPI(_SB_)#ACPI(HS03)',
    'USB\\VID_0483&PID_5740\\305B2|ACPI(_SB_)#ACPI(HS04);PCIROOT(0)#PCI(1400)#USBROOT(0)#USB(4)#USB(1)',
    'ACPI\\PNP0501\\1|ACPI(_SB_)#ACPI(UAR1)',
    'nonsense',
    '',
  ].join('\r\n');

  it('reads the device tree line by line', () => {
    expect([...chainsIn(answer)]).toEqual([
      ['USB\\VID_0483&PID_5740\\305A1', '3'],
      ['USB\\VID_0483&PID_5740\\305B2', '4.1'],
    ]);
    expect(chainsIn('')).toEqual(new Map());
  });

  it('asks the device tree only where ids leave a doubt', async () => {
    const clock = new SimulatedClock();
    const ids = { vendorId: '0483', productId: '5740' };
    const first = { path: 'COM3', pnpId: 'USB\\VID_0483&PID_5740\\305a1', ...ids };
    const second = { path: 'COM4', pnpId: 'USB\\VID_0483&PID_5740\\305B2', ...ids };
    let asked = 0;
    const portsWith = (listed: Awaited<ReturnType<PortLibrary['list']>>) =>
      openSerialPorts({
        clock,
        log: { write: () => undefined },
        platform: 'win32',
        load: async () => ({ list: async () => listed, open: () => Promise.reject(new Error('not here')) }),
        askDeviceTree: async () => {
          asked++;
          return answer;
        },
      });
    const chains = async (listed: Awaited<ReturnType<PortLibrary['list']>>) =>
      (await portsWith(listed).list(startWait(clock, 1_000))).map((one) => one.portChain);
    expect(await chains([first, { path: 'COM1' }])).toEqual([undefined, undefined]);
    expect(asked).toBe(0);
    expect(await chains([first, second])).toEqual(['3', '4.1']);
    expect(asked).toBe(1);
  });
});

describe('an id', () => {
  it.each<[string | undefined, number | undefined]>([
    ['0483', 0x0483],
    ['0x5740\n', 0x5740],
    ['', undefined],
    ['VID', undefined],
    ['10483', undefined],
    [undefined, undefined],
  ])('%s is %s', (text, id) => {
    expect(parseUsbId(text)).toBe(id);
  });
});
