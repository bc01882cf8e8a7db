import type { JobSnapshot } from '../../shared/job-snapshot.ts';
import { applyJobsChange } from '../../shared/job-changes.ts';
import type { QueueSnapshot } from '../../shared/job-state.ts';
import type { StudioClient } from './connect.ts';

/** All jobs, and the queue they stand in. */
export interface Work {
  readonly jobs: readonly JobSnapshot[];
  /** Undefined until the core has told it. */
  readonly queue: QueueSnapshot | undefined;
}

/** All work, again whenever something of it changed; until the signal, or the connection's end. @throws as the contract does */
export async function* watchWork(
  client: StudioClient,
  options: { readonly signal?: AbortSignal } = {},
): AsyncGenerator<Work, void, void> {
  let work: Work = { jobs: [], queue: undefined };
  for await (const change of await client.jobs.watch({}, options)) {
    work = { jobs: applyJobsChange(work.jobs, change), queue: change.queue ?? work.queue };
    yield work;
  }
}

/** The jobs alone. */
export async function* watchJobs(
  client: StudioClient,
  options: { readonly signal?: AbortSignal } = {},
): AsyncGenerator<readonly JobSnapshot[], void, void> {
  for await (const { jobs } of watchWork(client, options)) yield jobs;
}
