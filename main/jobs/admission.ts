// Whether one more job is taken in beside those that have not ended.
import { FlashError } from '../../shared/errors/flash-error.ts';
import { limits } from '../../shared/limits.ts';
import { isArmed, type NewJob } from './new-job.ts';

/**
 * Those that wait for their boards hold no place that another could have. What an open job left is gone on with once: a
 * second one would find it done, or half done.
 * @param shell of this program, whose job it would be
 * @throws FlashError `api.limit`, `device.locked`
 */
export function checkAdmission(job: NewJob, others: readonly NewJob[], shell: string): void {
  const limit = isArmed(job) ? limits.armedJobs : limits.queuedJobs;
  const same = others.filter((one) => isArmed(one) === isArmed(job));
  if (same.length >= limit) throw new FlashError('api.limit', { what: 'jobs', limit });
  const resumed = resumedBy(job.request);
  if (resumed === undefined || !others.some((one) => resumedBy(one.request) === resumed)) return;
  throw new FlashError('device.locked', { portPath: job.portPath, pid: process.pid, shell });
}

function resumedBy(request: NewJob['request']): string | undefined {
  return request.kind === 'flash' ? request.resumes?.id : undefined;
}
