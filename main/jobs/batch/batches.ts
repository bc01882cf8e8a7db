import type { BatchSnapshot } from '../../../shared/batch.ts';
import { FlashError } from '../../../shared/errors/flash-error.ts';
import { limits } from '../../../shared/limits.ts';
import { Snapshots } from '../../base/snapshots.ts';
import type { RunningJobs } from '../running-jobs.ts';
import type { Services } from '../services.ts';
import { Batch, type BatchAbout, type Feed } from './batch.ts';

/** All batches of this run, newest first. */
export class Batches {
  readonly snapshots: Snapshots<readonly BatchSnapshot[]>;
  readonly #services: Services;
  readonly #jobs: RunningJobs;
  #batches: readonly Batch[] = [];
  #next = 1;

  constructor(services: Services, jobs: RunningJobs) {
    this.#services = services;
    this.#jobs = jobs;
    this.snapshots = new Snapshots<readonly BatchSnapshot[]>([], services.clock, limits.snapshotEveryMs);
  }

  /** Opens one; the caller starts its first jobs, or its feed does. @throws FlashError `api.limit` */
  open(about: Omit<BatchAbout, 'id'>, feed: Feed): Batch {
    const open = this.#batches.filter(({ snapshot }) => snapshot.state !== 'ended');
    if (open.length >= limits.batches)
      throw new FlashError('api.limit', { what: 'batches', limit: limits.batches });
    const id = `batch-${this.#next++}`;
    const batch = new Batch(this.#services, this.#jobs, { ...about, id }, feed, () => this.#tell());
    const ended = this.#batches.filter((one) => !open.includes(one));
    const kept = new Set([...open, ...ended.slice(0, limits.batches - 1 - open.length)]);
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

  /** Begins on no other board in any of them. */
  stopAll(): void {
    for (const batch of this.#batches) batch.stop();
  }

  #tell(): void {
    const after = this.#batches.map(({ snapshot }) => snapshot);
    if (JSON.stringify(after) !== JSON.stringify(this.snapshots.value)) this.snapshots.set(after, true);
  }
}
