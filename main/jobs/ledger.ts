// What the board holds, kept while it happens: the truth a result tells (floor plan, Results).
import type { Content } from '../../shared/result.ts';
import { contains, subtract, union, type Range } from '../../shared/ranges.ts';

/** Told before and after every act on the board. */
export class Ledger {
  #planned: Range[] = [];
  #erased: Range[] = [];
  #written: Range[] = [];
  #doubt: Range[] = [];
  #inFlight: Range | undefined;
  #verified = false;

  /** All that the job will write; `written` once every byte of it is. */
  plan(writes: readonly Range[]): void {
    this.#planned = union(writes);
  }

  /** An erase or write begins: until it is told done, these bytes may be anything. */
  begin(range: Range): void {
    this.#inFlight = range;
  }

  /** The board acknowledged the erase. */
  erased(range: Range): void {
    this.#inFlight = undefined;
    this.#erased = union([...this.#erased, range]);
    this.#written = subtract(this.#written, [range]);
  }

  /** The board acknowledged these bytes. */
  written(range: Range): void {
    this.#inFlight = undefined;
    this.#written = union([...this.#written, range]);
  }

  /** Nothing is in flight: the act was ended at a border. */
  settle(): void {
    this.#inFlight = undefined;
  }

  /** The act in flight was cut off. */
  cutOff(): void {
    if (this.#inFlight !== undefined) this.#doubt = union([...this.#doubt, this.#inFlight]);
    this.#inFlight = undefined;
  }

  /** Every planned byte was read from the board and is right. */
  verified(): void {
    this.#verified = true;
  }

  /** Read-back found these bytes wrong. */
  foundWrong(ranges: readonly Range[]): void {
    this.#written = subtract(this.#written, ranges);
    this.#doubt = union([...this.#doubt, ...ranges]);
  }

  get inDoubt(): readonly Range[] {
    return this.#doubt;
  }

  /** Erased and not written again. */
  get blank(): readonly Range[] {
    return subtract(this.#erased, [...this.#written, ...this.#doubt]);
  }

  get touched(): boolean {
    return (
      this.#erased.length > 0 ||
      this.#written.length > 0 ||
      this.#doubt.length > 0 ||
      this.#inFlight !== undefined
    );
  }

  get content(): Content {
    if (this.#verified) return { kind: 'verified' };
    if (!this.touched) return { kind: 'untouched' };
    const complete =
      this.#planned.length > 0 &&
      this.#planned.every((range) => this.#written.some((have) => contains(have, range)));
    if (complete && this.#doubt.length === 0) return { kind: 'written' };
    if (this.#written.length === 0 && this.#doubt.length === 0) return { kind: 'blank' };
    return { kind: 'partial', ranges: this.#written };
  }
}
