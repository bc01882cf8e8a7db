// A serial port as USB has it: the communications device class, abstract control model (CDC 1.2; PSTN 1.2).
import { endpointDescriptor, interfaceDescriptor } from './descriptor-bytes.ts';
import type { SetupPacket, TransferReply } from './virtual-usb.ts';

const Request = { setLineCoding: 0x20, getLineCoding: 0x21, setControlLineState: 0x22 } as const;

/** Where all boards here have it (devices.md 3.1 for ODrive; the rest follows ChibiOS's example, unverified). */
const Endpoint = { notification: 0x82, dataOut: 0x01, dataIn: 0x81 } as const;

/** What waits to be read at most before the board takes no more input, bytes; a board's memory is small. */
const mostWaitingBytes = 16 * 1024;

/** Interfaces 0 and 1 with their endpoints, for a configuration descriptor. */
export function cdcDescriptors(): number[][] {
  return [
    interfaceDescriptor(0, 0, [2, 2, 1], 0, 1),
    // Header, abstract control with line coding, union of 0 and 1, call management.
    [5, 0x24, 0, 0x10, 1, 4, 0x24, 2, 2, 5, 0x24, 6, 0, 1, 5, 0x24, 1, 3, 1],
    endpointDescriptor(Endpoint.notification, 3, 8, 255),
    interfaceDescriptor(1, 0, [10, 0, 0], 0, 2),
    endpointDescriptor(Endpoint.dataOut, 2, 64, 0),
    endpointDescriptor(Endpoint.dataIn, 2, 64, 0),
  ];
}

/** How a terminal has set the line. */
export interface LineState {
  readonly baud: number;
  readonly dtr: boolean;
  readonly rts: boolean;
}

/** What the program behind the port does. */
export interface CdcProgram {
  /** Bytes came. */
  received(bytes: Uint8Array): void;
  /** Speed, DTR or RTS changed. */
  lineChanged?(line: LineState): void;
}

interface Reader {
  readonly length: number;
  readonly finish: (reply: TransferReply) => void;
}

/** One serial port on interfaces 0 and 1, from enumeration to departure. */
export class CdcFunction {
  readonly #program: CdcProgram;
  #coding = Uint8Array.of(0x00, 0xc2, 0x01, 0, 0, 0, 8);
  #lines = 0;
  #waiting: number[] = [];
  readonly #readers: Reader[] = [];
  #writes: Promise<unknown> = Promise.resolve();
  #drained: () => void = () => undefined;

  /** @param start what runs behind the port, given a way to send to the host as soon as it reads */
  constructor(start: (send: (bytes: Uint8Array) => void) => CdcProgram) {
    this.#program = start((bytes) => this.#send(bytes));
  }

  get line(): LineState {
    const baud = new DataView(this.#coding.buffer).getUint32(0, true);
    return { baud, dtr: (this.#lines & 1) !== 0, rts: (this.#lines & 2) !== 0 };
  }

  classRequest(setup: SetupPacket, data: Uint8Array): TransferReply {
    if (setup.index !== 0) return { kind: 'stall' };
    if (setup.requestType === 0xa1 && setup.request === Request.getLineCoding)
      return { kind: 'data', bytes: this.#coding.slice() };
    if (setup.requestType !== 0x21) return { kind: 'stall' };
    if (setup.request === Request.setLineCoding && data.length === this.#coding.length)
      this.#coding = data.slice();
    else if (setup.request === Request.setControlLineState) this.#lines = setup.value;
    else return { kind: 'stall' };
    this.#program.lineChanged?.(this.line);
    return { kind: 'ack' };
  }

  /** Bulk and interrupt transfers; reading waits until there is something. */
  async transfer(
    endpoint: number,
    dataOrLength: Uint8Array | number,
    signal: AbortSignal,
  ): Promise<TransferReply> {
    if (endpoint === Endpoint.dataOut && typeof dataOrLength !== 'number')
      return await this.#write(dataOrLength, signal);
    if (typeof dataOrLength !== 'number') return { kind: 'stall' };
    if (endpoint === Endpoint.dataIn) return await this.#read(dataOrLength, signal);
    // No notification is ever sent: boards of this kind have no modem behind them.
    return endpoint === Endpoint.notification ? await taken(signal) : { kind: 'stall' };
  }

  #send(bytes: Uint8Array): void {
    for (const byte of bytes) this.#waiting.push(byte);
    this.#deliver();
  }

  #read(length: number, signal: AbortSignal): Promise<TransferReply> {
    return new Promise((resolve) => {
      const finish = (reply: TransferReply): void => {
        signal.removeEventListener('abort', onAbort);
        const at = this.#readers.indexOf(reader);
        if (at >= 0) this.#readers.splice(at, 1);
        resolve(reply);
      };
      const onAbort = (): void => finish({ kind: 'gone' });
      const reader: Reader = { length, finish };
      if (signal.aborted) {
        resolve({ kind: 'gone' });
        return;
      }
      signal.addEventListener('abort', onAbort, { once: true });
      this.#readers.push(reader);
      this.#deliver();
    });
  }

  /** In their order, and held off while too much waits to be read. */
  #write(data: Uint8Array, signal: AbortSignal): Promise<TransferReply> {
    const written = this.#writes.then(async (): Promise<TransferReply> => {
      while (this.#waiting.length > mostWaitingBytes && !signal.aborted) {
        await Promise.race([taken(signal), new Promise<void>((resolve) => (this.#drained = resolve))]);
      }
      if (signal.aborted) return { kind: 'gone' };
      this.#program.received(data);
      return { kind: 'ack' };
    });
    this.#writes = written;
    return written;
  }

  #deliver(): void {
    while (this.#waiting.length > 0) {
      const [reader] = this.#readers;
      if (reader === undefined) return;
      const bytes = Uint8Array.from(this.#waiting.splice(0, reader.length));
      reader.finish({ kind: 'data', bytes });
    }
    this.#drained();
  }
}

/** Nothing, until the host takes the transfer back. */
function taken(signal: AbortSignal): Promise<TransferReply> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve({ kind: 'gone' });
    signal.addEventListener('abort', () => resolve({ kind: 'gone' }), { once: true });
  });
}
