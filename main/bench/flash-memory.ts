// Memory cells as they are: erased to ones, and a write can only clear bits.

/** Sectors of one size. */
export interface SectorLayout {
  readonly size: number;
  readonly count: number;
  /** Typical erase time of one, ms (dfu.md 2.10, unverified there). */
  readonly eraseMs: number;
}

/** A range of flash at an address. */
export class FlashMemory {
  readonly start: number;
  readonly bytes: Uint8Array;
  readonly #layout: readonly SectorLayout[];

  constructor(start: number, layout: readonly SectorLayout[]) {
    this.start = start;
    this.#layout = layout;
    this.bytes = new Uint8Array(layout.reduce((sum, one) => sum + one.size * one.count, 0)).fill(0xff);
  }

  contains(address: number, length = 1): boolean {
    return address >= this.start && address + length <= this.start + this.bytes.length;
  }

  /** The sector that holds an address: its offset, size and erase time. */
  sectorAt(address: number): { offset: number; size: number; eraseMs: number } | undefined {
    if (!this.contains(address)) return undefined;
    let offset = 0;
    for (const { size, count, eraseMs } of this.#layout) {
      const end = offset + size * count;
      const wanted = address - this.start;
      if (wanted < end)
        return { offset: offset + Math.floor((wanted - offset) / size) * size, size, eraseMs };
      offset = end;
    }
    return undefined;
  }

  erase(offset: number, size: number): void {
    this.bytes.fill(0xff, offset, offset + size);
  }

  /** ANDs, as flash does. */
  program(address: number, data: Uint8Array): void {
    const offset = address - this.start;
    for (const [index, byte] of data.entries())
      this.bytes[offset + index] = (this.bytes[offset + index] ?? 0xff) & byte;
  }

  read(address: number, length: number): Uint8Array {
    return this.bytes.slice(address - this.start, address - this.start + length);
  }
}
