// A hub that feeds only so many boards at work: one too many, and its voltage falls for all of them. Erasing is what counts
// here; how much a chip draws then nobody has told us, so a hub is described by a number of boards and not of amperes.
import type { Clock } from '../base/clock.ts';

interface Draw {
  readonly untilMs: number;
  /** The board restarts without power. */
  readonly drop: () => void;
}

export class HubPower {
  readonly #clock: Clock;
  readonly #feeds: number;
  #drawing: readonly Draw[] = [];
  #dips = 0;

  /** @param feeds boards that may erase at a time */
  constructor(clock: Clock, feeds: number) {
    this.#clock = clock;
    this.#feeds = feeds;
  }

  /** How often the voltage fell. */
  get dips(): number {
    return this.#dips;
  }

  /**
   * A board erases from now on for so long; all that do are dropped, itself included, where they are too many.
   * @returns whether the voltage holds
   */
  draw(forMs: number, drop: () => void): boolean {
    const now = this.#clock.now();
    this.#drawing = [...this.#drawing.filter(({ untilMs }) => untilMs > now), { untilMs: now + forMs, drop }];
    if (this.#drawing.length <= this.#feeds) return true;
    const all = this.#drawing;
    this.#drawing = [];
    this.#dips++;
    for (const one of all) one.drop();
    return false;
  }
}
