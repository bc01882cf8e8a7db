// Jobs in the queue, over boards on the bench: what tests of many boards at once need.
import type { NewJob } from '../../main/jobs/new-job.ts';
import type { FlashRequest } from '../../main/jobs/request.ts';
import { RunningJobs } from '../../main/jobs/running-jobs.ts';
import type { Services } from '../../main/jobs/services.ts';
import type { FirmwareImage } from '../../main/images/image.ts';
import { silentLog, type Log } from '../../main/log/log.ts';
import { flashRequest } from './rig.ts';

/** A flash of the board at this port, which says no to nothing. */
export function jobOn(portPath: string, image: FirmwareImage, changes: Partial<FlashRequest> = {}): NewJob {
  return {
    kind: 'flash',
    request: flashRequest([image], { leave: false, selection: { device: portPath, waitMs: 0 }, ...changes }),
    portPath,
    board: 'a board',
    virtual: true,
    files: [],
    consent: { planHash: undefined, questions: [] },
  };
}

export function silentJobLog(): Log & Disposable {
  return { ...silentLog, [Symbol.dispose]: () => undefined };
}

/** Jobs with no log. @param atOnce how many run side by side */
export function jobsOf(services: Services, atOnce: number): RunningJobs {
  return new RunningJobs(services, silentJobLog, atOnce);
}

/** The person says yes to everything until the signal comes. */
export async function answerAll(jobs: RunningJobs, signal: AbortSignal): Promise<void> {
  for await (const all of jobs.snapshots.watch(signal))
    for (const { id, question } of all) if (question !== undefined) jobs.answer(id, question.id, true);
}

/** Waits for the ends of all jobs there are, the person saying yes to everything. */
export async function allEnded(jobs: RunningJobs): Promise<void> {
  const over = new AbortController();
  const answering = answerAll(jobs, over.signal);
  await Promise.all(jobs.snapshots.value.map(({ id }) => jobs.ended(id)));
  over.abort();
  await answering;
}
