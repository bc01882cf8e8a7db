// The journal of all jobs of this program and others: what is open, what was done, and how to go on.
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { FlashError, isFlashError } from '../../shared/errors/flash-error.ts';
import type {
  HistoryCounts,
  HistoryEntry,
  HistoryFilter,
  KnownUnit,
  OpenJob,
  RecordedBackup,
  RecordedImage,
  StoreNotice,
} from '../../shared/history.ts';
import type { JobEvent } from '../../shared/job-events.ts';
import { limits } from '../../shared/limits.ts';
import {
  isRunning as isProcessRunning,
  thisProcess,
  type ProcessIdentity,
} from '../base/process-identity.ts';
import { sha256Of } from '../base/hash.ts';
import type { Host } from '../host.ts';
import { decodeImage } from '../images/held-image.ts';
import type { FirmwareImage } from '../images/image.ts';
import { readFileBounded } from '../store/atomic-file.ts';
import { Beside } from '../store/beside.ts';
import { isHeld, readHeldImage } from '../store/held-images.ts';
import type { OpenRow, RunRow } from '../store/journal-rows.ts';
import type { StoreDoor } from '../store/store-door.ts';
import type { JobCalls } from './job-calls.ts';
import { JobRecord } from './job-record.ts';
import { hasTouched, openJobOf } from './open-jobs.ts';
import type { DirectRequest } from './request.ts';
import { takeIn } from './take-in.ts';
import { resumingRequest, type ResumingRequest } from './resume.ts';

export class Journal implements AsyncDisposable {
  readonly host: Host;
  readonly run: RunRow;
  readonly store: StoreDoor;
  readonly beside: Beside;
  readonly imagesFolder: string;
  readonly #isRunning: (process: ProcessIdentity) => boolean;
  /** What opening the database told, until somebody hears it. */
  #untold: StoreNotice[] = [];
  /** Of jobs that ended before the database took all of their story. */
  readonly #later = new Set<JobCalls>();

  /**
   * @param openDoor opens the store; told what a person should know of its file
   * @param isRunning whether a process still runs; tests have their own
   * @param beside where the database is not to be had; tests have their own
   */
  constructor(
    host: Host,
    openDoor: (tell: (notice: StoreNotice) => void) => StoreDoor,
    isRunning: (process: ProcessIdentity) => boolean = isProcessRunning,
    beside: Beside = new Beside(path.dirname(host.paths.database)),
  ) {
    this.host = host;
    this.beside = beside;
    this.imagesFolder = path.join(path.dirname(host.paths.database), 'images');
    this.#isRunning = isRunning;
    this.run = {
      id: randomUUID(),
      process: thisProcess(),
      shell: host.shell,
      version: host.version,
      system: host.platform,
      startedAt: host.now().toISOString(),
    };
    this.store = openDoor((notice) => {
      host.log.write('warn', 'journal', `${notice.code} ${JSON.stringify(notice.params)}`);
      this.#untold.push(notice);
    });
  }

  /** A job of this program. */
  record(request: DirectRequest, emit: (event: JobEvent) => void): JobRecord {
    return new JobRecord(this, request, emit);
  }

  /** The job is over, and the database does not know all of it yet. */
  catchUpLater(calls: JobCalls): void {
    this.#later.add(calls);
  }

  /** What could not be recorded when it happened is, as far as that can be by now. Never rejects. */
  async catchUp(): Promise<void> {
    for (const calls of this.#later) {
      if ((await calls.settle()) !== 'database') return;
      this.#later.delete(calls);
    }
    await takeIn(this.beside, this.store, (run) => run.id === this.run.id || this.#isRunning(run.process));
  }

  /** What a person has not been told yet: each once. */
  takeNotices(): StoreNotice[] {
    return this.#untold.splice(0);
  }

  /** Whether the program of a run is still there; this one is. */
  isAlive(run: Pick<RunRow, 'id' | 'process'>): boolean {
    return run.id === this.run.id || this.#isRunning(run.process);
  }

  /**
   * Jobs that ended half-way or never, oldest first. Those that changed nothing before their program ended are closed
   * on the way, and those of virtual boards that ended with it.
   * @throws FlashError `store.*`
   */
  async openJobs(): Promise<OpenJob[]> {
    await this.catchUp();
    const open: OpenJob[] = [];
    for (const row of await this.store.ask('openJobs')) {
      const around = {
        isRunning: this.isAlive(row.run),
        imagesThere: await this.#areHeld(row.entry.images),
        backupThere: row.entry.backup !== undefined && (await isThere(row.entry.backup)),
      };
      const job = openJobOf(row, around);
      const over = this.#isOver(job, row, around.isRunning);
      if (over === undefined) open.push(job);
      else await this.#close(job.id, over);
    }
    await this.sweep();
    return open;
  }

  async #areHeld(images: readonly RecordedImage[]): Promise<boolean> {
    for (const { held = '' } of images) if (!(await isHeld(this.imagesFolder, held))) return false;
    return images.length > 0;
  }

