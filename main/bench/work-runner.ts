// The flash at work: runs on whether anybody asks or not, and half of it is done when power fails.
import type { Clock } from '../base/clock.ts';

/** Work that takes time; `finish` changes the memory and may refuse with a status. */
export interface Work {
  readonly kind: 'block' | 'erase' | 'address' | 'other';
  readonly ms: number;
  /** bwPollTimeout the device announces for it. */
  readonly pollMs: number;
  finish(): number;
  /** Power fails half-way. */
  interrupt?(): void;
}

/** One piece of work at a time. */
export class WorkRunner {
  readonly #clock: Clock;
  readonly #onDone: (work: Work) => void;
  #work: Work | undefined;
  #until = 0;
  #outcome = 0;
  #cancelTimer: () => void = () => undefined;
  readonly #waiting = new Set<() => void>();

  constructor(clock: Clock, onDone: (work: Work) => void) {
    this.#clock = clock;
    this.#onDone = onDone;
  }

  /** Status the last work ended with. */
  get outcome(): number {
    return this.#outcome;
  }

  /** What is at work now. */
  get current(): Work | undefined {
    // A timer of the system may be late.
    if (this.#work !== undefined && this.#clock.now() >= this.#until) this.#complete();
    return this.#work;
  }

  /** @param milliseconds infinite for work that never ends */
  start(work: Work, milliseconds: number): void {
    if (this.#work !== undefined && Number.isFinite(this.#until)) this.#complete();
    this.#cancelTimer();
    this.#work = work;
    this.#until = this.#clock.now() + milliseconds;
    if (milliseconds === 0) this.#complete();
    else if (Number.isFinite(milliseconds))
      this.#cancelTimer = this.#clock.after(milliseconds, () => this.#complete());
  }

  /** Resolves true when the work is over, false when the signal came first. */
  async ended(signal: AbortSignal): Promise<boolean> {
    if (this.current === undefined) return true;
    if (signal.aborted) return false;
    return await new Promise((resolve) => {
      const settle = (): void => {
        this.#waiting.delete(settle);
        signal.removeEventListener('abort', settle);
        resolve(!signal.aborted);
      };
      this.#waiting.add(settle);
      signal.addEventListener('abort', settle, { once: true });
    });
  }

  /** What was being written is half-written; whoever waits, waits on. */
  powerOff(): void {
    const work = this.current;
    this.#cancelTimer();
    this.#work = undefined;
    work?.interrupt?.();
  }

  #complete(): void {
    const work = this.#work;
    this.#cancelTimer();
    this.#work = undefined;
    if (work === undefined) return;
    this.#outcome = work.finish();
    this.#onDone(work);
    for (const settle of [...this.#waiting]) settle();
  }
}
