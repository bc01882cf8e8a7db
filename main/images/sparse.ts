// Bytes with addresses, in any order, from formats made of small records. Gaps take no memory, and a million records
// take no objects: runs are numbers in typed arrays until they are joined.
import { FlashError } from '../../shared/errors/flash-error.ts';
import { limits } from '../../shared/limits.ts';
import { addressedPart, type ImagePart } from './image.ts';

const addressSpace = 0x1_0000_0000;

/** Where in the file a run came from, for the words of an error. */
type Place = (position: number) => { readonly offset: number; readonly line?: number };

/** Collects records and joins them into parts. */
export class SparseBytes {
  /** What has been collected, one record behind the other. Written by the format, after `open`. */
  readonly bytes: Uint8Array;
  #length = 0;
  #runs = 0;
  #starts = new Float64Array(16);
  #offsets = new Uint32Array(16);
  #positions = new Uint32Array(16);
  #nextAddress = -1;
  #inOrder = true;

  /** @param capacity bytes there can be at most, as the file's size tells */
  constructor(capacity: number) {
    this.bytes = new Uint8Array(capacity);
  }

  /**
   * Makes room for a record at an address and says where in `bytes` its content belongs. Nothing is checked against
   * 2^32 here: the caller knows how its format wraps.
   * @param position where the record stands in the file, in the caller's own measure
   */
  open(address: number, count: number, position: number): number {
    const offset = this.#length;
    if (address !== this.#nextAddress) this.#newRun(address, offset, position);
    this.#length = offset + count;
    this.#nextAddress = address + count;
    return offset;
  }

  #newRun(address: number, offset: number, position: number): void {
    if (this.#runs === this.#starts.length) {
      this.#starts = grown(this.#starts, new Float64Array(this.#runs * 2));
      this.#offsets = grown(this.#offsets, new Uint32Array(this.#runs * 2));
      this.#positions = grown(this.#positions, new Uint32Array(this.#runs * 2));
    }
    if (address < this.#nextAddress) this.#inOrder = false;
    this.#starts[this.#runs] = address;
    this.#offsets[this.#runs] = offset;
    this.#positions[this.#runs] = position;
    this.#runs++;
  }

  /**
   * The parts, sorted and disjoint; neighbours joined. Bytes given twice must agree.
   * @throws FlashError `image.overlap`, `image.malformed` over `limits.elements` parts
   */
  parts(name: string, place: Place): ImagePart[] {
    return this.#inOrder ? this.#partsInOrder(name, place) : this.#partsSorted(name, place);
  }

  #runAt(index: number): { start: number; bytes: Uint8Array; position: number } {
    const offset = this.#offsets[index] ?? 0;
    const end = index + 1 < this.#runs ? (this.#offsets[index + 1] ?? 0) : this.#length;
    return {
      start: this.#starts[index] ?? 0,
      bytes: this.bytes.subarray(offset, end),
      position: this.#positions[index] ?? 0,
    };
  }

  #partsInOrder(name: string, place: Place): ImagePart[] {
    const parts: ImagePart[] = [];
    for (let index = 0; index < this.#runs; index++) {
      const { start, bytes, position } = this.#runAt(index);
      refuseTooMany(parts, name, () => place(position));
      if (bytes.length > 0) parts.push(addressedPart(start, bytes));
    }
    return parts;
  }

  #partsSorted(name: string, place: Place): ImagePart[] {
    const order = Uint32Array.from({ length: this.#runs }, (_, index) => index);
    const starts = this.#starts;
    order.sort((a, b) => (starts[a] ?? 0) - (starts[b] ?? 0) || a - b);
    const joined = new Uint8Array(this.#length);
    const parts: ImagePart[] = [];
    // The part being built: [partStart, partEnd) in memory, its bytes from partOffset on.
    let [partStart, partEnd, partOffset] = [0, -1, 0];
    const close = (at: () => ReturnType<Place>): void => {
      if (partEnd <= partStart) return;
      refuseTooMany(parts, name, at);
      parts.push(addressedPart(partStart, joined.subarray(partOffset, partOffset + partEnd - partStart)));
    };
    for (const index of order) {
      const { start, bytes, position } = this.#runAt(index);
      if (bytes.length === 0) continue;
      if (start > partEnd) {
        close(() => place(position));
        partOffset += Math.max(0, partEnd - partStart);
        [partStart, partEnd] = [start, start];
      }
      const shared = Math.min(partEnd - start, bytes.length);
      const there = partOffset + start - partStart;
      for (let i = 0; i < shared; i++) {
        if (joined[there + i] === bytes[i]) continue;
        const range = { start: start + i, end: start + shared };
        throw new FlashError('image.overlap', { range, names: [name], ...place(position) });
      }
      joined.set(bytes.subarray(shared), there + shared);
      partEnd = Math.max(partEnd, start + bytes.length);
    }
    close(() => place(0));
    return parts;
  }
}

/** Whether a record ends within the 32-bit address space. */
export function fitsAddressSpace(address: number, count: number): boolean {
  return address + count <= addressSpace;
}

/** @param at asked for only when needed: counting lines takes time */
function refuseTooMany(parts: readonly ImagePart[], name: string, at: () => ReturnType<Place>): void {
  if (parts.length < limits.elements) return;
  throw new FlashError('image.malformed', {
    name,
    ...at(),
    reason: `more than ${limits.elements} separate pieces`,
  });
}

function grown<T extends Float64Array | Uint32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
