import type { BatchSnapshot } from '../../../shared/batch.ts';
import { FlashError } from '../../../shared/errors/flash-error.ts';
import { limits } from '../../../shared/limits.ts';
import { Snapshots } from '../../base/snapshots.ts';
import type { RunningJobs } from '../running-jobs.ts';
import type { Services } from '../services.ts';
import { Batch, type BatchAbout, type Feed } from './batch.ts';
import { BatchRecord, type Recipe } from './batch-record.ts';

/** All batches of this run, newest first. */
export class Batches {
  readonly snapshots: Snapshots<readonly BatchSnapshot[]>;
  readonly #services: Services;
  readonly #jobs: RunningJobs;
  #batches: readonly Batch[] = [];
  readonly #records = new WeakMap<Batch, BatchRecord>();
  #closing = false;
  #next = 1;

  constructor(services: Services, jobs: RunningJobs) {
    this.#services = services;
    this.#jobs = jobs;
    this.snapshots = new Snapshots<readonly BatchSnapshot[]>([], services.clock, limits.snapshotEveryMs);
  }

  /** Opens one, and writes down what it is about; the caller starts its first jobs, or its feed does. @throws FlashError `api.limit` */
  async open(about: Omit<BatchAbout, 'id'>, feed: Feed, recipe: Recipe): Promise<Batch> {
    this.#checkLimit();
    const record = new BatchRecord(this.#services.journal, recipe, about);
    // What was begun with is known before the first board is.
    await record.written();
    this.#checkLimit();
    const open = this.#open;
    const id = `batch-${this.#next++}`;
    const batch = new Batch(this.#services, this.#jobs, { ...about, id }, feed, () => this.#tell());
    const ended = this.#batches.filter((one) => !open.includes(one));
    const kept = new Set([...open, ...ended.slice(0, limits.batches - 1 - open.length)]);
    this.#records.set(batch, record);
    this.#batches = [batch, ...this.#batches.filter((one) => kept.has(one))];
    return batch;
  }

  /** @throws FlashError `api.unknown` */
  find(id: string): Batch {
    const found = this.#batches.find((one) => one.id === id);
    if (found === undefined) throw new FlashError('api.unknown', { what: 'batch' });
    return found;
  }

  /** Something came or went at the ports. */
  tend(): void {
    for (const batch of this.#batches) batch.tend();
  }

  /** The program ends: no other board is begun on in any of them, and those that are not through stay open in the database. */
  stopAll(): void {
    this.#closing = true;
    for (const batch of this.#batches) batch.stop();
  }

  /** Resolves when all that was told of them is on the disk, or could not be. Never rejects. */
  async written(): Promise<void> {
    await Promise.all(this.#batches.map((batch) => this.#records.get(batch)?.written() ?? Promise.resolve()));
  }

  get #open(): readonly Batch[] {
    return this.#batches.filter(({ snapshot }) => snapshot.state !== 'ended');
  }

  /** @throws FlashError `api.limit` */
  #checkLimit(): void {
    if (this.#open.length < limits.batches) return;
    throw new FlashError('api.limit', { what: 'batches', limit: limits.batches });
  }

  #tell(): void {
    for (const batch of this.#batches) {
      const { snapshot, units } = batch;
      const { state, counts, wanted } = snapshot;
      const over = state === 'ended' && (!this.#closing || counts.done >= wanted);
      this.#records.get(batch)?.keep(snapshot, units, over);
    }
    const after = this.#batches.map(({ snapshot }) => snapshot);
    if (JSON.stringify(after) !== JSON.stringify(this.snapshots.value)) this.snapshots.set(after, true);
  }
}
