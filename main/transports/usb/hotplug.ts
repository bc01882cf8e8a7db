// Hints that devices came or went: the library's events, and polling, because events may be missing (no udev socket in
// a container), lost or doubled. A hint is never the truth.
import type { Clock } from '../../base/clock.ts';

/** The library's events, as far as it has any. */
export interface HotplugEvents {
  on(event: 'attach' | 'detach', listener: () => void): unknown;
  off(event: 'attach' | 'detach', listener: () => void): unknown;
  /** Lets the process end while we listen. */
  unref(): void;
}

const pollEveryMs = 500;

/** One set of listeners over the library's events and a poll; costs nothing while nobody listens. */
export class Hotplug {
  readonly #events: HotplugEvents | undefined;
  readonly #clock: Clock;
  readonly #fingerprint: () => string;
  readonly #listeners = new Set<() => void>();
  readonly #onEvent = (): void => this.#tell();
  #stopPoll: (() => void) | undefined;
  #last = '';

  /** @param fingerprint what is plugged in now, as a text that differs when it differs */
  constructor(events: HotplugEvents | undefined, clock: Clock, fingerprint: () => string) {
    this.#events = events;
    this.#clock = clock;
    this.#fingerprint = fingerprint;
  }

  watch(changed: () => void): Disposable {
    if (this.#listeners.size === 0) this.#start();
    const listener = (): void => changed();
    this.#listeners.add(listener);
    return {
      [Symbol.dispose]: () => {
        this.#listeners.delete(listener);
        if (this.#listeners.size === 0) this.#stop();
      },
    };
  }

  #start(): void {
    this.#last = this.#fingerprint();
    this.#events?.on('attach', this.#onEvent);
    this.#events?.on('detach', this.#onEvent);
    this.#events?.unref();
    this.#poll();
  }

  #stop(): void {
    this.#events?.off('attach', this.#onEvent);
    this.#events?.off('detach', this.#onEvent);
    this.#stopPoll?.();
  }

  #poll(): void {
    this.#stopPoll = this.#clock.after(pollEveryMs, () => {
      const now = this.#fingerprint();
      if (now !== this.#last) this.#tell();
      this.#last = now;
      if (this.#listeners.size > 0) this.#poll();
    });
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}
