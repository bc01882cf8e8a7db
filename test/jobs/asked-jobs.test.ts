// A job that asks which board is its: put into its snapshot, answered from there, and its lane goes where the board is.
import { describe, expect, it } from 'vitest';
import { createBoard } from '../../main/bench/boards/registry.ts';
import type { RunningJobs } from '../../main/jobs/running-jobs.ts';
import { isFlashError } from '../../shared/errors/flash-error.ts';
import type { JobSnapshot } from '../../shared/job-snapshot.ts';
import { dfuseImage, makeRig, program } from '../support/rig.ts';
import { jobOn, jobsOf } from '../support/running.ts';

const image = dfuseImage([{ address: 0x0800_0000, bytes: program(4_000) }]);

/** A NanoVNA-H runs on 1-1; the moment it leaves, two of its kind stand on 1-2 and 1-3 in flash mode. */
function moving() {
  const rig = makeRig('nanovna-h', { startIn: 'app', timeScale: 0 });
  let gone = false;
  rig.port.onChange(() => {
    if (gone || rig.port.device !== undefined) return;
    gone = true;
    rig.port.unplug();
    for (const portPath of ['1-2', '1-3'])
      rig.bench.plug(createBoard('nanovna-h', { clock: rig.clock, timeScale: 0 }), portPath);
  });
  const jobs = jobsOf(rig.services, 2);
  return { rig, jobs };
}

async function seen(
  jobs: RunningJobs,
  id: string,
  when: (job: JobSnapshot) => boolean,
): Promise<JobSnapshot> {
  for await (const all of jobs.snapshots.watch(new AbortController().signal)) {
    const job = all.find((one) => one.id === id);
    if (job !== undefined && when(job)) return job;
  }
  throw new Error('never');
}

const asksWhich = ({ question }: JobSnapshot): boolean => question?.id === 'which-board';

function codeOf(act: () => void): string {
  try {
    act();
  } catch (error) {
    return isFlashError(error) ? error.code : String(error);
  }
  return 'nothing';
}

describe('a job that asks which board is its', () => {
  it('shows the choices, takes one of them and nothing else, and has its port from then on', async () => {
    const { jobs } = moving();
    const id = jobs.start(jobOn('1-1', image, { backup: false, accept: new Set(['unnamed-board']) }));
    const asking = await seen(jobs, id, asksWhich);
    expect(asking).toMatchObject({
      state: 'waiting',
      question: { portPath: '1-1', choices: [{ id: '1-2' }, { id: '1-3' }] },
    });
    for (const wrong of ['1-1', '1-4', '', true])
      expect(codeOf(() => jobs.answer(id, 'which-board', wrong))).toBe('api.unknown');
    expect(codeOf(() => jobs.answer(id, 'confirm', '1-3'))).toBe('api.unknown');
    expect([...jobs.busyPorts]).toEqual(['1-1']);
    jobs.answer(id, 'which-board', '1-3');
    const confirming = await seen(jobs, id, ({ question }) => question?.id === 'confirm');
    expect(confirming).toMatchObject({ portPath: '1-3', plan: { portPath: '1-3' } });
    expect([...jobs.busyPorts]).toEqual(['1-3']);
    jobs.answer(id, 'confirm', true);
    await jobs.ended(id);
    expect(jobs.snapshots.value[0]?.result).toMatchObject({ outcome: 'done', portPath: '1-3' });
    expect([...jobs.busyPorts]).toEqual([]);
  });

  it('leaves out a port that another job has', async () => {
    const { jobs } = moving();
    // Waits for a board on 1-2, and has the port from the first.
    const other = jobs.start(
      jobOn('1-2', image, { selection: { device: '1-2', ids: '1209:*', waitMs: 600_000 } }),
    );
    const id = jobs.start(jobOn('1-1', image, { backup: false }));
    const { question } = await seen(jobs, id, asksWhich);
    expect(question).toMatchObject({ choices: [{ id: '1-3' }] });
    await jobs.cancel(other, 'stop');
    await jobs.cancel(id, 'stop');
    expect(jobs.snapshots.value.map(({ result }) => result?.outcome)).toEqual(['cancelled', 'cancelled']);
  });

  it('is ended by none of them, and by a stop', async () => {
    for (const end of ['none', 'stop'] as const) {
      const { jobs } = moving();
      const id = jobs.start(jobOn('1-1', image));
      await seen(jobs, id, asksWhich);
      if (end === 'none') jobs.answer(id, 'which-board', false);
      else await jobs.cancel(id, 'stop');
      await jobs.ended(id);
      const code = end === 'none' ? 'question.declined' : 'job.stopped';
      expect(jobs.snapshots.value[0]).toMatchObject({
        question: undefined,
        result: { outcome: 'cancelled', content: { kind: 'untouched' }, error: { code } },
      });
    }
  });

  it('asks nobody where it is one of many, and says what there was', async () => {
    const { jobs } = moving();
    const id = jobs.start({ ...jobOn('1-1', image), asksNobody: true });
    await jobs.ended(id);
    expect(jobs.snapshots.value[0]?.result?.error?.code).toBe('device.elsewhere');
  });
});
