// The in-process door to the boards' serial ports: drives them as Linux's cdc-acm does, over the same packets.
import type { Clock } from '../base/clock.ts';
import { abortedError, remaining, type Wait } from '../base/wait.ts';
import { FlashError, isFlashError } from '../../shared/errors/flash-error.ts';
import { limits } from '../../shared/limits.ts';
import type { SerialLine, SerialPortFacts, SerialPorts } from '../transports/serial/serial-line.ts';
import { parseConfigurationDescriptor, parseDeviceDescriptor } from '../transports/usb/descriptors.ts';
import type { BenchPort } from './bench.ts';
import type { VirtualUsbDevice } from './virtual-usb.ts';

export interface SerialDoorOptions {
  readonly clock: Clock;
  /** Play a system that does not say which USB port a serial port belongs to. */
  readonly portsUnknown?: boolean;
  /** Another program holds every port. */
  readonly held?: boolean;
}

interface Place {
  readonly ports: readonly BenchPort[];
  onChange(listener: () => void): Disposable;
}

const Request = { setLineCoding: 0x20, setControlLineState: 0x22 } as const;
const dataClass = 10;

/** Lists and opens the serial ports of what is plugged into a bench. */
export class SerialDoor implements SerialPorts {
  readonly name = 'bench';
  readonly virtual = true;
  readonly #bench: Place;
  readonly #options: SerialDoorOptions;
  readonly #open = new WeakSet<VirtualUsbDevice>();

  constructor(bench: Place, options: SerialDoorOptions) {
    this.#bench = bench;
    this.#options = options;
  }

  async list(wait: Wait): Promise<readonly SerialPortFacts[]> {
    if (wait.signal.aborted) throw abortedError(wait.signal);
    return this.#bench.ports.flatMap((port) => this.#factsOf(port) ?? []);
  }

  async open(facts: SerialPortFacts, options: { readonly baud: number }, wait: Wait): Promise<SerialLine> {
    if (wait.signal.aborted) throw abortedError(wait.signal);
    const port = this.#bench.ports.find((one) => this.#factsOf(one)?.path === facts.path);
    const device = port?.device;
    const interfaces = device === undefined ? undefined : serialInterfaces(device);
    if (port === undefined || device === undefined || interfaces === undefined) throw gone(facts.path);
    if (this.#options.held === true || this.#open.has(device))
      throw new FlashError('serial.busy', { path: facts.path, holder: undefined });
    this.#open.add(device);
    const line = new BenchLine(facts, { port, device, interfaces }, this.#options.clock, () =>
      this.#open.delete(device),
    );
    try {
      await line.setBaud(options.baud, wait);
      await line.setModemLines({ dtr: true, rts: true }, wait);
    } catch (error) {
      await line[Symbol.asyncDispose]();
      throw error;
    }
    return line;
  }

  #factsOf(port: BenchPort): SerialPortFacts | undefined {
    const { device, portPath } = port;
    if (device === undefined || serialInterfaces(device) === undefined) return undefined;
    const { vendorId, productId } = parseDeviceDescriptor(device.deviceDescriptor);
    const known = this.#options.portsUnknown === true ? undefined : portPath;
    return { bus: this.name, path: `bench:${portPath}`, vendorId, productId, portPath: known };
  }
}

interface SerialInterfaces {
  readonly control: number;
  readonly dataIn: number;
  readonly dataOut: number;
}

/** An abstract control model and the bulk endpoints of its data interface, as cdc-acm binds them. */
function serialInterfaces(device: VirtualUsbDevice): SerialInterfaces | undefined {
  const { interfaces } = parseConfigurationDescriptor(device.configurationDescriptor);
  const control = interfaces.find(
    ({ alternates: [first] }) => first?.interfaceClass === 2 && first.interfaceSubClass === 2,
  );
  const data = interfaces.find(({ alternates: [first] }) => first?.interfaceClass === dataClass);
  const bulk = data?.alternates[0]?.endpoints.filter((one) => (one.attributes & 3) === 2) ?? [];
  const dataIn = bulk.find(({ address }) => address >= 0x80)?.address;
  const dataOut = bulk.find(({ address }) => address < 0x80)?.address;
  if (control === undefined || dataIn === undefined || dataOut === undefined) return undefined;
  return { control: control.number, dataIn, dataOut };
}

interface LinePlace {
  readonly port: BenchPort;
  readonly device: VirtualUsbDevice;
  readonly interfaces: SerialInterfaces;
}

/** What a line keeps of what came before it takes no more from the board; as a system's tty buffer. */
const keptBytes = 64 * 1024;

class BenchLine implements SerialLine {
  readonly facts: SerialPortFacts;
  readonly #place: LinePlace;
  readonly #clock: Clock;
  readonly #onClose: () => void;
  readonly #closed = new AbortController();
  readonly #watch: Disposable;
  readonly #coding = Uint8Array.of(0, 0, 0, 0, 0, 0, 8);
  #left = false;
  #came: number[] = [];
  /** Called when bytes come, are taken, or the board goes. */
  readonly #stirred = new Set<() => void>();

