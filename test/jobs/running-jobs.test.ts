// Jobs whose surroundings fail: each still ends, is told, and lets its port go.
import { describe, expect, it } from 'vitest';
import { RunningJobs, type NewJob } from '../../main/jobs/running-jobs.ts';
import type { Log } from '../../main/log/log.ts';
import { makeRig } from '../support/rig.ts';

function backupOf(portPath: string): NewJob {
  return {
    kind: 'backup',
    request: {
      kind: 'backup',
      selection: { device: portPath, waitMs: 0 },
      raw: false,
      leave: false,
      reset: false,
    },
    portPath,
    board: 'a board',
    virtual: true,
    files: [],
    consent: { planHash: undefined, questions: [] },
  };
}

const brokenLogs: Record<string, () => Log & Disposable> = {
  'cannot be opened': () => {
    throw new Error('no space');
  },
  'cannot be closed': () => ({
    write: () => undefined,
    [Symbol.dispose]() {
      throw new Error('input/output error');
    },
  }),
};

describe('a job whose log', () => {
  it.each(Object.entries(brokenLogs))('%s ends, and its port is free again', async (_what, openLog) => {
    const { services, port } = makeRig('nanovna-h');
    const jobs = new RunningJobs(services, openLog);
    const id = jobs.start(backupOf(port.portPath));
    await expect.poll(() => jobs.busyPorts.size).toBe(0);
    expect(jobs.snapshots.value.find((job) => job.id === id)?.result).toBeDefined();
    await jobs.cancel(id, 'stop');
    await jobs.stopAll();
  });
});
