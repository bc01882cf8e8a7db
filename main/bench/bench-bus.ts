// The in-process door: the bench as a UsbBus, keeping the contract of the seam to the letter.
import { sleep } from '../base/clock.ts';
import { abortedError, type Wait } from '../base/wait.ts';
import { FlashError, isFlashError } from '../../shared/errors/flash-error.ts';
import { formatIds } from '../../shared/hex.ts';
import { limits } from '../../shared/limits.ts';
import { parseConfigurationDescriptor, parseDeviceDescriptor } from '../transports/usb/descriptors.ts';
import type { ControlSetup, UsbBus, UsbDevice, UsbDeviceFacts } from '../transports/usb/usb-device.ts';
import type { BenchOptions, BenchPort } from './bench.ts';
import type { SetupPacket, TransferReply, VirtualUsbDevice } from './virtual-usb.ts';

interface Ports {
  readonly ports: readonly BenchPort[];
  onChange(listener: () => void): Disposable;
}

/** Lists and opens what is plugged into a bench. */
export class BenchBus implements UsbBus {
  readonly name = 'bench';
  readonly virtual = true;
  readonly #bench: Ports;
  readonly #options: BenchOptions;
  /** Interfaces claimed, by device: two handles cannot have the same one. */
  readonly #claims = new WeakMap<VirtualUsbDevice, Map<number, BenchDevice>>();

  constructor(bench: Ports, options: BenchOptions) {
    this.#bench = bench;
    this.#options = options;
  }

  list(): Promise<readonly UsbDeviceFacts[]> {
    return Promise.resolve(this.#bench.ports.flatMap((port, index) => factsOf(port, index) ?? []));
  }

  watch(changed: () => void): Disposable {
    return this.#bench.onChange(changed);
  }

  async open(facts: UsbDeviceFacts, wait: Wait): Promise<UsbDevice> {
    if (wait.signal.aborted) throw abortedError(wait.signal);
    const port = this.#bench.ports.find((one) => one.portPath === facts.portPath);
    const device = port?.device;
    if (port === undefined || device === undefined) throw new FlashError('usb.gone', {});
    if (port.generation !== facts.generation)
      throw new FlashError('usb.stale-handle', { portPath: facts.portPath });
    const { refuse, platform = 'linux' } = this.#options;
    const params = { portPath: facts.portPath, ids: formatIds(facts.vendorId, facts.productId), platform };
    if (refuse === 'access-denied') throw new FlashError('usb.access-denied', params);
    if (refuse === 'no-driver') throw new FlashError('usb.no-driver', params);
    const claims = this.#claims.get(device) ?? new Map<number, BenchDevice>();
    this.#claims.set(device, claims);
    return new BenchDevice(facts, port, device, claims, this.#options);
  }
}

function factsOf(port: BenchPort, index: number): UsbDeviceFacts | undefined {
  const { device, generation, portPath } = port;
  if (device === undefined) return undefined;
  const configuration = parseConfigurationDescriptor(device.configurationDescriptor);
  return {
    bus: 'bench',
    portPath,
    busNumber: 1,
    address: index + 2,
    generation,
    speed: device.speed,
    ...parseDeviceDescriptor(device.deviceDescriptor),
    configurationValue: configuration.configurationValue,
    configurationExtra: configuration.extra,
    interfaces: configuration.interfaces,
  };
}

class BenchDevice implements UsbDevice {
  readonly facts: UsbDeviceFacts;
  readonly #port: BenchPort;
  readonly #device: VirtualUsbDevice;
  readonly #claims: Map<number, BenchDevice>;
  readonly #options: BenchOptions;
  #closed = false;

  constructor(
    facts: UsbDeviceFacts,
    port: BenchPort,
    device: VirtualUsbDevice,
    claims: Map<number, BenchDevice>,
    options: BenchOptions,
  ) {
    this.facts = facts;
    this.#port = port;
    this.#device = device;
    this.#claims = claims;
    this.#options = options;
  }

  async claim(interfaceNumber: number, wait: Wait): Promise<void> {
    if (wait.signal.aborted) throw abortedError(wait.signal);
    this.#checkThere();
    const holder = this.#claims.get(interfaceNumber);
    const held = holder !== undefined && holder !== this;
    if (held || this.#options.refuse === 'busy') {
      throw new FlashError('usb.busy', { portPath: this.facts.portPath, holder: undefined });
    }
    this.#claims.set(interfaceNumber, this);
  }

  async release(interfaceNumber: number, _wait: Wait): Promise<void> {
    if (this.#claims.get(interfaceNumber) === this) this.#claims.delete(interfaceNumber);
  }

  async setAlternate(interfaceNumber: number, alternate: number, wait: Wait): Promise<void> {
    await this.#transfer(
      { requestType: 0x01, request: 11, value: alternate, index: interfaceNumber, length: 0 },
      new Uint8Array(),
      wait,
    );
  }

  async clearHalt(endpoint: number, wait: Wait): Promise<void> {
    await this.#transfer(
      { requestType: 0x02, request: 1, value: 0, index: endpoint, length: 0 },
      new Uint8Array(),
      wait,
    );
  }

  async controlIn(setup: ControlSetup, length: number, wait: Wait): Promise<Uint8Array> {
    checkLength(length);
    const reply = await this.#transfer(packetOf(setup, 0x80, length), new Uint8Array(), wait);
    const bytes = reply.kind === 'data' ? reply.bytes : new Uint8Array();
    if (bytes.length > length) throw new FlashError('usb.overflow', {});
    return bytes.slice();
  }

  async controlOut(setup: ControlSetup, data: Uint8Array, wait: Wait): Promise<void> {
    checkLength(data.length);
    await this.#transfer(packetOf(setup, 0, data.length), data.slice(), wait);
  }

  async bulkIn(endpoint: number, length: number, wait: Wait): Promise<Uint8Array> {
    const reply = await this.#within(
      (signal) => this.#device.bulk?.(endpoint, length, signal) ?? stalled,
      wait,
    );
    return reply.kind === 'data' ? reply.bytes : new Uint8Array();
  }

