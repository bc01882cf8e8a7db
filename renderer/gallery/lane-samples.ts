// Lanes in each of their states, made by the function that makes the real ones.
import { newJobSnapshot, type JobSnapshot } from '../../shared/job-snapshot.ts';
import { lanesOf } from '../../shared/lanes.ts';
import { results } from './samples.ts';

function job(portPath: string, change: Partial<JobSnapshot> = {}): JobSnapshot {
  const about = { id: `job-${portPath}`, kind: 'flash', board: 'NanoVNA-H', virtual: false } as const;
  const fresh = newJobSnapshot({ ...about, portPath, files: ['nanovna.dfu'], startedAt: '' });
  return { ...fresh, state: 'running', ...change };
}

const writing = job('').steps.map((one) =>
  one.step === 'write'
    ? { ...one, state: 'running' as const, doneBytes: 38_912, totalBytes: 81_920 }
    : { ...one, state: 'done' as const },
);

export const lanes = lanesOf(
  [
    job('1-1', { steps: writing, timeLeftMs: 1900 }),
    job('1-2', { steps: writing, state: 'paused' }),
    job('1-3', { state: 'queued', virtual: true }),
    job('1-4', { question: { id: 'confirm', flag: '--yes' } }),
    ...results.map((result, at) => job(`2-${at + 1}`, { result: { ...result, portPath: `2-${at + 1}` } })),
  ],
  [],
  ['job-1-3'],
);
