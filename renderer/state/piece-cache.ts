/** The last pieces of something larger that were asked for; the one not asked for longest goes first. */
export class PieceCache {
  readonly #most: number;
  /** Oldest first. */
  readonly #pieces = new Map<string, Uint8Array>();

  constructor(most: number) {
    this.#most = most;
  }

  get(key: string): Uint8Array | undefined {
    return this.#pieces.get(key);
  }

  set(key: string, bytes: Uint8Array): void {
    this.#pieces.set(key, bytes);
    const [oldest] = this.#pieces.keys();
    if (this.#pieces.size > this.#most && oldest !== undefined) this.#pieces.delete(oldest);
  }

  /** It is in use: keeps it longest. False where it is not there. */
  keep(key: string): boolean {
    const held = this.#pieces.get(key);
    if (held === undefined) return false;
    this.#pieces.delete(key);
    this.#pieces.set(key, held);
    return true;
  }
}