  constructor(facts: SerialPortFacts, place: LinePlace, clock: Clock, onClose: () => void) {
    this.facts = facts;
    this.#place = place;
    this.#clock = clock;
    this.#onClose = onClose;
    const { generation } = place.port;
    this.#watch = place.port.onChange(() => {
      if (place.port.device === place.device && place.port.generation === generation) return;
      this.#left = true;
      this.#closed.abort();
      this.#stir();
    });
    void this.#pump();
  }

  async write(bytes: Uint8Array, wait: Wait): Promise<void> {
    const { device, interfaces } = this.#place;
    if (this.#left) throw gone(this.facts.path);
    await this.#within(
      (signal) => device.bulk?.(interfaces.dataOut, bytes.slice(), signal) ?? Promise.resolve(undefined),
      wait,
    );
  }

  async read(wait: Wait): Promise<Uint8Array> {
    await this.#within(async (signal) => {
      while (this.#came.length === 0 && !signal.aborted) await this.#stirring(signal);
    }, wait);
    const taken = this.#came.splice(0, limits.serialReadBytes);
    this.#stir();
    return Uint8Array.from(taken);
  }

  async setBaud(baud: number, wait: Wait): Promise<void> {
    new DataView(this.#coding.buffer).setUint32(0, baud, true);
    await this.#request(Request.setLineCoding, 0, this.#coding.slice(), wait);
  }

  async setModemLines(lines: { readonly dtr: boolean; readonly rts: boolean }, wait: Wait): Promise<void> {
    await this.#request(
      Request.setControlLineState,
      (lines.dtr ? 1 : 0) | (lines.rts ? 2 : 0),
      new Uint8Array(),
      wait,
    );
  }

  /** Drops the modem lines, as a terminal that hangs up does; nobody waits for that. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#closed.signal.aborted && !this.#left) return;
    const { device, interfaces } = this.#place;
    if (!this.#left) {
      const setup = { requestType: 0x21, request: Request.setControlLineState, value: 0, length: 0 };
      void device.control({ ...setup, index: interfaces.control }, new Uint8Array(), this.#closed.signal);
    }
    this.#closed.abort();
    this.#watch[Symbol.dispose]();
    this.#onClose();
  }

  async #request(request: number, value: number, data: Uint8Array, wait: Wait): Promise<void> {
    const { device, interfaces } = this.#place;
    if (this.#left) throw gone(this.facts.path);
    const setup = { requestType: 0x21, request, value, index: interfaces.control, length: data.length };
    await this.#within((signal) => device.control(setup, data, signal), wait);
  }

  /** Reads on all the time, as cdc-acm does, so that the board can speak while nobody listens. */
  async #pump(): Promise<void> {
    const { device, interfaces } = this.#place;
    const { signal } = this.#closed;
    while (!signal.aborted) {
      const reply = await device.bulk?.(interfaces.dataIn, 64, signal);
      if (reply?.kind !== 'data') return;
      for (const byte of reply.bytes) this.#came.push(byte);
      this.#stir();
      while (this.#came.length > keptBytes && !this.#closed.signal.aborted) await this.#stirring(signal);
    }
  }

  #stir(): void {
    for (const wake of [...this.#stirred]) wake();
  }

  #stirring(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        this.#stirred.delete(wake);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      this.#stirred.add(wake);
      signal.addEventListener('abort', wake, { once: true });
    });
  }

  #checkEnded(wait: Wait, ended: AbortSignal): void {
    if (wait.signal.aborted) throw abortedError(wait.signal);
    if (!ended.aborted) return;
    throw isFlashError(ended.reason) ? ended.reason : gone(this.facts.path);
  }

  /** Ends with the outcome, the deadline, the signal or the board's leaving, whichever is first. */
  async #within<T>(start: (signal: AbortSignal) => Promise<T>, wait: Wait): Promise<T> {
    if (wait.signal.aborted) throw abortedError(wait.signal);
    const ended = new AbortController();
    const end = (): void => ended.abort();
    const cancelTimer = this.#clock.after(remaining(wait, this.#clock), () =>
      ended.abort(new FlashError('job.timeout', {})),
    );
    wait.signal.addEventListener('abort', end, { once: true });
    const { signal: closed } = this.#closed;
    closed.addEventListener('abort', end, { once: true });
    // What came before the board went can still be read.
    if (closed.aborted && this.#came.length === 0) end();
    try {
      const outcome = ended.signal.aborted ? undefined : await start(ended.signal);
      this.#checkEnded(wait, ended.signal);
      return outcome as T;
    } finally {
      cancelTimer();
      wait.signal.removeEventListener('abort', end);
      closed.removeEventListener('abort', end);
    }
  }
}

function gone(path: string): FlashError<'serial.gone'> {
  return new FlashError('serial.gone', { path });
}
