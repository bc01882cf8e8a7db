// Transfers with limits that work: the library's own fire a minute late on Linux, so every request is a fresh Transfer
// without a limit, and our timer calls cancel() (dfu.md 4.1).
import type { Transfer as LibraryTransfer, Device, LibUSBException } from 'usb/dist/usb/bindings.js';
import type { Clock } from '../../base/clock.ts';
import { abortedError, remaining, type Wait } from '../../base/wait.ts';
import { FlashError } from '../../../shared/errors/flash-error.ts';
import { errnoOf } from './errors.ts';

const cancelled = 3;

/** The part of the library a transfer needs. */
export interface TransferLibrary {
  readonly Transfer: new (
    device: Device,
    endpoint: number,
    type: number,
    timeout: number,
    callback: (error: LibUSBException | undefined, buffer: Buffer, actual: number) => void,
  ) => LibraryTransfer;
}

export interface TransferRequest {
  readonly endpoint: number;
  readonly type: number;
  readonly buffer: Buffer;
}

interface InFlight {
  readonly transfer: LibraryTransfer;
  readonly wait: Wait;
  why?: 'deadline' | 'signal' | 'closing';
}

/**
 * The transfers of one opened device. A flash is thousands of short ones in a row under the same deadline and signal,
 * so one timer and one listener serve them all.
 */
export class Transfers {
  readonly #library: TransferLibrary;
  readonly #device: Device;
  readonly #clock: Clock;
  readonly #inFlight = new Set<InFlight>();
  readonly #listeners = new Map<AbortSignal, () => void>();
  #timer: { readonly at: number; readonly stop: () => void } | undefined;

  constructor(library: TransferLibrary, device: Device, clock: Clock) {
    this.#library = library;
    this.#device = device;
    this.#clock = clock;
  }

  /**
   * Runs one transfer to its real end: nothing of it is in flight when this settles.
   * @returns bytes actually moved
   * @throws FlashError `usb.timeout`, `job.aborted`; other failures as the library threw them, to be translated
   */
  run(request: TransferRequest, wait: Wait): Promise<number> {
    const { endpoint, type, buffer } = request;
    return new Promise((resolve, reject) => {
      const transfer = new this.#library.Transfer(
        this.#device,
        endpoint,
        type,
        0,
        (error, _buffer, actual) => {
          this.#inFlight.delete(entry);
          const wasCancelled = error !== undefined && errnoOf(error) === cancelled;
          if (error === undefined) resolve(actual);
          else if (wasCancelled && entry.why === 'signal') reject(abortedError(wait.signal));
          else if (wasCancelled && entry.why === 'deadline') reject(new FlashError('usb.timeout', {}));
          else reject(error);
        },
      );
      const entry: InFlight = { transfer, wait };
      this.#inFlight.add(entry);
      this.#listenTo(wait.signal);
      this.#wakeAt(wait.deadline);
      try {
        transfer.submit(buffer);
      } catch (error) {
        // Never submitted, so its callback never comes: the Transfer is thrown away.
        this.#inFlight.delete(entry);
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    });
  }

  /** Ends them all, for a handle that is being closed: no timer and no listener stays behind. */
  close(): void {
    this.#cancel('closing', () => true);
    this.#timer?.stop();
    this.#timer = undefined;
    for (const [signal, listener] of this.#listeners) signal.removeEventListener('abort', listener);
    this.#listeners.clear();
  }

  #cancel(why: 'deadline' | 'signal' | 'closing', which: (one: InFlight) => boolean): void {
    for (const one of [...this.#inFlight].filter(which)) {
      one.why ??= why;
      // A false answer means it is ending by itself: then that end counts.
      one.transfer.cancel();
    }
  }

  #listenTo(signal: AbortSignal): void {
    if (this.#listeners.has(signal)) return;
    const listener = (): void => this.#cancel('signal', (one) => one.wait.signal === signal);
    this.#listeners.set(signal, listener);
    signal.addEventListener('abort', listener, { once: true });
  }

  /** Deadlines mostly only move away: a timer that is early looks again, and only an earlier deadline moves it. */
  #wakeAt(deadline: number): void {
    if (this.#timer !== undefined && this.#timer.at <= deadline) return;
    this.#timer?.stop();
    const stop = this.#clock.after(Math.max(0, deadline - this.#clock.now()), () => this.#expire());
    this.#timer = { at: deadline, stop };
  }

  #expire(): void {
    this.#timer = undefined;
    const late = (one: InFlight): boolean => remaining(one.wait, this.#clock) === 0;
    this.#cancel('deadline', late);
    const waiting = [...this.#inFlight].filter((one) => !late(one));
    if (waiting.length > 0) this.#wakeAt(Math.min(...waiting.map((one) => one.wait.deadline)));
  }
}
