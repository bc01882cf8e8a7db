// What differs between two looks at all jobs: what ended long ago, and a plan of thousands of pieces, cross once.
import type { JobSnapshot } from './job-snapshot.ts';
import type { QueueSnapshot } from './job-state.ts';

/** One job: all of it where the watch has not had it yet, else the fields that changed. */
export interface JobChange {
  readonly id: string;
  readonly fields: Partial<JobSnapshot>;
  /** Fields that hold nothing any more: `undefined` does not cross the wire. */
  readonly emptied: readonly (keyof JobSnapshot)[];
}

/** What changed since the last message of the same watch; the first says everything. */
export interface JobsChange {
  /** All jobs there are, in order. */
  readonly ids: readonly string[];
  readonly changed: readonly JobChange[];
  /** The queue as it is now. */
  readonly queue?: QueueSnapshot;
}

/** Snapshots are never written to: what is the same object has not changed. */
export function changeOfJobs(before: readonly JobSnapshot[], after: readonly JobSnapshot[]): JobsChange {
  const known = new Map(before.map((job) => [job.id, job]));
  const changed = after.flatMap((job) => changeOfJob(known.get(job.id), job) ?? []);
  return { ids: after.map(({ id }) => id), changed };
}

function changeOfJob(before: JobSnapshot | undefined, after: JobSnapshot): JobChange | undefined {
  const { id } = after;
  if (before === undefined) return { id, fields: after, emptied: [] };
  const names = Object.keys(after) as (keyof JobSnapshot)[];
  const moved = names.filter((name) => before[name] !== after[name]);
  if (moved.length === 0) return undefined;
  const filled = moved.filter((name) => after[name] !== undefined);
  const fields = Object.fromEntries(filled.map((name) => [name, after[name]]));
  return { id, fields, emptied: moved.filter((name) => after[name] === undefined) };
}

/**
 * The other way round. Jobs that did not change stay the same objects.
 * @throws Error when the change is not one of what is known
 */
export function applyJobsChange(
  before: readonly JobSnapshot[],
  { ids, changed }: JobsChange,
): readonly JobSnapshot[] {
  const known = new Map(before.map((job) => [job.id, job]));
  for (const { id, fields, emptied } of changed) {
    const nothing = Object.fromEntries(emptied.map((name) => [name, undefined]));
    // All of it when it is new.
    known.set(id, { ...known.get(id), ...fields, ...nothing } as JobSnapshot);
  }
  return ids.map((id) => {
    const job = known.get(id);
    if (job === undefined) throw new Error(`nothing is known of ${id}`);
    return job;
  });
}
