// The latest value of something, for any number of watchers: each gets whole values at its own pace, and never a queue.
import type { Clock } from './clock.ts';

/** A value that is replaced as a whole. */
export class Snapshots<T> {
  #value: T;
  #version = 0;
  #urgentVersion = 0;
  readonly #clock: Clock;
  readonly #leastMs: number;
  readonly #waiting = new Set<() => void>();

  /** @param leastMs values that are not urgent reach a watcher at least this far apart */
  constructor(value: T, clock: Clock, leastMs: number) {
    this.#value = value;
    this.#clock = clock;
    this.#leastMs = leastMs;
  }

  get value(): T {
    return this.#value;
  }

  /** @param urgent a change of state: it is told at once */
  set(value: T, urgent: boolean): void {
    this.#value = value;
    this.#version++;
    if (urgent) this.#urgentVersion = this.#version;
    for (const wake of [...this.#waiting]) wake();
  }

  /** The value now, and then each time it changed, until the signal. What came in between is skipped. */
  async *watch(signal: AbortSignal): AsyncGenerator<T, void, void> {
    let seen = -1;
    let toldAt = Number.NEGATIVE_INFINITY;
    for (;;) {
      await this.#due(seen, toldAt, signal);
      if (signal.aborted) return;
      seen = this.#version;
      toldAt = this.#clock.now();
      yield this.#value;
    }
  }

  /** Resolves when there is something to tell, or the signal aborts. */
  #due(seen: number, toldAt: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      let stopTimer: (() => void) | undefined;
      const look = (): void => {
        const waitMs = toldAt + this.#leastMs - this.#clock.now();
        const due = this.#urgentVersion > seen || (this.#version > seen && waitMs <= 0);
        if (due || signal.aborted) {
          stopTimer?.();
          this.#waiting.delete(look);
          signal.removeEventListener('abort', look);
          resolve();
        } else if (this.#version > seen) {
          stopTimer ??= this.#clock.after(waitMs, () => {
            stopTimer = undefined;
            look();
          });
        }
      };
      this.#waiting.add(look);
      signal.addEventListener('abort', look, { once: true });
      look();
    });
  }
}