  #isOver(job: OpenJob, row: OpenRow, isRunning: boolean): 'untouched' | 'gone' | undefined {
    if (isRunning) return undefined;
    if (job.unit.virtual && row.run.id !== this.run.id) return 'gone';
    if (hasTouched(job) || job.journalLost) return undefined;
    return 'untouched';
  }

  /** @throws FlashError `store.*`; nothing is closed in a database that is only read */
  async #close(id: string, why: 'untouched' | 'gone'): Promise<void> {
    try {
      await this.store.ask('closeJob', id, why, this.host.now().toISOString());
    } catch (error) {
      if (!isFlashError(error, 'store.newer', 'store.read-only', 'file.disk-full')) throw error;
    }
  }

  /**
   * What to ask for to go on with an open job: same image, same options, on the same board.
   * @throws FlashError `resume.unknown`, `resume.still-runs`, `resume.not-possible`, `resume.no-image`, `store.*`
   */
  async requestToResume(id: string): Promise<ResumingRequest> {
    const job = await this.#find(id);
    if (job.proposal.do !== 'resume') {
      const { why } = job.proposal;
      const backup = job.backupThere ? job.backup?.path : undefined;
      if (why === 'still-runs') throw new FlashError('resume.still-runs', job.process);
      throw new FlashError('resume.not-possible', { why, backup, portPath: job.unit.portPath });
    }
    const rows = await this.store.ask('openJobs');
    const request = rows.find(({ entry }) => entry.id === job.id)?.request;
    return resumingRequest(job, request, await this.heldImages(job));
  }

  /** @throws FlashError `resume.no-image` when one is not there any more, or damaged */
  async heldImages(job: OpenJob): Promise<FirmwareImage[]> {
    const images: FirmwareImage[] = [];
    for (const { name, held } of job.images) {
      try {
        if (held === undefined) throw new FlashError('resume.no-image', { name });
        images.push(decodeImage(await readHeldImage(this.imagesFolder, held), name));
      } catch (error) {
        if (!isFlashError(error)) throw error;
        throw new FlashError('resume.no-image', { name }, error);
      }
    }
    if (images.length === 0) throw new FlashError('resume.no-image', { name: job.unit.board });
    return images;
  }

  /** Nothing will be done about it any more. @throws FlashError `resume.unknown`, `resume.still-runs`, `store.*` */
  async discard(id: string): Promise<void> {
    const job = await this.#find(id);
    await this.store.ask('closeJob', job.id, 'discarded', this.host.now().toISOString());
    await this.sweep();
  }

  /** Newest first. @throws FlashError `store.*` */
  async history(filter: HistoryFilter): Promise<HistoryEntry[]> {
    await this.catchUp();
    return await this.store.ask('history', filter);
  }

  /** @throws FlashError `store.*` */
  async counts(filter: HistoryFilter): Promise<HistoryCounts> {
    return await this.store.ask('counts', filter);
  }

  /** Every board there was a job of. @throws FlashError `store.*` */
  async units(): Promise<KnownUnit[]> {
    return await this.store.ask('units');
  }

  /** Removes images that no open job needs; what cannot be removed now is removed later. */
  async sweep(): Promise<void> {
    // Jobs the database does not know of have images as well.
    if (!(await this.beside.isEmpty())) return;
    try {
      await this.store.ask('sweepImages', this.imagesFolder);
    } catch (error) {
      if (!isFlashError(error)) throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#later.size > 0) await this.catchUp();
    await this.store[Symbol.asyncDispose]();
    await this.beside[Symbol.asyncDispose]();
  }

  /** By the id, or as much of its beginning as fits one job only. */
  async #find(id: string): Promise<OpenJob> {
    const found = (await this.openJobs()).filter((job) => id !== '' && job.id.startsWith(id));
    const [job, ...others] = found;
    if (job === undefined || others.length > 0) throw new FlashError('resume.unknown', { id });
    if (job.state === 'running') throw new FlashError('resume.still-runs', job.process);
    return job;
  }
}

/** Where it was, with what it held. */
async function isThere({ path: file, bytes, sha256 }: RecordedBackup): Promise<boolean> {
  try {
    const content = await readFileBounded(file, Math.min(bytes, limits.containerBytes));
    return (await sha256Of(content)) === sha256;
  } catch {
    return false;
  }
}
