// From a journal's rows to what is told of a board, and whose job is dead.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { uptime } from 'node:os';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isRunning, startOf, thisProcess } from '../../main/base/process-identity.ts';
import { hasTouched, openJobOf, type Surroundings } from '../../main/jobs/open-jobs.ts';
import type { OpenRow } from '../../main/store/journal-rows.ts';
import type { HistoryEntry, OpenJob, RegionRanges } from '../../shared/history.ts';
import { makeRig } from '../support/rig.ts';
import { image, job, planned, result, run, unit } from '../support/records.ts';

const entry: HistoryEntry = {
  id: 'a',
  number: 1,
  kind: 'flash',
  startedAt: 'then',
  endedAt: undefined,
  durationMs: undefined,
  shell: 'test',
  version: '0',
  system: 'linux',
  unit,
  images: [image],
  planHash: 'hash',
  backup: { path: 'backup.dfu', bytes: 7, sha256: 'c' },
  steps: [],
  result: undefined,
  closed: undefined,
};
const row: OpenRow = {
  entry,
  run,
  journal: 'kept',
  verified: false,
  request: {},
  planned: [{ alternate: 0, ranges: [{ start: 0, end: 64 }] }],
  begun: ['erase'],
  acts: [],
};
const all: Surroundings = { isRunning: false, backupThere: true, imagesThere: true };
const act = { kind: 'erase', alternate: 0, start: 0, end: 8, state: 'done' } as const;

describe('an open job', () => {
  it('tells the same as bytes that live through its acts', () => {
    const acts = fc.array(
      fc.record({
        kind: fc.constantFrom('erase' as const, 'write' as const),
        alternate: fc.constantFrom(0, 1),
        start: fc.integer({ min: 0, max: 48 }),
        length: fc.integer({ min: 1, max: 16 }),
        state: fc.constantFrom('done' as const, 'done' as const, 'doubt' as const),
      }),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(acts, fc.boolean(), (random, lastBegun) => {
        const list = random.map(({ length, ...one }) => ({ ...one, end: one.start + length }));
        const last = list.at(-1);
        const told = openJobOf(
          {
            ...row,
            acts: [
              ...list.slice(0, -1),
              ...(last === undefined
                ? []
                : [{ ...last, state: lastBegun ? ('begun' as const) : last.state }]),
            ],
          },
          all,
        );
        for (const alternate of [0, 1]) {
          const cells: ('untouched' | 'erased' | 'written' | 'doubt')[] =
            Array<'untouched'>(64).fill('untouched');
          for (const [index, one] of list.entries()) {
            if (one.alternate !== alternate) continue;
            const done = one.state === 'done' && !(lastBegun && index === list.length - 1);
            for (let at = one.start; at < one.end; at++) {
              if (!done) cells[at] = 'doubt';
              else if (one.kind === 'erase') cells[at] = 'erased';
              // What was in doubt before a write is so afterwards: bits may be clear that should not be.
              else if (cells[at] !== 'doubt') cells[at] = 'written';
            }
          }
          for (const [at, cell] of cells.entries()) expect(stateAt(told, alternate, at)).toBe(cell);
        }
      }),
    );
  });

  it.each<[string, Partial<OpenRow>, Partial<Surroundings>, OpenJob['proposal']]>([
    ['with its image', { acts: [act] }, {}, { do: 'resume' }],
    ['without', { acts: [act] }, { imagesThere: false }, { do: 'restore', why: 'image-not-held' }],
    [
      'without either',
      { acts: [act] },
      { imagesThere: false, backupThere: false },
      { do: 'nothing', why: 'image-not-held' },
    ],
    ['that runs', { acts: [act] }, { isRunning: true }, { do: 'nothing', why: 'still-runs' }],
    ['that is verified', { acts: [act], verified: true }, {}, { do: 'nothing', why: 'verified' }],
    [
      'that was to keep bytes',
      { acts: [act], request: { keepsBytes: true } },
      {},
      { do: 'restore', why: 'kept-bytes-lost' },
    ],
    [
      'whose image was refused',
      {
        entry: {
          ...entry,
          result: { ...result, outcome: 'failed', next: 'restore', content: { kind: 'blank' } },
        },
      },
      {},
      { do: 'restore', why: 'asked-for' },
    ],
    [
      'that only erased',
      { entry: { ...entry, kind: 'mass-erase' }, acts: [act] },
      {},
      { do: 'nothing', why: 'nothing-to-write' },
    ],
  ])('%s proposes what can be done', (_what, rows, around, proposal) => {
    expect(openJobOf({ ...row, ...rows }, { ...all, ...around }).proposal).toEqual(proposal);
  });

  it('whose journal has a gap puts all in doubt that was planned', () => {
    const told = openJobOf({ ...row, journal: 'lost', acts: [act] }, all);
    expect(told).toMatchObject({ journalLost: true, erased: [], written: [], inDoubt: row.planned });
    expect(hasTouched(openJobOf(row, all))).toBe(false);
  });
});

function stateAt(told: OpenJob, alternate: number, at: number): string {
  const inside = (list: readonly RegionRanges[]): boolean =>
    list.some(
      (one) => one.alternate === alternate && one.ranges.some(({ start, end }) => at >= start && at < end),
    );
  const states = [
    ...(inside(told.erased) ? ['erased'] : []),
    ...(inside(told.written) ? ['written'] : []),
    ...(inside(told.inDoubt) ? ['doubt'] : []),
  ];
  return states.length === 0 ? 'untouched' : states.join(' and ');
}

describe('a process', () => {
  it('is alive while it is, and is not taken for another with its number', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    const pid = child.pid ?? 0;
    const identity = { pid, started: startOf(pid), uptimeSeconds: uptime() };
    expect(isRunning(identity)).toBe(true);
    if (process.platform === 'linux')
      expect(isRunning({ ...identity, started: 'another boot 1' })).toBe(false);
    // Written before the computer was started anew.
    expect(isRunning({ ...identity, uptimeSeconds: uptime() + 1_000 })).toBe(false);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(isRunning(identity)).toBe(false);
    expect(isRunning(thisProcess())).toBe(true);
  });

  it('that lives keeps its job, and a dead one leaves it', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    const pid = child.pid ?? 0;
    const { journal } = makeRig('nanovna-h').services;
    const other = { ...run, process: { pid, started: startOf(pid), uptimeSeconds: uptime() } };
    await journal.store.ask('beginJob', other, job('theirs'));
    await journal.store.ask('planJob', 'theirs', planned);
    await journal.store.ask('intend', 'theirs', { kind: 'erase', alternate: 0, start: 0, end: 64 });
    expect(await journal.openJobs()).toMatchObject([{ state: 'running', process: { pid, shell: 'test' } }]);
    await expect(journal.requestToResume('theirs')).rejects.toMatchObject({ code: 'resume.still-runs' });
    await expect(journal.discard('theirs')).rejects.toMatchObject({ code: 'resume.still-runs' });
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await journal.openJobs()).toMatchObject([{ state: 'died' }]);
    await journal.discard('theirs');
  });
});
