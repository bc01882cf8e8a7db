// Time for tests: stands still while anything runs, and jumps to the next timer when everybody waits.
import type { Clock } from '../base/clock.ts';

interface Timer {
  readonly at: number;
  readonly order: number;
  readonly action: () => void;
}

/** Turns of the event loop without a new timer or I/O after which everybody is taken to be waiting. */
const quietTurns = 3;

/**
 * A clock that advances by itself. While files are read or written (`process.getActiveResourcesInfo` tells) no
 * time passes, so that a slow disk never turns into a device's timeout.
 */
export class SimulatedClock implements Clock {
  #now = 0;
  #order = 0;
  #timers: Timer[] = [];
  #pumping = false;

  now(): number {
    return this.#now;
  }

  after(milliseconds: number, action: () => void): () => void {
    const timer: Timer = { at: this.#now + Math.max(0, milliseconds), order: this.#order++, action };
    this.#timers.push(timer);
    if (!this.#pumping) this.#pump();
    return () => {
      this.#timers = this.#timers.filter((one) => one !== timer);
    };
  }

  /** One loop at a time; ends when no timer is left, so that it never keeps a process alive. */
  #pump(): void {
    this.#pumping = true;
    let quiet = 0;
    let seen = this.#order;
    const turn = (): void => {
      if (this.#timers.length === 0) {
        this.#pumping = false;
        return;
      }
      const busy = this.#order !== seen || isDoingFiles();
      seen = this.#order;
      quiet = busy ? 0 : quiet + 1;
      if (quiet >= quietTurns) {
        quiet = 0;
        this.#fireNext();
      }
      setImmediate(turn);
    };
    setImmediate(turn);
  }

  #fireNext(): void {
    let next: Timer | undefined;
    for (const timer of this.#timers) {
      if (next === undefined || timer.at < next.at || (timer.at === next.at && timer.order < next.order))
        next = timer;
    }
    if (next === undefined) return;
    const fired = next;
    this.#timers = this.#timers.filter((one) => one !== fired);
    this.#now = Math.max(this.#now, fired.at);
    fired.action();
  }
}

function isDoingFiles(): boolean {
  return process.getActiveResourcesInfo().some((name) => name.startsWith('FS') || name === 'WorkerJob');
}
