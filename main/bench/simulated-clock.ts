// Time for tests: stands still while anything runs, and jumps to the next timer when everybody waits.
import type { Clock } from '../base/clock.ts';

interface Timer {
  readonly at: number;
  readonly order: number;
  readonly action: () => void;
}

/** Turns of the event loop without a new timer or I/O after which everybody is taken to be waiting. */
const quietTurns = 3;

/** A read that never ends, of a pipe say, does not stop time for ever; real ms. */
const longestFilesMs = 10_000;

/**
 * A clock that advances by itself. While files are read or written (`process.getActiveResourcesInfo` tells) no
 * time passes, so that a slow disk never turns into a device's timeout.
 */
export class SimulatedClock implements Clock {
  #now = 0;
  #order = 0;
  #timers: Timer[] = [];
  #pumping = false;
  #holds = 0;

  /** Stops time until disposed: for work the clock cannot see, such as a socket. */
  hold(): Disposable {
    let held = true;
    this.#holds++;
    return {
      [Symbol.dispose]: () => {
        if (held) this.#holds--;
        held = false;
      },
    };
  }

  now(): number {
    return this.#now;
  }

  after(milliseconds: number, action: () => void): () => void {
    // Never comes; as a timer it would be the next one as soon as nobody waits for anything else.
    if (milliseconds === Number.POSITIVE_INFINITY) return () => undefined;
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
    let filesSince: number | undefined;
    const turn = (): void => {
      if (this.#timers.length === 0) {
        this.#pumping = false;
        return;
      }
      filesSince = isDoingFiles() ? (filesSince ?? performance.now()) : undefined;
      const files = filesSince !== undefined && performance.now() - filesSince < longestFilesMs;
      const busy = this.#order !== seen || files || this.#holds > 0;
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

/**
 * Requests under way. Watchers of folders are not among them, for they never end; hashing and compressing in the
 * thread pool leave no trace there and need `hold()`.
 */
const fileWork: ReadonlySet<string> = new Set(['FSReqCallback', 'FSReqPromise', 'CloseReq']);

function isDoingFiles(): boolean {
  return process.getActiveResourcesInfo().some((name) => fileWork.has(name));
}
