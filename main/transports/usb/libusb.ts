// libusb behind the seam (npm `usb` 2.18). The only file that loads it, and only when it is needed: a computer without it
// still has its bench.
import type * as bindings from 'usb/dist/usb/bindings.js';
import type { Clock } from '../../base/clock.ts';
import { checkWait, sleepWithin, type Wait } from '../../base/wait.ts';
import { FlashError } from '../../../shared/errors/flash-error.ts';
import type { Log } from '../../log/log.ts';
import { errnoOf, translateUsbError } from './errors.ts';
import { findHolder } from './holders.ts';
import { Hotplug, type HotplugEvents } from './hotplug.ts';
import { LibusbDevice, type LibusbContext } from './libusb-device.ts';
import { factsOf, portPathOf } from './libusb-facts.ts';
import type { UsbBus, UsbDevice, UsbDeviceFacts } from './usb-device.ts';

type Library = typeof bindings;

/** Right after plug-in the node belongs to root for a moment (dfu.md 7.1): patience, ms. */
const settleMs = 1_500;
const retryEveryMs = 50;
/** Access, gone, not found, I/O: what a device that is still being set up answers. */
const transientErrnos = [-3, -4, -5, -1];

export interface LibusbOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly platform: 'linux' | 'darwin' | 'win32';
}

/**
 * The computer's USB ports.
 * @throws FlashError `usb.library-missing`
 */
export async function createLibusbBus(options: LibusbOptions): Promise<UsbBus> {
  let library: Library & HotplugLibrary;
  try {
    const loaded = await import('usb');
    library = loaded.usb as unknown as Library & HotplugLibrary;
  } catch (error) {
    throw new FlashError(
      'usb.library-missing',
      { detail: error instanceof Error ? error.message : String(error) },
      error,
    );
  }
  return new LibusbBus(library, options);
}

interface HotplugLibrary {
  on(event: string, listener: () => void): unknown;
  off(event: string, listener: () => void): unknown;
}

interface Arrival {
  readonly device: bindings.Device;
  readonly address: number;
  readonly generation: number;
  readonly seenAt: number;
}

class LibusbBus implements UsbBus {
  readonly name = 'usb';
  readonly virtual = false;
  readonly #library: Library;
  readonly #options: LibusbOptions;
  readonly #hotplug: Hotplug;
  #arrivals = new Map<string, Arrival>();
  #generation = 0;

  constructor(library: Library & HotplugLibrary, options: LibusbOptions) {
    this.#library = library;
    this.#options = options;
    const events: HotplugEvents = {
      on: (event, listener) => library.on(event, listener),
      off: (event, listener) => library.off(event, listener),
      unref: () => library.unrefHotplugEvents(),
    };
    this.#hotplug = new Hotplug(events, options.clock, () => this.#fingerprint());
  }

  async list(wait: Wait): Promise<readonly UsbDeviceFacts[]> {
    checkWait(wait, this.#options.clock);
    this.#reconcile();
    return [...this.#arrivals.values()].flatMap(
      (arrival) => factsOf(arrival.device, arrival.generation) ?? [],
    );
  }

  watch(changed: () => void): Disposable {
    return this.#hotplug.watch(changed);
  }

  async open(facts: UsbDeviceFacts, wait: Wait): Promise<UsbDevice> {
    const { clock, platform } = this.#options;
    const started = clock.now();
    for (;;) {
      checkWait(wait, clock);
      const arrival = this.#arrivals.get(facts.portPath);
      if (arrival === undefined) throw new FlashError('usb.gone', {});
      if (arrival.generation !== facts.generation)
        throw new FlashError('usb.stale-handle', { portPath: facts.portPath });
      try {
        arrival.device.__open();
        return new LibusbDevice(
          facts,
          arrival.device,
          this.#context(),
          () => this.#arrivals.get(facts.portPath)?.generation === facts.generation,
        );
      } catch (error) {
        const young = clock.now() - Math.max(arrival.seenAt, started - settleMs) < settleMs;
        if (!young || !transientErrnos.includes(errnoOf(error) ?? 0)) {
          const holder = errnoOf(error) === -6 ? await findHolder(facts, platform) : undefined;
          throw translateUsbError(error, { facts, platform, call: 'open', holder });
        }
      }
      await sleepWithin(wait, clock, retryEveryMs);
    }
  }

  #context(): LibusbContext {
    const { clock, platform } = this.#options;
    return { library: this.#library, clock, platform };
  }

  /** A new address on a port is a new arrival, and so is a port that was seen empty in between. */
  #reconcile(): void {
    const now = new Map<string, Arrival>();
    for (const device of this.#library.getDeviceList()) {
      const portPath = portPathOf(device);
      if (portPath === undefined) continue;
      const known = this.#arrivals.get(portPath);
      const same = known !== undefined && known.address === device.deviceAddress;
      now.set(
        portPath,
        same
          ? known
          : {
              device,
              address: device.deviceAddress,
              generation: ++this.#generation,
              seenAt: this.#options.clock.now(),
            },
      );
    }
    this.#arrivals = now;
  }

  #fingerprint(): string {
    return this.#library
      .getDeviceList()
      .map((device) => `${portPathOf(device) ?? '-'}:${device.deviceAddress}`)
      .sort()
      .join(' ');
  }
}
