// What one job tells the database, in order. What the database does not take is kept, put on the disk beside it before
// the board is touched, and told later: a file that another program holds, a full disk, a folder that may not be written
// to never make a job's story wrong, and hold it up once at most.
import { toFlashError, type FlashError } from '../../shared/errors/flash-error.ts';
import type { Beside } from '../store/beside.ts';
import type { RunRow } from '../store/journal-rows.ts';
import type { AnyCall, CallArguments, CallName, StoreDoor } from '../store/store-door.ts';

/** Where what was told is by now. */
export type Place = 'database' | 'beside' | 'nowhere';

export interface CallSurroundings {
  readonly job: string;
  readonly run: RunRow;
  readonly store: StoreDoor;
  readonly beside: Beside;
  /** Something was not taken; told each time. */
  readonly trouble: (error: FlashError) => void;
}

export class JobCalls {
  readonly #around: CallSurroundings;
  /** Not in the database yet, in order. */
  #left: AnyCall[] = [];
  /** Those of them that are beside it. */
  #saved: ReadonlySet<AnyCall> = new Set();
  /** There is a file of it with something in it. */
  #hasFile = false;
  /** There is to be one, be it empty. */
  #guarded = false;
  #behind = false;
  #lost = false;
  #reachedDatabase = false;
  #sending: Promise<void> | undefined;

  constructor(around: CallSurroundings) {
    this.#around = around;
  }

  /** Whether the database knows of this job at all. */
  get isKnown(): boolean {
    return this.#reachedDatabase;
  }

  /** Without waiting. */
  tell<N extends CallName>(name: N, ...values: CallArguments<N>): void {
    this.#left.push({ name, values });
    this.#send();
  }

  /** From here on the board is touched: whatever becomes of disk and folder, a gap can be said. Never rejects. */
  async guard(): Promise<void> {
    const { beside, job, run } = this.#around;
    await beside.hold(job, run);
    this.#guarded = true;
  }

  /** The board is not touched any more: as `settle`, and then nothing is needed beside the database. */
  async finish(): Promise<Place> {
    if (this.#guarded) this.#hasFile = true;
    this.#guarded = false;
    return await this.settle();
  }

  /** Waits until all that was told is on the disk somewhere, or cannot be. Never rejects. */
  async settle(): Promise<Place> {
    this.#send();
    await this.#sending;
    if (this.#left.length === 0) {
      await this.#tidy();
      return 'database';
    }
    return await this.#saveBeside();
  }

  #send(): void {
    this.#sending ??= this.#sendAll().finally(() => (this.#sending = undefined));
  }

  async #sendAll(): Promise<void> {
    while (this.#left.length > 0) {
      // After a failure one by one: a later one must not be taken where an earlier one was not.
      const batch = this.#behind ? this.#left.slice(0, 1) : [...this.#left];
      const outcomes = await Promise.allSettled(batch.map((call) => this.#ask(call)));
      const failed = batch.filter((_, index) => outcomes[index]?.status === 'rejected');
      this.#left = [...failed, ...this.#left.slice(batch.length)];
      const first = outcomes.find((one) => one.status === 'rejected');
      if (failed.length < batch.length) this.#reachedDatabase = true;
      this.#behind = first !== undefined || (this.#behind && this.#left.length > 0);
      if (first === undefined) continue;
      this.#around.trouble(toFlashError(first.reason));
      return;
    }
  }

  #ask({ name, values }: AnyCall): Promise<unknown> {
    const { store } = this.#around;
    return (store.ask as (name: CallName, ...values: readonly unknown[]) => Promise<unknown>)(
      name,
      ...values,
    );
  }

  async #saveBeside(): Promise<Place> {
    const { beside, job, run, trouble } = this.#around;
    if (this.#lost) return 'beside';
    const calls = this.#left.filter((call) => !this.#saved.has(call));
    try {
      await beside.add(job, run, calls);
      this.#saved = new Set([...this.#saved, ...calls]);
      this.#hasFile = true;
      return 'beside';
    } catch (error) {
      trouble(toFlashError(error));
    }
    try {
      await beside.lose(job);
      this.#lost = true;
      this.#hasFile = true;
      return 'beside';
    } catch {
      return 'nowhere';
    }
  }

  async #tidy(): Promise<void> {
    if (!this.#hasFile) return;
    const { beside, job, run } = this.#around;
    await beside.forget(job);
    if (this.#guarded) await beside.hold(job, run);
    this.#hasFile = false;
    this.#saved = new Set();
    this.#lost = false;
  }
}
