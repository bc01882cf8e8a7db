// One recipe for many boards. It starts jobs, sees how they end, and knows no board: one that fails touches no other.
import type { BatchSnapshot, BatchUnit } from '../../../shared/batch.ts';
import { FlashError, toFlashError } from '../../../shared/errors/flash-error.ts';
import type { JobSnapshot } from '../../../shared/job-snapshot.ts';
import { limits } from '../../../shared/limits.ts';
import { waitingForBoard, type NewJob } from '../new-job.ts';
import type { RunningJobs } from '../running-jobs.ts';
import type { Services } from '../services.ts';
import { Places } from './places.ts';
import { countUnits, unitRow, type Begun } from './unit-row.ts';

/** What a batch is about, as it is told. */
export type BatchAbout = Pick<BatchSnapshot, 'id' | 'kind' | 'files' | 'images' | 'profile' | 'wanted'>;

/** Where the boards of a batch come from. */
export interface Feed {
  /**
   * Called at every change of a job. May start one more with `start`, which takes the board at a port, or the one that
   * comes next to any port that `isFree`.
   */
  tend(batch: Batch): void;
}

/** One batch, from its first job to its last. */
export class Batch {
  readonly #services: Pick<Services, 'clock' | 'host'>;
  readonly #jobs: RunningJobs;
  #about: BatchAbout;
  readonly #feed: Feed;
  readonly #changed: () => void;
  readonly #places = new Places();
  readonly #mine = new Map<string, NewJob>();
  readonly #begun = new Map<string, Begun>();
  #over = new AbortController();
  #ended: Promise<void>;
  #units: readonly BatchUnit[] = [];
  #finished: readonly BatchUnit[] = [];
  #state: BatchSnapshot['state'] = 'running';
  #problem: BatchSnapshot['problem'];

  constructor(
    services: Pick<Services, 'clock' | 'host'>,
    jobs: RunningJobs,
    about: BatchAbout,
    feed: Feed,
    changed: () => void,
  ) {
    this.#services = services;
    this.#jobs = jobs;
    this.#about = about;
    this.#feed = feed;
    this.#changed = changed;
    this.#ended = this.#watch();
  }

  /** Resolves when its last job has ended. */
  get ended(): Promise<void> {
    return this.#ended;
  }

  get id(): string {
    return this.#about.id;
  }

