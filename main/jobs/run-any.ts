// The one door to jobs: those on a board that is there, those that wait for one, and those that turn from one to the other.
import type { Result } from '../../shared/result.ts';
import { waitAndFlash } from './arm/arm.ts';
import type { JobControl, JobRequest } from './request.ts';
import { runJob } from './run.ts';
import type { Services } from './services.ts';

/** Runs one job to its end. Never rejects: everything that can go wrong is in the result, which is told last. */
export async function runAnyJob(
  request: JobRequest,
  services: Services,
  control: JobControl,
): Promise<Result> {
  if (request.kind !== 'arm') return await runJob(request, services, control);
  const result = await waitAndFlash(request, services, control);
  control.emit({ type: 'result', result });
  return result;
}
