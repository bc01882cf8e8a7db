// An opened libusb device behind the seam.
import type { Device, LibUSBException } from 'usb/dist/usb/bindings.js';
import type { Clock } from '../../base/clock.ts';
import { abortedError, checkWait, remaining, type Wait } from '../../base/wait.ts';
import { FlashError, isFlashError } from '../../../shared/errors/flash-error.ts';
import { limits } from '../../../shared/limits.ts';
import { errnoOf, translateUsbError, type ErrorPlace } from './errors.ts';
import { findHolder } from './holders.ts';
import { Transfers, type TransferLibrary } from './libusb-transfer.ts';
import type { ControlSetup, UsbDevice, UsbDeviceFacts } from './usb-device.ts';

const transferType = { control: 0, bulk: 2 } as const;
const setupBytes = 8;
const typeBits = { standard: 0x00, class: 0x20, vendor: 0x40 } as const;
const recipientBits = { device: 0, interface: 1, endpoint: 2, other: 3 } as const;
const notFound = -5;

export interface LibusbContext {
  readonly library: TransferLibrary;
  readonly clock: Clock;
  readonly platform: 'linux' | 'darwin' | 'win32';
}

/** A handle; the native device has been opened. */
export class LibusbDevice implements UsbDevice {
  readonly facts: UsbDeviceFacts;
  readonly #device: Device;
  readonly #context: LibusbContext;
  readonly #isCurrent: () => boolean;
  readonly #claimed = new Set<number>();
  readonly #transfers: Transfers;
  readonly #pending = new Set<Promise<unknown>>();
  #poisoned = false;
  #closed: Promise<void> | undefined;

  constructor(facts: UsbDeviceFacts, device: Device, context: LibusbContext, isCurrent: () => boolean) {
    this.facts = facts;
    this.#device = device;
    this.#context = context;
    this.#transfers = new Transfers(context.library, device, context.clock);
    this.#isCurrent = isCurrent;
  }