  get snapshot(): BatchSnapshot {
    const counts = countUnits(this.#units);
    const units = this.#units.slice(0, limits.batchUnits);
    return { ...this.#about, counts, units, state: this.#state, problem: this.#problem };
  }

  /** Every board there was; the snapshot has the newest. */
  get units(): readonly BatchUnit[] {
    return this.#units;
  }

  /** Those that came to their ends, in that order: it only ever grows. */
  get finished(): readonly BatchUnit[] {
    return this.#finished;
  }

  get isOpen(): boolean {
    return this.#state === 'running';
  }

  /** Jobs of it that have a board now, or a port to begin on. */
  get underWay(): number {
    return countUnits(this.#units).running;
  }

  /** Whether one more board may be begun on, without doing more than are wanted. */
  get wantsMore(): boolean {
    const { running, done } = countUnits(this.#units);
    return this.isOpen && running + done < this.#about.wanted;
  }

  /** Whether a job of it waits for a board on any port. */
  get isArmed(): boolean {
    return this.#jobsOfMine().some((job) => job.result === undefined && !this.#begun.has(job.id));
  }

  /** Whether the board here has not had its turn, and may begin. */
  isFree(portPath: string): boolean {
    return this.wantsMore && this.#places.isFree(portPath) && !this.#jobs.busyPorts.has(portPath);
  }

  /** One look at the ports. */
  look(present: ReadonlySet<string>): void {
    this.#places.look(present, this.#services.clock.now());
  }

  /** Boards that stand there now are not meant: a port is free once it was empty. */
  passOver(portPaths: Iterable<string>): void {
    for (const portPath of portPaths) this.#places.take(portPath, true);
  }

  /** So many are to be done, those that are counted; one that had enough goes on. Those that run come to their ends. */
  want(count: number): void {
    this.#about = { ...this.#about, wanted: count };
    if (countUnits(this.#units).done < count) this.#reopen();
    this.tend();
  }

  /** Takes a job in. What cannot be started ends the batch. */
  start(job: NewJob): void {
    try {
      const id = this.#jobs.start(job);
      this.#mine.set(id, job);
      if (job.portPath !== '') this.#note(id);
    } catch (error) {
      this.#end(toFlashError(error));
    }
  }

  /**
   * Boards that failed or were left get another turn; answers how many. @throws FlashError `api.limit`
   * @param only on these ports; all unless given
   */
  retryFailed(
    consentFor: (job: NewJob, portPath: string) => NewJob['consent'] = ({ consent }) => consent,
    only?: ReadonlySet<string>,
  ): number {
    const failed = this.#units.filter(
      ({ state, retried, portPath }) =>
        !retried && ['failed', 'left', 'stopped'].includes(state) && only?.has(portPath) !== false,
    );
    const ids = new Set(failed.map(({ jobId }) => jobId));
    if (ids.size === 0) return 0;
    this.#reopen();
    this.#units = this.#units.map((unit) => (ids.has(unit.jobId) ? { ...unit, retried: true } : unit));
    for (const { jobId, portPath } of failed) {
      this.#places.clear(portPath);
      const job = this.#mine.get(jobId);
      if (job !== undefined && job.portPath !== '')
        this.start(waitingForBoard({ ...job, consent: consentFor(job, portPath) }, undefined));
    }
    this.#changed();
    return ids.size;
  }

  /** Begins on no other board; those that run come to their ends. */
  stop(): void {
    if (this.#state !== 'running') return;
    this.#state = 'stopping';
    this.#dismissWaiting();
    this.#changed();
    this.tend();
  }

  /** Looks after its jobs now; they are looked after at every change of theirs anyway. */
  tend(): void {
    if (this.#state === 'ended') return;
    for (const job of this.#jobsOfMine()) this.#take(job);
    if (countUnits(this.#units).done >= this.#about.wanted) this.stop();
    if (this.isOpen) this.#feed.tend(this);
    const open = this.#jobsOfMine().some(({ result }) => result === undefined);
    if (this.#state === 'stopping' && !open) this.#end(undefined);
    this.#changed();
  }

  async #watch(): Promise<void> {
    // Whoever made it has its name before its first job begins.
    await Promise.resolve();
    for await (const _ of this.#jobs.snapshots.watch(this.#over.signal)) this.tend();
  }

  #take(job: JobSnapshot): void {
    const { id, state, result } = job;
    const hasBoard = state !== 'queued' && state !== 'waiting';
    if (hasBoard && result === undefined) this.#note(id);
    const begun = this.#begun.get(id);
    if (begun === undefined) {
      // A wait that ended without a board would end so again.
      if (result === undefined) return;
      this.#mine.delete(id);
      if (!this.isOpen) return;
      const { error } = result;
      const byHand = error === undefined || error.code === 'job.stopped' || error.code === 'arm.stopped';
      if (byHand) this.stop();
      else this.#end(new FlashError(error.code, error.params as never));
      return;
    }
    const before = this.#units.find(({ jobId }) => jobId === id);
    if (before?.seconds !== undefined) return;
    const row = unitRow(job, begun, this.#services.clock.now(), before);
    this.#units =
      before === undefined ? [row, ...this.#units] : this.#units.map((one) => (one === before ? row : one));
    if (result === undefined) return;
    this.#finished = [...this.#finished, row];
    this.#places.take(row.portPath, result.app === 'running');
  }

  #reopen(): void {
    this.#problem = undefined;
    if (this.#state === 'ended') {
      this.#over = new AbortController();
      this.#ended = this.#watch();
    }
    this.#state = 'running';
  }

  #note(id: string): void {
    if (this.#begun.has(id)) return;
    this.#begun.set(id, { atMs: this.#services.clock.now(), at: this.#services.host.now().toISOString() });
  }

  #dismissWaiting(): void {
    for (const { id, state, result } of this.#jobsOfMine())
      if (result === undefined && (state === 'queued' || state === 'waiting'))
        void this.#jobs.cancel(id, 'stop');
  }

  #jobsOfMine(): JobSnapshot[] {
    return this.#jobs.snapshots.value.filter(({ id }) => this.#mine.has(id));
  }

  #end(problem: FlashError | undefined): void {
    this.#problem ??= problem && { code: problem.code, params: problem.params };
    this.#state = 'stopping';
    this.#dismissWaiting();
    const open = this.#jobsOfMine().some(({ result }) => result === undefined);
    if (open) return;
    this.#state = 'ended';
    this.#over.abort();
    this.#changed();
  }
}
