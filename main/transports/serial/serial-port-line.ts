// An opened serial port behind the seam.
import { stat } from 'node:fs/promises';
import type { Clock } from '../../base/clock.ts';
import { checkWait, startWait, type Wait } from '../../base/wait.ts';
import { FlashError } from '../../../shared/errors/flash-error.ts';
import { limits } from '../../../shared/limits.ts';
import { translateLineError } from './errors.ts';
import type { SerialLine, SerialPortFacts } from './serial-line.ts';
import { settleWithin } from './settle.ts';

/** A port as the library opens it; only what is used here. */
export interface OpenPort {
  read(buffer: Buffer, offset: number, length: number): Promise<{ readonly bytesRead: number }>;
  write(buffer: Buffer): Promise<void>;
  drain(): Promise<void>;
  update(options: { readonly baudRate: number }): Promise<void>;
  set(options: {
    readonly dtr: boolean;
    readonly rts: boolean;
    readonly brk: boolean;
    readonly cts: boolean;
    readonly dsr: boolean;
  }): Promise<void>;
  close(): Promise<void>;
}

/** How often a port is looked at while it is open, ms. */
const lookEveryMs = 250;
/** A close that waits for bytes nobody takes is left to itself after this, ms. */
const closeLimitMs = 2_000;

/** A line; the port has been opened. */
export class SerialPortLine implements SerialLine {
  readonly facts: SerialPortFacts;
  readonly #port: OpenPort;
  readonly #clock: Clock;
  readonly #left = new AbortController();
  /** Reading goes on past a caller's deadline: what it brings is the next caller's. */
  #reading: Promise<Uint8Array> | undefined;
  #stuck = false;
  #closed: Promise<void> | undefined;
  #stopLooking: (() => void) | undefined;

  /** @param isFile the port is a file that is gone when the board is */
  constructor(facts: SerialPortFacts, port: OpenPort, clock: Clock, isFile: boolean) {
    this.facts = facts;
    this.#port = port;
    this.#clock = clock;
    if (isFile) this.#lookSoon();
  }

  async write(bytes: Uint8Array, wait: Wait): Promise<void> {
    await this.#call(wait, async () => {
      await this.#port.write(Buffer.from(bytes));
      await this.#port.drain();
    });
  }

  async read(wait: Wait): Promise<Uint8Array> {
    checkWait(wait, this.#clock);
    this.#checkOpen();
    const reading = (this.#reading ??= this.#read());
    const bytes = await this.#settle(reading, wait);
    this.#reading = undefined;
    return bytes;
  }

  async setBaud(baud: number, wait: Wait): Promise<void> {
    await this.#call(wait, () => this.#port.update({ baudRate: baud }));
  }

  async setModemLines(lines: { readonly dtr: boolean; readonly rts: boolean }, wait: Wait): Promise<void> {
    const { dtr, rts } = lines;
    await this.#call(wait, () => this.#port.set({ dtr, rts, brk: false, cts: false, dsr: false }));
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    this.#stopLooking?.();
    this.#left.abort(this.#gone());
    const wait = startWait(this.#clock, closeLimitMs);
    await settleWithin(this.#port.close(), wait, this.#clock).catch(() => undefined);
  }

  async #read(): Promise<Uint8Array> {
    const buffer = Buffer.alloc(limits.serialReadBytes);
    const { bytesRead } = await this.#port.read(buffer, 0, buffer.length);
    // A port that answers "nothing" for ever has no board behind it any more.
    if (bytesRead === 0) throw this.#gone();
    return new Uint8Array(buffer.subarray(0, bytesRead));
  }

  async #call(wait: Wait, call: () => Promise<void>): Promise<void> {
    checkWait(wait, this.#clock);
    this.#checkOpen();
    if (this.#stuck)
      throw new FlashError('serial.failed', { path: this.facts.path, detail: 'it takes no more bytes' });
    let settled = false;
    try {
      await this.#settle(
        call().finally(() => (settled = true)),
        wait,
      );
    } finally {
      // What is still under way would end up between the bytes of the next call.
      this.#stuck = !settled;
    }
  }

  /** The call's end, or the wait's, or the port's. */
  async #settle<T>(call: Promise<T>, wait: Wait): Promise<T> {
    const signal = AbortSignal.any([wait.signal, this.#left.signal]);
    try {
      return await settleWithin(call, { signal, deadline: wait.deadline }, this.#clock);
    } catch (error) {
      if (this.#left.signal.aborted) throw this.#gone();
      throw translateLineError(error, this.facts.path);
    }
  }

  #checkOpen(): void {
    if (this.#left.signal.aborted) throw this.#gone();
  }

  #gone(): FlashError {
    return new FlashError('serial.gone', { path: this.facts.path });
  }

  /**
   * A read of a port whose device was pulled may answer "nothing" for ever instead of failing, and the library then
   * asks again without end. The file of the port is gone by then, or is another port's.
   */
  #lookSoon(first?: number): void {
    this.#stopLooking = this.#clock.after(first === undefined ? 0 : lookEveryMs, () => {
      void stat(this.facts.path).then(
        ({ ino }) => {
          if (this.#closed !== undefined) return;
          if (first === undefined || first === ino) this.#lookSoon(ino);
          else void this[Symbol.asyncDispose]();
        },
        () => void this[Symbol.asyncDispose](),
      );
    });
  }
}