  async claim(interfaceNumber: number, wait: Wait): Promise<void> {
    this.#check(wait);
    try {
      this.#device.__claimInterface(interfaceNumber);
      this.#claimed.add(interfaceNumber);
    } catch (error) {
      const busy = errnoOf(error) === -6;
      const holder = busy ? await findHolder(this.facts, this.#context.platform) : undefined;
      throw translateUsbError(error, { ...this.#place('claim'), holder });
    }
  }

  async release(interfaceNumber: number, wait: Wait): Promise<void> {
    this.#check(wait);
    await this.#uninterruptible(wait, (done) => this.#device.__releaseInterface(interfaceNumber, done));
    this.#claimed.delete(interfaceNumber);
  }

  async setAlternate(interfaceNumber: number, alternate: number, wait: Wait): Promise<void> {
    this.#check(wait);
    await this.#uninterruptible(wait, (done) =>
      this.#device.__setInterface(interfaceNumber, alternate, done),
    );
  }

  async clearHalt(endpoint: number, wait: Wait): Promise<void> {
    this.#check(wait);
    await this.#uninterruptible(wait, (done) => this.#device.__clearHalt(endpoint, done));
  }

  async controlIn(setup: ControlSetup, length: number, wait: Wait): Promise<Uint8Array> {
    const buffer = controlBuffer(setup, 0x80, length);
    const actual = await this.#transfer(0, transferType.control, buffer, wait);
    return new Uint8Array(buffer.subarray(setupBytes, setupBytes + actual));
  }

  async controlOut(setup: ControlSetup, data: Uint8Array, wait: Wait): Promise<void> {
    const buffer = controlBuffer(setup, 0, data.length);
    buffer.set(data, setupBytes);
    const actual = await this.#transfer(0, transferType.control, buffer, wait);
    if (actual < data.length)
      throw new FlashError('usb.transfer-error', { detail: `${actual} of ${data.length} bytes sent` });
  }

  async bulkIn(endpoint: number, length: number, wait: Wait): Promise<Uint8Array> {
    const buffer = Buffer.alloc(length);
    const actual = await this.#transfer(endpoint, transferType.bulk, buffer, wait);
    return new Uint8Array(buffer.subarray(0, actual));
  }

  async bulkOut(endpoint: number, data: Uint8Array, wait: Wait): Promise<void> {
    const actual = await this.#transfer(endpoint, transferType.bulk, Buffer.from(data), wait);
    if (actual < data.length)
      throw new FlashError('usb.transfer-error', { detail: `${actual} of ${data.length} bytes sent` });
  }

  async reset(wait: Wait): Promise<boolean> {
    this.#check(wait);
    try {
      await this.#uninterruptible(wait, (done) => this.#device.reset(done));
      return true;
    } catch (error) {
      // It came back as something else: the reset worked, and this handle is over (dfu.md 0 rule 9).
      if (isFlashError(error, 'usb.gone') || errnoOf(error) === notFound) return false;
      throw error;
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  /** The library refuses to close while anything is pending, so everything is cancelled and waited for. */
  async #close(): Promise<void> {
    this.#transfers.close();
    await Promise.allSettled([...this.#pending]);
    for (const interfaceNumber of this.#claimed) {
      await new Promise<void>((resolve) => {
        try {
          this.#device.__releaseInterface(interfaceNumber, () => resolve());
        } catch {
          resolve();
        }
      });
    }
    try {
      this.#device.__close();
    } catch {
      // Gone already: there is nothing to give back.
    }
  }

  #place(call: ErrorPlace['call']): ErrorPlace {
    return { facts: this.facts, platform: this.#context.platform, call };
  }

  #check(wait: Wait): void {
    if (this.#poisoned) throw new FlashError('usb.poisoned', {});
    if (this.#closed !== undefined) throw new FlashError('usb.gone', {});
    if (!this.#isCurrent()) throw new FlashError('usb.gone', {});
    checkWait(wait, this.#context.clock);
  }

  async #transfer(endpoint: number, type: number, buffer: Buffer, wait: Wait): Promise<number> {
    this.#check(wait);
    const running = this.#transfers.run({ endpoint, type, buffer }, wait);
    this.#pending.add(running);
    try {
      return await running;
    } catch (error) {
      throw translateUsbError(error, this.#place('transfer'));
    } finally {
      this.#pending.delete(running);
    }
  }

  /**
   * A call that runs on libuv's pool and cannot be taken back. Past the deadline the handle is poisoned, and
   * closed once the call has settled.
   */
  #uninterruptible(wait: Wait, start: (done: (error?: LibUSBException) => void) => void): Promise<void> {
    const { clock } = this.#context;
    const call = new Promise<void>((resolve, reject) => {
      start((error) =>
        error === undefined ? resolve() : reject(translateUsbError(error, this.#place('other'))),
      );
    });
    this.#pending.add(call);
    const settled = call.finally(() => this.#pending.delete(call));
    settled.catch(() => undefined);
    return new Promise((resolve, reject) => {
      const poison = (error: FlashError) => (): void => {
        this.#poisoned = true;
        finish();
        reject(error);
      };
      const onAbort = (): void => poison(abortedError(wait.signal))();
      const stopTimer = clock.after(remaining(wait, clock), poison(new FlashError('usb.timeout', {})));
      const finish = (): void => {
        stopTimer();
        wait.signal.removeEventListener('abort', onAbort);
      };
      wait.signal.addEventListener('abort', onAbort, { once: true });
      settled.then(
        () => {
          finish();
          resolve();
        },
        (error: unknown) => {
          finish();
          reject(error instanceof Error ? error : new Error(String(error)));
        },
      );
    });
  }
}

function controlBuffer(setup: ControlSetup, direction: number, length: number): Buffer {
  if (length > limits.controlBytes)
    throw new FlashError('usb.too-long', { length, limit: limits.controlBytes });
  const buffer = Buffer.alloc(setupBytes + length);
  buffer.writeUInt8(direction | typeBits[setup.type] | recipientBits[setup.recipient], 0);
  buffer.writeUInt8(setup.request, 1);
  buffer.writeUInt16LE(setup.value, 2);
  buffer.writeUInt16LE(setup.index, 4);
  buffer.writeUInt16LE(length, 6);
  return buffer;
}
