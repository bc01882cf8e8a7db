// Which ports of a batch hold a board that had its turn. The lists of a bus tell no serial numbers, so that a board is known
// by its place: it is another one once the place was empty. Pure but for what it remembers.

/** A port is empty this long before what comes there is another board, ms: our own figure; hands are slower. */
const emptyMs = 1_500;
/** The same for a board that was not seen again after its flash: its program may still be on its way to USB. */
const unseenMs = 10_000;

interface Place {
  readonly enoughMs: number;
  emptySinceMs: number | undefined;
}

export class Places {
  readonly #taken = new Map<string, Place>();

  /** The board here had its turn. @param cameBack it was seen again after it */
  take(portPath: string, cameBack: boolean): void {
    this.#taken.set(portPath, { enoughMs: cameBack ? emptyMs : unseenMs, emptySinceMs: undefined });
  }

  /** What stands here may have another turn. */
  clear(portPath: string): void {
    this.#taken.delete(portPath);
  }

  /** One look at all ports. @param present ports with a board, whatever it runs */
  look(present: ReadonlySet<string>, nowMs: number): void {
    for (const [portPath, place] of this.#taken) {
      if (present.has(portPath)) {
        const goneMs = place.emptySinceMs === undefined ? 0 : nowMs - place.emptySinceMs;
        if (goneMs >= place.enoughMs) this.#taken.delete(portPath);
        else place.emptySinceMs = undefined;
      } else place.emptySinceMs ??= nowMs;
    }
  }

  isFree(portPath: string): boolean {
    return !this.#taken.has(portPath);
  }
}
