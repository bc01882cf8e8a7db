// Sending no faster than the other side takes: oRPC has no such thing, and MessagePort has no way to see it. Measured
// with the library alone: a page that never reads made the server hold 318 MB (floor plan, Contract).
import type { Clock } from '../base/clock.ts';
import { limits } from '../../shared/limits.ts';
import type { Channel, Frame } from './channel.ts';

/** Counts what was sent and what was acknowledged. */
export class PacedSender {
  readonly #channel: Channel;
  readonly #clock: Clock;
  readonly #onStuck: () => void;
  /** Sizes of frames sent and not acknowledged, oldest first. */
  readonly #unread: number[] = [];
  readonly #waiting: (() => void)[] = [];
  #unreadBytes = 0;
  #acknowledged = 0;
  #closed = false;
  #stopTimer: (() => void) | undefined;

  /** @param onStuck nothing was taken for `limits.unreadMs` although something waits */
  constructor(channel: Channel, clock: Clock, onStuck: () => void) {
    this.#channel = channel;
    this.#clock = clock;
    this.#onStuck = onStuck;
  }

  /** Resolves when the frame is on its way; waits while too much is unread. @throws when closed */
  async send(frame: Frame): Promise<void> {
    while (this.#unreadBytes >= limits.unreadBytes && !this.#closed) {
      this.#stopTimer ??= this.#clock.after(limits.unreadMs, this.#onStuck);
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    if (this.#closed) throw new Error('the page is gone');
    const size = typeof frame === 'string' ? frame.length : frame.byteLength;
    this.#unread.push(size);
    this.#unreadBytes += size;
    this.#channel.post(frame);
  }

  /** @returns false for a count that cannot be true */
  acknowledge(count: number): boolean {
    const newly = count - this.#acknowledged;
    if (newly < 0 || newly > this.#unread.length) return false;
    for (const size of this.#unread.splice(0, newly)) this.#unreadBytes -= size;
    this.#acknowledged = count;
    if (newly > 0) this.#wake();
    return true;
  }

  close(): void {
    this.#closed = true;
    this.#wake();
  }

  #wake(): void {
    this.#stopTimer?.();
    this.#stopTimer = undefined;
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}
