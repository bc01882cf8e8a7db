import type { Clock } from '../../base/clock.ts';
import type { Bus } from '../../devices/bus.ts';

/** Wakes who waits: at every hint from the buses, at every ring, when the signal says stop. No hint is lost between two waits. */
export class Alarm implements Disposable {
  readonly #clock: Clock;
  readonly #stop: AbortSignal;
  readonly #watches: readonly Disposable[];
  readonly #onStop = (): void => this.ring();
  #rung = false;
  #wake: (() => void) | undefined;

  constructor(buses: readonly Bus[], clock: Clock, stop: AbortSignal) {
    this.#clock = clock;
    this.#stop = stop;
    this.#watches = buses.map((bus) => bus.watch(() => this.ring()));
    stop.addEventListener('abort', this.#onStop, { once: true });
  }

  ring(): void {
    this.#rung = true;
    this.#wake?.();
  }

  /** Until it rings, or rang since the last wait; at most this long, ms. Never rejects. */
  async wait(milliseconds: number): Promise<void> {
    if (!this.#rung && !this.#stop.aborted) {
      await new Promise<void>((resolve) => {
        const cancel = this.#clock.after(milliseconds, resolve);
        this.#wake = () => {
          cancel();
          resolve();
        };
      });
      this.#wake = undefined;
    }
    this.#rung = false;
  }

  [Symbol.dispose](): void {
    for (const watch of this.#watches) watch[Symbol.dispose]();
    this.#stop.removeEventListener('abort', this.#onStop);
  }
}
