import { describe, expect, it } from 'vitest';
import {
  applyJobEvent,
  newJobSnapshot,
  type JobSnapshot,
  type StepTimes,
} from '../../shared/job-snapshot.ts';
import type { JobEvent } from '../../shared/job-events.ts';
import { timelineOfJob } from '../../shared/job-view.ts';
import { stopConsequence, jobViewWords } from '../../shared/text/views.ts';

const fresh = newJobSnapshot({
  id: 'job-1',
  kind: 'flash',
  portPath: '1-1',
  board: 'STM32F072',
  virtual: true,
  files: ['a.bin'],
  startedAt: '2026-11-21T00:00:00Z',
});

/** The snapshot after events, each so many ms after the one before. */
function after(...events: readonly (readonly [number, JobEvent])[]): JobSnapshot {
  let [job, times, now]: [JobSnapshot, StepTimes, number] = [fresh, { startedMs: 0, reportedMs: 0 }, 0];
  for (const [waitMs, event] of events) {
    now += waitMs;
    ({ job, times } = applyJobEvent(job, times, event, now));
  }
  return job;
}

const writing: JobEvent = { type: 'step-started', step: 'write', totalBytes: 1000 };
const progress = (doneBytes: number): JobEvent => ({
  type: 'progress',
  step: 'write',
  doneBytes,
  totalBytes: 1000,
});

describe('a job as the page sees it', () => {
  it('measures rate and time left of the step that runs, and of no other', () => {
    const job = after([0, writing], [1000, progress(100)], [500, progress(200)]);
    expect(job.rates).toEqual([100, 200]);
    // 200 bytes took 1.5 s, so 800 take 6 s.
    expect(job.timeLeftMs).toBe(6000);
    const next = applyJobEvent(
      job,
      { startedMs: 0, reportedMs: 0 },
      { type: 'step-started', step: 'verify', totalBytes: 1000 },
      2000,
    );
    expect(next.job).toMatchObject({ rates: [], timeLeftMs: undefined });
  });

  it('knows no rate where no time has passed, and never a negative one', () => {
    expect(after([0, writing], [0, progress(100)]).rates).toEqual([0]);
    expect(after([0, writing], [10, progress(100)], [10, progress(50)]).rates.at(-1)).toBe(0);
  });

  it('keeps as many points as the curve has room for', () => {
    const many = Array.from({ length: 500 }, (_, i) => [10, progress(i)] as const);
    expect(after([0, writing], ...many).rates).toHaveLength(120);
  });

  it('tells what stopping would leave, from where the job is', () => {
    expect(stopConsequence(fresh)).toBe(jobViewWords.stopHarmless);
    const erasing = after([0, { type: 'step-started', step: 'erase', totalBytes: 10 }]);
    expect(stopConsequence(erasing)).toBe(jobViewWords.stopHalf);
    expect(stopConsequence(after([0, writing]))).toBe(jobViewWords.stopHalf);
    const written = after([0, { type: 'step-done', step: 'write', durationMs: 1, bytes: 10 }]);
    expect(stopConsequence(written)).toBe(jobViewWords.stopWritten);
  });

  it('shows each step in the timeline as it stands', () => {
    const job = after(
      [0, { type: 'step-skipped', step: 'enter', reason: 'already-in-flash-mode' }],
      [0, { type: 'step-done', step: 'back-up', durationMs: 5, bytes: 7 }],
      [0, writing],
    );
    const states = Object.fromEntries(timelineOfJob(job).map(({ step, state }) => [step, state]));
    expect(states).toMatchObject({
      detect: 'before',
      enter: 'skipped',
      'back-up': 'after',
      write: 'during',
      verify: 'before',
    });
  });

  it('waits for a serial port until the way it is needed for has ended', () => {
    const waiting = { type: 'waiting', for: 'serial-port', holder: undefined, modemManager: true } as const;
    expect(after([0, waiting]).waitingFor).toBe('serial-port');
    const tried = { kind: 'serial-command', outcome: 'worked' } as const;
    expect(after([0, waiting], [1, { type: 'tried', tried }]).waitingFor).toBeUndefined();
  });

  it('asks nothing and waits for nothing once it has ended', () => {
    const asked = { ...after([0, { type: 'waiting', for: 'return' }]) };
    const result = { outcome: 'done' } as never;
    const { job } = applyJobEvent(asked, { startedMs: 0, reportedMs: 0 }, { type: 'result', result }, 1);
    expect(job).toMatchObject({ result, question: undefined, waitingFor: undefined });
  });
});
