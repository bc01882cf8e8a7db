import { writeDfuse } from '../../main/images/formats/dfuse-write.ts';
import type { StudioClient } from '../../renderer/client/connect.ts';
import { sendFile } from '../../renderer/client/send-file.ts';
import { applyJobsChange } from '../../shared/job-changes.ts';
import type { JobSnapshot } from '../../shared/job-snapshot.ts';
import { program } from '../support/rig.ts';

const programBytes = 60 * 1024;
let seed = 300;

/** How the jobs of one round went, as a page heard of it. */
export interface Round {
  /** From its first word to its result, ms, by job. */
  readonly tookMs: readonly number[];
  /** Counted reports in any one second, of the job that had most; changes of state are not counted. */
  readonly mostReportsPerSecond: number;
  readonly messages: number;
  readonly bytesOfMessages: number;
}

/** Flashes every port at once with a program it does not have yet, and waits for the ends. @throws when one fails */
export async function flashAll(client: StudioClient, ports: readonly string[]): Promise<Round> {
  const bytes = program(programBytes, seed++);
  const ids = { vendorId: 0x0483, productId: 0xdf11, bcdDevice: 0xffff };
  const file = writeDfuse({ ids, targets: [{ alternate: 0, elements: [{ address: 0x08000000, bytes }] }] });
  const image = await sendFile(client, new File([new Uint8Array(file)], 'speed.dfu'), { asRaw: false });
  const plans = await Promise.all(
    ports.map(async (portPath) => {
      // It stays in flash mode, ready for the next round.
      const wish = { portPath, images: [image.id], leave: false, full: true };
      return { wish, plan: await client.jobs.plan(wish) };
    }),
  );
  const watching = new AbortController();
  const started = Promise.all(
    plans.map(async ({ wish, plan }) => {
      const { id } = await client.jobs.flash({ ...wish, confirmed: plan.hash });
      return id;
    }),
  );
  let wanted: readonly string[] | undefined;
  // A job that cannot be started ends all figures.
  void started.then((ids) => (wanted = ids));
  const heard = new Map<string, Heard>();
  let [messages, bytesOfMessages] = [0, 0];
  let jobs: readonly JobSnapshot[] = [];
  for await (const change of await client.jobs.watch({}, { signal: watching.signal })) {
    messages++;
    bytesOfMessages += JSON.stringify(change).length;
    jobs = applyJobsChange(jobs, change);
    hear(heard, jobs);
    if (wanted?.every((id) => heard.get(id)?.endedAt !== undefined) === true) break;
  }
  watching.abort();
  await client.images.close({ id: image.id });
  const mine = (await started).flatMap((id) => heard.get(id) ?? []);
  return {
    tookMs: mine.map(({ beganAt, endedAt = Number.NaN }) => endedAt - beganAt),
    mostReportsPerSecond: Math.max(...mine.map(({ reports }) => mostInOneSecond(reports))),
    messages,
    bytesOfMessages,
  };
}

interface Heard {
  readonly beganAt: number;
  endedAt: number | undefined;
  states: string;
  progress: string;
  readonly reports: number[];
}

function hear(heard: Map<string, Heard>, jobs: readonly JobSnapshot[]): void {
  const now = performance.now();
  for (const job of jobs) {
    const states = job.steps.map(({ state }) => state).join();
    const progress = job.steps.map(({ doneBytes }) => doneBytes ?? '').join();
    const known = heard.get(job.id);
    if (known === undefined) {
      const endedAt = job.result === undefined ? undefined : now;
      heard.set(job.id, { beganAt: now, endedAt, states, progress, reports: [] });
      continue;
    }
    if (known.states === states && known.progress !== progress) known.reports.push(now);
    known.states = states;
    known.progress = progress;
    if (job.result === undefined) continue;
    if (job.result.outcome !== 'done') throw new Error(`${job.id} ended with ${job.result.outcome}`);
    known.endedAt ??= now;
  }
}

function mostInOneSecond(times: readonly number[]): number {
  return Math.max(0, ...times.map((from) => times.filter((at) => at >= from && at < from + 1000).length));
}
