import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyJobsChange, changeOfJobs } from '../../shared/job-changes.ts';
import { applyJobEvent, newJobSnapshot, type JobSnapshot } from '../../shared/job-snapshot.ts';

function jobOf(id: string): JobSnapshot {
  const startedAt = '2026-11-21T12:00:00Z';
  return newJobSnapshot({
    id,
    kind: 'flash',
    portPath: '1-1',
    board: 'x',
    virtual: true,
    files: [],
    startedAt,
  });
}

/** What a page with its own copies of everything ends up with. */
function overTheWire<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

describe('what changed of all jobs', () => {
  it('is everything at first, and after that only what moved', () => {
    const jobs = [jobOf('job-2'), jobOf('job-1')];
    expect(changeOfJobs([], jobs)).toEqual({
      ids: ['job-2', 'job-1'],
      changed: jobs.map((fields) => ({ id: fields.id, fields, emptied: [] })),
    });
    expect(changeOfJobs(jobs, jobs)).toEqual({ ids: ['job-2', 'job-1'], changed: [] });
    const [second, first] = jobs as [JobSnapshot, JobSnapshot];
    const event = { type: 'progress', step: 'write', doneBytes: 5, totalBytes: 10 } as const;
    const { job } = applyJobEvent(first, { startedMs: 0, reportedMs: 0 }, event, 10);
    const { changed } = changeOfJobs(jobs, [second, job]);
    expect(changed).toHaveLength(1);
    expect(Object.keys(changed[0]?.fields ?? {}).sort()).toEqual(['rates', 'steps', 'timeLeftMs']);
  });

  it('a field that became undefined is said, too', () => {
    const before: JobSnapshot = { ...jobOf('job-1'), waitingFor: 'board' };
    const after: JobSnapshot = { ...before, waitingFor: undefined };
    const change = overTheWire(changeOfJobs([before], [after]));
    expect(applyJobsChange([before], change)).toEqual([after]);
  });

  it('put together again it is the same, whatever came, went and moved', () => {
    const ids = ['job-1', 'job-2', 'job-3'];
    const step = fc.record({
      there: fc.subarray(ids),
      moved: fc.subarray(ids),
      ending: fc.constantFrom('no', 'stop', 'abort'),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        let core: readonly JobSnapshot[] = [];
        let page: readonly JobSnapshot[] = [];
        for (const { there, moved, ending } of steps) {
          const known = new Map(core.map((job) => [job.id, job]));
          const next = there.map((id) => {
            const job = known.get(id) ?? jobOf(id);
            return moved.includes(id) ? { ...job, ending } : job;
          });
          const before = page;
          page = applyJobsChange(page, overTheWire(changeOfJobs(core, next)));
          expect(page).toEqual(next);
          // What stood still is the very same object: nothing of the page is drawn again for it.
          for (const job of page)
            if (core.includes(next.find(({ id }) => id === job.id) ?? job)) expect(before).toContain(job);
          core = next;
        }
      }),
    );
  });

  it('a change of what is not known is refused', () => {
    expect(() => applyJobsChange([], { ids: ['job-1'], changed: [] })).toThrow('job-1');
  });
});
