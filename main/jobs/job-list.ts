// The jobs of this run as pages see them, running and ended.
import { FlashError } from '../../shared/errors/flash-error.ts';
import type { JobSnapshot } from '../../shared/job-snapshot.ts';
import { limits } from '../../shared/limits.ts';
import type { Clock } from '../base/clock.ts';
import { Snapshots } from '../base/snapshots.ts';

/** Newest first; a job stays until it is dismissed, or too many ended after it. */
export class JobList {
  readonly snapshots: Snapshots<readonly JobSnapshot[]>;

  constructor(clock: Clock) {
    this.snapshots = new Snapshots<readonly JobSnapshot[]>([], clock, limits.snapshotEveryMs);
  }

  /** @throws FlashError `api.unknown` */
  find(id: string): JobSnapshot {
    const found = this.snapshots.value.find((job) => job.id === id);
    if (found === undefined) throw new FlashError('api.unknown', { what: 'job' });
    return found;
  }

  /** Takes the place of what was known of the job, or goes to the top. */
  put(job: JobSnapshot, urgent: boolean): void {
    const before = this.snapshots.value;
    const known = before.some((one) => one.id === job.id);
    const after = known ? before.map((one) => (one.id === job.id ? job : one)) : [job, ...before];
    this.snapshots.set(after, urgent);
  }

  /** @throws FlashError `api.unknown` */
  change(id: string, change: Partial<JobSnapshot>): void {
    this.put({ ...this.find(id), ...change }, true);
  }

  remove(ids: ReadonlySet<string>): void {
    this.snapshots.set(
      this.snapshots.value.filter((job) => !ids.has(job.id)),
      true,
    );
  }

  /** Something beside the jobs themselves has changed. */
  touch(): void {
    this.snapshots.set(this.snapshots.value, true);
  }

  /** Of those that ended, only so many are kept. */
  forgetOldest(isRunning: (id: string) => boolean): void {
    const ended = this.snapshots.value.filter((job) => !isRunning(job.id));
    const tooOld = new Set(ended.slice(limits.endedJobs).map((job) => job.id));
    if (tooOld.size > 0) this.remove(tooOld);
  }
}
