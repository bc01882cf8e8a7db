// A USB/IP client that writes its own bytes: it shares no encoder with the server it tests.
import { connect, type Socket } from 'node:net';

export interface ReturnSubmit {
  readonly kind: 'submit';
  readonly sequence: number;
  readonly status: number;
  readonly actual: number;
  readonly data: Buffer;
}

export interface ReturnUnlink {
  readonly kind: 'unlink';
  readonly sequence: number;
  readonly status: number;
}

/** One raw connection. */
export class UsbipClient {
  readonly #socket: Socket;
  #received = Buffer.alloc(0);
  #closed = false;
  #wake: () => void = () => undefined;
  readonly #inLengths = new Map<number, boolean>();

  constructor(port: number) {
    this.#socket = connect({ host: '127.0.0.1', port, noDelay: true });
    this.#socket.on('data', (chunk) => {
      this.#received = Buffer.concat([this.#received, chunk]);
      this.#wake();
    });
    this.#socket.on('error', () => undefined);
    this.#socket.on('close', () => {
      this.#closed = true;
      this.#wake();
    });
  }

  send(bytes: Uint8Array): void {
    this.#socket.write(bytes);
  }

  /** Exactly so many bytes; undefined when the server closed before. */
  async read(size: number): Promise<Buffer | undefined> {
    while (this.#received.length < size) {
      if (this.#closed) return undefined;
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
    const bytes = this.#received.subarray(0, size);
    this.#received = this.#received.subarray(size);
    return bytes;
  }

  /** Resolves when the server has closed; gives what came before. */
  async closed(): Promise<Buffer> {
    while (!this.#closed) await new Promise<void>((resolve) => (this.#wake = resolve));
    return this.#received;
  }

  end(): void {
    this.#socket.destroy();
  }

  /** Ends our side in order; the server reads all that was sent. */
  finish(): Promise<Buffer> {
    this.#socket.end();
    return this.closed();
  }

  /** OP_REQ_IMPORT; gives the status and, for 0, the record. */
  async import(busId: string): Promise<{ status: number; record: Buffer }> {
    const request = Buffer.alloc(40);
    request.writeUInt32BE(0x01118003, 0);
    request.write(busId, 8, 'ascii');
    this.send(request);
    const header = await this.read(8);
    if (header === undefined) throw new Error('closed');
    const status = header.readUInt32BE(4);
    const record = status === 0 ? await this.read(312) : Buffer.alloc(0);
    return { status, record: record ?? Buffer.alloc(0) };
  }

  /** USBIP_CMD_SUBMIT on endpoint 0: `setup` as eight bytes of hex. */
  control(sequence: number, setup: string, data: Uint8Array = new Uint8Array()): void {
    const bytes = Buffer.from(setup.replaceAll(' ', ''), 'hex');
    const isIn = ((bytes[0] ?? 0) & 0x80) !== 0;
    this.submit({
      sequence,
      direction: isIn ? 1 : 0,
      endpoint: 0,
      length: bytes.readUInt16LE(6),
      setup: bytes,
      data,
    });
  }

  submit(fields: {
    sequence: number;
    direction: number;
    endpoint: number;
    length: number;
    flags?: number;
    setup?: Uint8Array;
    data?: Uint8Array;
  }): void {
    const header = Buffer.alloc(48);
    [
      1,
      fields.sequence,
      0x10002,
      fields.direction,
      fields.endpoint,
      fields.flags ?? 0,
      fields.length,
    ].forEach((word, index) => header.writeUInt32BE(word >>> 0, 4 * index));
    header.set(fields.setup ?? new Uint8Array(8), 40);
    this.#inLengths.set(fields.sequence, fields.direction === 1);
    this.send(Buffer.concat([header, fields.data ?? new Uint8Array()]));
  }

  unlink(sequence: number, target: number): void {
    const message = Buffer.alloc(48);
    [2, sequence, 0x10002, 0, 0, target].forEach((word, index) => message.writeUInt32BE(word, 4 * index));
    this.send(message);
  }

  /** The next answer. */
  async answer(): Promise<ReturnSubmit | ReturnUnlink> {
    const header = await this.read(48);
    if (header === undefined) throw new Error('closed');
    const sequence = header.readUInt32BE(4);
    const status = header.readInt32BE(20);
    if (header.readUInt32BE(0) === 4) return { kind: 'unlink', sequence, status };
    const actual = header.readUInt32BE(24);
    const data = this.#inLengths.get(sequence) === true ? await this.read(actual) : undefined;
    return { kind: 'submit', sequence, status, actual, data: data ?? Buffer.alloc(0) };
  }
}