  async bulkOut(endpoint: number, data: Uint8Array, wait: Wait): Promise<void> {
    await this.#within((signal) => this.#device.bulk?.(endpoint, data.slice(), signal) ?? stalled, wait);
  }

  /** WinUSB resets only pipes and says it succeeded (dfu.md 1.7). */
  async reset(wait: Wait): Promise<boolean> {
    const { clock, platform } = this.#options;
    this.#checkThere();
    const reset = async (signal: AbortSignal): Promise<TransferReply> => {
      if (platform !== 'win32') {
        this.#device.busReset();
        await sleep(clock, resetMs, signal);
      }
      return { kind: 'ack' };
    };
    try {
      await this.#within(reset, wait);
      return true;
    } catch (error) {
      if (isFlashError(error, 'usb.gone')) return false;
      throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    for (const [number, holder] of this.#claims) if (holder === this) this.#claims.delete(number);
  }

  #isThere(): boolean {
    return this.#port.device === this.#device && this.#port.generation === this.facts.generation;
  }

  #checkThere(): void {
    if (this.#closed || !this.#isThere()) throw new FlashError('usb.gone', {});
  }

  #transfer(setup: SetupPacket, data: Uint8Array, wait: Wait): Promise<TransferReply> {
    return this.#within((signal) => this.#device.control(setup, data, signal), wait);
  }

  /** Ends with the reply, the deadline, the signal or the board's leaving, whichever is first. */
  async #within(start: (signal: AbortSignal) => Promise<TransferReply>, wait: Wait): Promise<TransferReply> {
    const { clock, transferMs = 1 } = this.#options;
    if (wait.signal.aborted) throw abortedError(wait.signal);
    this.#checkThere();
    const ended = new AbortController();
    const outcome = await new Promise<TransferReply | 'timeout' | 'aborted'>((resolve, reject) => {
      const cancelTimer = clock.after(Math.max(0, wait.deadline - clock.now()), () => finish('timeout'));
      const onAbort = (): void => finish('aborted');
      const watch = this.#port.onChange(() => {
        if (!this.#isThere()) finish({ kind: 'gone' });
      });
      const tidyUp = (): void => {
        cancelTimer();
        wait.signal.removeEventListener('abort', onAbort);
        watch[Symbol.dispose]();
        ended.abort(over);
      };
      const finish = (value: TransferReply | 'timeout' | 'aborted'): void => {
        tidyUp();
        resolve(value);
      };
      wait.signal.addEventListener('abort', onAbort, { once: true });
      const run = async (): Promise<TransferReply> => {
        if (transferMs > 0) await sleep(clock, transferMs, ended.signal);
        return await start(ended.signal);
      };
      run().then(finish, (error: unknown) => {
        if (ended.signal.aborted) return;
        // A board that throws is a bug of ours, and no answer.
        tidyUp();
        reject(error instanceof Error ? error : new Error(String(error)));
      });
    });
    if (outcome === 'timeout') throw new FlashError('usb.timeout', {});
    if (outcome === 'aborted') throw abortedError(wait.signal);
    if (outcome.kind === 'gone') throw new FlashError('usb.gone', {});
    if (outcome.kind === 'stall') throw new FlashError('usb.stall', {});
    return outcome;
  }
}

/** Why a transfer is not waited for any more; one for all, as a reason made for each costs more than the transfer. */
const over = new Error('the transfer is over');
/** A reset (at least 10 ms, USB 2.0 section 7.1.7.5), and a moment in which a board may go to enumerate anew, ms. */
const resetMs = 20;
const stalled = Promise.resolve<TransferReply>({ kind: 'stall' });
const typeBits = { standard: 0x00, class: 0x20, vendor: 0x40 } as const;
const recipientBits = { device: 0, interface: 1, endpoint: 2, other: 3 } as const;

function packetOf(setup: ControlSetup, direction: number, length: number): SetupPacket {
  const { type, recipient, request, value, index } = setup;
  return {
    requestType: direction | typeBits[type] | recipientBits[recipient],
    request,
    value,
    index,
    length,
  };
}

function checkLength(length: number): void {
  if (length > limits.controlBytes)
    throw new FlashError('usb.too-long', { length, limit: limits.controlBytes });
}
