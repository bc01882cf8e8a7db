import type { JobSnapshot } from '../../shared/job-snapshot.ts';
import { applyJobsChange } from '../../shared/job-changes.ts';
import type { StudioClient } from './connect.ts';

/** All jobs, again whenever one changed; until the signal, or the connection's end. @throws as the contract does */
export async function* watchJobs(
  client: StudioClient,
  options: { readonly signal?: AbortSignal } = {},
): AsyncGenerator<readonly JobSnapshot[], void, void> {
  let jobs: readonly JobSnapshot[] = [];
  for await (const change of await client.jobs.watch({}, options)) {
    jobs = applyJobsChange(jobs, change);
    yield jobs;
  }
}
