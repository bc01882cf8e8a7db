// A bench of one or two ports with a device whose answers a test decides: only what the USB/IP door needs.
import type { ExportedBench, ExportedPort } from '../../main/bench/usbip/exported-bench.ts';
import type { SetupPacket, TransferReply, VirtualUsbDevice } from '../../main/bench/virtual-usb.ts';
import { fromHex } from '../../shared/hex.ts';

/** A control transfer that waits for the test to answer it. */
export interface HeldTransfer {
  readonly setup: SetupPacket;
  readonly data: Uint8Array;
  readonly signal: AbortSignal;
  answer(reply: TransferReply): void;
}

/** Interface 0 with two alternates and the bulk endpoints 0x81 and 0x02. */
const configuration = fromHex(`
  09 02 32 00 01 01 00 80 32
  09 04 00 00 02 fe 01 02 04
  07 05 81 02 40 00 00
  07 05 02 02 40 00 00
  09 04 00 01 00 fe 01 02 05
  09 21 0b ff 00 00 08 1a 01`);

/**
 * Vendor requests: 1 is answered at once with as many bytes as asked for, 2 is held, 3 stalls, 4 says gone,
 * 5 answers one byte too many. Bulk in gives its endpoint's number; bulk out is kept.
 */
export class ScriptedDevice implements VirtualUsbDevice {
  readonly speed = 'full';
  readonly deviceDescriptor = fromHex('12 01 00 01 00 00 00 40 83 04 11 df 00 22 01 02 03 01');
  readonly configurationDescriptor = configuration;
  readonly held: HeldTransfer[] = [];
  readonly bulkOut: Uint8Array[] = [];
  resets = 0;
  #onHeld: () => void = () => undefined;

  stringDescriptor(index: number): Uint8Array | undefined {
    return index === 1 ? fromHex('04 03 41 00') : undefined;
  }

  /** Resolves when so many transfers are held. */
  async holds(count: number): Promise<readonly HeldTransfer[]> {
    while (this.held.length < count) await new Promise<void>((resolve) => (this.#onHeld = resolve));
    return this.held;
  }

  control(setup: SetupPacket, data: Uint8Array, signal: AbortSignal): Promise<TransferReply> {
    if (setup.request === 2) {
      return new Promise((resolve) => {
        this.held.push({ setup, data, signal, answer: resolve });
        this.#onHeld();
      });
    }
    return Promise.resolve(this.#immediate(setup, data));
  }

  bulk(endpoint: number, dataOrLength: Uint8Array | number): Promise<TransferReply> {
    if (typeof dataOrLength === 'number')
      return Promise.resolve({ kind: 'data', bytes: Uint8Array.of(endpoint) });
    this.bulkOut.push(dataOrLength);
    return Promise.resolve({ kind: 'ack' });
  }

  busReset(): void {
    this.resets++;
  }

  #immediate(setup: SetupPacket, data: Uint8Array): TransferReply {
    if (setup.request === 4) return { kind: 'gone' };
    if (setup.request === 5) return { kind: 'data', bytes: new Uint8Array(setup.length + 1) };
    if (setup.request !== 1) return { kind: 'stall' };
    if ((setup.requestType & 0x80) === 0)
      return data.length === setup.length ? { kind: 'ack' } : { kind: 'stall' };
    return { kind: 'data', bytes: new Uint8Array(setup.length).fill(setup.value) };
  }
}

/** A port a test plugs and unplugs. */
export class ScriptedPort implements ExportedPort {
  readonly portPath: string;
  device: VirtualUsbDevice | undefined;
  generation = 0;
  readonly #listeners = new Set<() => void>();

  constructor(portPath: string) {
    this.portPath = portPath;
  }

  plug(device: VirtualUsbDevice | undefined): void {
    this.device = device;
    if (device !== undefined) this.generation++;
    for (const listener of [...this.#listeners]) listener();
  }

  onChange(listener: () => void): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }
}

/** A bench of such ports. */
export function scriptedBench(...ports: readonly ScriptedPort[]): ExportedBench {
  return { ports };
}
