// How the rest of the program speaks to the database: calls in, answers out, each durable when it is answered.
import { FlashError, isFlashError } from '../../shared/errors/flash-error.ts';
import type { StoreNotice } from '../../shared/history.ts';
import { openDatabase, type DatabaseOptions, type OpenedDatabase } from './database.ts';
import { batchCalls } from './batch-calls.ts';
import { storeError } from './database-errors.ts';
import { sweepHeldImages } from './held-images.ts';
import { journalReads } from './journal-reads.ts';
import { journalWrites } from './journal-writes.ts';

type Calls = ReturnType<typeof journalReads> &
  ReturnType<typeof journalWrites> &
  ReturnType<typeof batchCalls> &
  SweepCalls;
interface SweepCalls {
  sweepImages(folder: string): number;
}
export type CallName = keyof Calls;
export type CallArguments<N extends CallName> = Parameters<Calls[N]>;
export type CallAnswer<N extends CallName> = ReturnType<Calls[N]>;

/** The database, in this thread or another. */
export interface StoreDoor extends AsyncDisposable {
  /**
   * Asks or changes something; what is changed is on the disk when this resolves. Calls are done in the order in which they came.
   * @throws FlashError `store.*`, `file.disk-full`; nothing was changed then
   */
  ask<N extends CallName>(name: N, ...values: CallArguments<N>): Promise<CallAnswer<N>>;
}

type AnyFunction = (...all: readonly unknown[]) => unknown;

export interface AnyCall {
  readonly name: CallName;
  readonly values: readonly unknown[];
}

export type Outcome = { readonly value: unknown } | { readonly error: FlashError };

const readNames: ReadonlySet<CallName> = new Set<CallName>([
  'openJobs',
  'history',
  'counts',
  'units',
  'heldImages',
  'openBatches',
]);

type Opened = OpenedDatabase & { readonly calls: Calls };

/** The database, opened when it is first needed and again after it could not be. Synchronous: for the store's thread. */
export class StoreFile implements Disposable {
  readonly #file: string;
  readonly #options: DatabaseOptions;
  readonly #tell: (notice: StoreNotice) => void;
  #opened: Opened | undefined;
  /** Whoever holds the file is waited for once; until it is let go, others find out at once. */
  #waits = true;

  constructor(file: string, options: DatabaseOptions, tell: (notice: StoreNotice) => void) {
    this.#file = file;
    this.#options = options;
    this.#tell = tell;
  }

  /** Does all calls in one commit: boards beside each other wait for one sync of the disk, not for one each. */
  run(batch: readonly AnyCall[]): Outcome[] {
    try {
      const opened = (this.#opened ??= this.#open());
      const outcomes = this.#inTransaction(opened, batch);
      this.#setWaiting(true);
      return outcomes;
    } catch (error) {
      const known = this.#known(error);
      if (isFlashError(known, 'store.locked')) return this.#locked(batch, known);
      // Opened anew the next time: a file found damaged is put aside then.
      if (isFlashError(known, 'store.damaged', 'store.failed')) this.#close();
      return batch.map(() => ({ error: known }));
    }
  }

  [Symbol.dispose](): void {
    if (this.#opened?.readOnly === undefined) this.#tidy();
    this.#close();
  }

  /** Waited for once, for as long as is said; what comes while it is still held is answered the same. */
  #locked(batch: readonly AnyCall[], cause: FlashError): Outcome[] {
    this.#setWaiting(false);
    const params = { path: this.#file, waitedMs: this.#options.busyMs };
    const error = new FlashError('store.locked', params, cause);
    return batch.map(() => ({ error }));
  }

  get #busyMs(): number {
    return this.#waits ? this.#options.busyMs : 0;
  }

  #setWaiting(waits: boolean): void {
    if (waits === this.#waits) return;
    this.#waits = waits;
    this.#opened?.db.exec(`PRAGMA busy_timeout = ${this.#busyMs}`);
  }

  #open(): Opened {
    const opened = openDatabase(this.#file, { ...this.#options, busyMs: this.#busyMs });
    for (const notice of opened.notices) this.#tell(notice);
    const { db } = opened;
    const calls: Calls = {
      ...journalReads(db),
      ...journalWrites(db),
      ...batchCalls(db),
      sweepImages: (folder) => sweepHeldImages(folder, calls.heldImages()),
    };
    return { ...opened, calls };
  }

  #inTransaction({ db, calls, readOnly }: Opened, batch: readonly AnyCall[]): Outcome[] {
    const writes = batch.some(({ name }) => !readNames.has(name));
    if (readOnly !== undefined && writes)
      return batch.map((call) => (readNames.has(call.name) ? this.#one(calls, call) : { error: readOnly }));
    db.exec(writes ? 'BEGIN IMMEDIATE' : 'BEGIN');
    try {
      const outcomes = batch.map((call): Outcome => {
        // One call that fails takes back its own changes only.
        db.exec('SAVEPOINT one');
        const outcome = this.#one(calls, call);
        if ('error' in outcome && isFlashError(outcome.error, 'store.damaged', 'file.disk-full'))
          throw outcome.error;
        db.exec('error' in outcome ? 'ROLLBACK TO one; RELEASE one' : 'RELEASE one');
        return outcome;
      });
      db.exec('COMMIT');
      if (batch.some(({ name }) => name === 'endJob' || name === 'closeJob')) this.#tidy();
      return outcomes;
    } catch (error) {
      if (db.isTransaction) db.exec('ROLLBACK');
      throw error;
    }
  }

  #one(calls: Calls, { name, values }: AnyCall): Outcome {
    try {
      const call = (calls as unknown as Record<CallName, AnyFunction>)[name];
      return { value: call(...values) };
    } catch (error) {
      return { error: this.#known(error) };
    }
  }

  /** Between jobs the file by itself is all there is, for people who copy it. Never waits, and may well not succeed. */
  #tidy(): void {
    const db = this.#opened?.db;
    try {
      db?.exec('PRAGMA busy_timeout = 0');
      db?.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    } catch {
      // Somebody reads; the next one does it.
    } finally {
      db?.exec(`PRAGMA busy_timeout = ${this.#busyMs}`);
    }
  }

  #close(): void {
    try {
      this.#opened?.db.close();
    } catch {
      // It is of no more use anyway.
    }
    this.#opened = undefined;
  }

  #known(error: unknown): FlashError {
    return storeError(error, this.#file, this.#options.busyMs);
  }
}

/** The database in this thread: for tests, and for programs that end at once. */
export function openStoreHere(
  file: string,
  options: DatabaseOptions,
  tell: (notice: StoreNotice) => void,
): StoreDoor {
  const store = new StoreFile(file, options, tell);
  return {
    ask: async <N extends CallName>(name: N, ...values: CallArguments<N>) => {
      const [outcome] = store.run([{ name, values }]);
      if (outcome === undefined) throw new FlashError('internal', { detail: 'no answer of the store' });
      if ('error' in outcome) throw outcome.error;
      return outcome.value as CallAnswer<N>;
    },
    [Symbol.asyncDispose]: async () => store[Symbol.dispose](),
  };
}
