// While a job has its board, nothing looks at the ports: what is left to be told is that flash mode is about to end.
import type { JobEvent } from '../../../shared/job-events.ts';
import type { Clock } from '../../base/clock.ts';

/** Often enough for a figure in seconds, ms. */
const everyMs = 500;

/** Calls back every half second until all is written: from then on the end of flash mode does no harm. */
export class WindowWatch implements Disposable {
  readonly #clock: Clock;
  readonly #tick: () => void;
  #cancel: () => void;

  constructor(clock: Clock, tick: () => void) {
    this.#clock = clock;
    this.#tick = tick;
    this.#cancel = this.#next();
  }

  /** Hears what the job tells. */
  hear(event: JobEvent): void {
    if (event.type === 'step-done' && event.step === 'write') this[Symbol.dispose]();
  }

  [Symbol.dispose](): void {
    this.#cancel();
  }

  #next(): () => void {
    return this.#clock.after(everyMs, () => {
      this.#cancel = this.#next();
      this.#tick();
    });
  }
}
