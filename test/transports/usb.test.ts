import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { SimulatedClock } from '../../main/bench/simulated-clock.ts';
import { startWait } from '../../main/base/wait.ts';
import { translateUsbError } from '../../main/transports/usb/errors.ts';
import { findHolder } from '../../main/transports/usb/holders.ts';
import { Hotplug } from '../../main/transports/usb/hotplug.ts';
import { readStringDescriptor } from '../../main/transports/usb/strings.ts';
import type { UsbDevice, UsbDeviceFacts } from '../../main/transports/usb/usb-device.ts';
import { FlashError } from '../../shared/errors/flash-error.ts';

const facts = { portPath: '1-1', vendorId: 0x0483, productId: 0xdf11 } as UsbDeviceFacts;

describe("libusb's two families of errors", () => {
  it.each([
    [1, 'linux', 'transfer', 'usb.transfer-error'],
    [2, 'linux', 'transfer', 'usb.timeout'],
    [4, 'linux', 'transfer', 'usb.stall'],
    [5, 'linux', 'transfer', 'usb.gone'],
    [6, 'linux', 'transfer', 'usb.overflow'],
    [-3, 'linux', 'open', 'usb.access-denied'],
    [-3, 'darwin', 'open', 'usb.busy'],
    [-4, 'linux', 'open', 'usb.gone'],
    [-6, 'linux', 'claim', 'usb.busy'],
    [-9, 'linux', 'other', 'usb.stall'],
    [-12, 'win32', 'open', 'usb.no-driver'],
    [-5, 'win32', 'claim', 'usb.no-driver'],
    [-5, 'linux', 'other', 'usb.gone'],
    [-99, 'linux', 'other', 'usb.transfer-error'],
  ] as const)('%i on %s at %s is %s', (errno, platform, call, code) => {
    expect(translateUsbError(Object.assign(new Error('x'), { errno }), { facts, platform, call }).code).toBe(
      code,
    );
  });
});

describe('string descriptors', () => {
  function device(strings: Record<number, Uint8Array | undefined>): UsbDevice {
    return {
      facts,
      controlIn: (setup: { value: number }) => {
        const bytes = strings[setup.value & 0xff];
        return bytes === undefined ? Promise.reject(new FlashError('usb.stall', {})) : Promise.resolve(bytes);
      },
    } as unknown as UsbDevice;
  }
  const languages = Uint8Array.of(4, 3, 9, 4);
  const wait = startWait(new SimulatedClock(), 1_000);

  it.each([
    ['proper', Uint8Array.of(6, 3, 65, 0, 66, 0), 'AB', []],
    ['too long a length (F427)', Uint8Array.of(40, 3, 65, 0, 66, 0), 'AB', ['bad-length']],
    ['8-bit text (GD32VF103)', Uint8Array.of(6, 3, 0x33, 0x43, 0x42, 0x4a), '3CBJ', ['eight-bit']],
    ['control characters', Uint8Array.of(8, 3, 65, 0, 27, 0, 66, 0), 'AB', ['control-characters']],
    ['half a letter at the end', Uint8Array.of(5, 3, 65, 0, 66), 'A', []],
  ])('%s', async (_name, bytes, text, anomalies) => {
    const read = await readStringDescriptor(device({ 0: languages, 1: bytes }), 1, wait);
    expect(read).toMatchObject({ text, anomalies });
  });

  it('does without a list of languages, and without the string', async () => {
    const read = await readStringDescriptor(device({ 1: Uint8Array.of(4, 3, 65, 0) }), 1, wait);
    expect(read).toMatchObject({ text: 'A', anomalies: ['no-language'] });
    expect(await readStringDescriptor(device({ 0: languages }), 1, wait)).toBeUndefined();
    expect(
      await readStringDescriptor(device({ 0: languages, 1: Uint8Array.of(4, 1, 0, 0) }), 1, wait),
    ).toBeUndefined();
  });
});

describe('who has a device', () => {
  it('is whoever holds its node open', async () => {
    const root = mkdtempSync(path.join(tmpdir(), 'rekindle-proc-'));
    mkdirSync(path.join(root, '4242', 'fd'), { recursive: true });
    symlinkSync('/dev/bus/usb/001/007', path.join(root, '4242', 'fd', '9'));
    writeFileSync(path.join(root, '4242', 'comm'), 'dfu-util\n');
    expect(await findHolder({ busNumber: 1, address: 7 }, 'linux', root)).toBe('dfu-util (4242)');
    expect(await findHolder({ busNumber: 1, address: 8 }, 'linux', root)).toBeUndefined();
    expect(await findHolder({ busNumber: 1, address: 7 }, 'darwin', root)).toBeUndefined();
  });
});

describe('hotplug', () => {
  it('finds changes by looking, where the system tells nothing', async () => {
    const clock = new SimulatedClock();
    let present = 'nothing';
    const hotplug = new Hotplug(undefined, clock, () => present);
    let hints = 0;
    await new Promise<void>((resolve) => {
      const watching = hotplug.watch(() => {
        hints++;
        watching[Symbol.dispose]();
        resolve();
      });
      clock.after(1_200, () => (present = 'a board'));
    });
    expect(hints).toBe(1);
    expect(clock.now()).toBeLessThan(2_000);
  });
});
