// The queue over real jobs on virtual boards: whatever is plugged, pulled, cancelled, paused and tried again, every board
// ends as its job says; and boards side by side are hardly slower than one alone.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Fault } from '../../main/bench/faults.ts';
import { createBoard } from '../../main/bench/boards/registry.ts';
import { RunningJobs } from '../../main/jobs/running-jobs.ts';
import { silentLog, type Log } from '../../main/log/log.ts';
import type { JobSnapshot } from '../../shared/job-snapshot.ts';
import { dfuseImage, makeRig, program } from '../support/rig.ts';
import { sixteenBoards } from '../support/many-boards.ts';
import { lieOfResult } from '../support/result-truth.ts';
import { jobOn } from '../support/running.ts';

const soak = process.env['REKINDLE_SOAK'] !== undefined;
const schedules = soak ? 1_000 : 200;
/** The same schedules every time in `npm test`, others each time in `npm run soak`; a seed that failed can be given. */
const seed = Number(process.env['REKINDLE_SEED'] ?? (soak ? Date.now() & 0x7fffffff : 6));
const ports = ['1-1.1', '1-1.2', '1-1.3', '1-1.4', '1-2.1', '1-2.2', '1-2.3', '1-2.4'];
const start = 0x08000000;
const wanted = program(8 * 1024);
const image = dfuseImage([{ address: start, bytes: wanted }]);

interface Act {
  readonly afterMs: number;
  readonly lane: number;
  readonly act:
    'start' | 'plug' | 'unplug' | 'stop' | 'abort' | 'pause' | 'resume' | 'again' | 'sleep' | 'wake';
}

const fault: fc.Arbitrary<Fault[]> = fc.oneof(
  { weight: 4, arbitrary: fc.constant<Fault[]>([]) },
  fc.nat(3).map((index): Fault[] => [{ kind: 'vanish', at: { what: 'block', index }, returnAfterMs: 500 }]),
  fc.nat(3).map((index): Fault[] => [{ kind: 'vanish', at: { what: 'erase', index } }]),
  fc.nat(3).map((block): Fault[] => [{ kind: 'stall-download', block }]),
  fc.nat(3).map((index): Fault[] => [{ kind: 'status', at: 'block', index, code: 3 }]),
);

const schedule = fc.record({
  limit: fc.integer({ min: 1, max: 8 }),
  faults: fc.array(fault, { minLength: ports.length, maxLength: ports.length }),
  acts: fc.array(
    fc.record({
      afterMs: fc.nat(400),
      lane: fc.nat(ports.length - 1),
      act: fc.constantFrom<Act['act'][]>(
        ...([
          'start',
          'start',
          'start',
          'plug',
          'unplug',
          'stop',
          'abort',
          'pause',
          'resume',
          'again',
          'sleep',
          'wake',
        ] as const),
      ),
    }),
    { minLength: 8, maxLength: 24 },
  ),
});

async function play({
  limit,
  faults,
  acts,
}: {
  limit: number;
  faults: Fault[][];
  acts: Act[];
}): Promise<void> {
  const rig = makeRig('nanovna-h', { timeScale: 0 });
  rig.port.unplug();
  const lanes = ports.map((portPath, index) => {
    const board = createBoard('nanovna-h', { clock: rig.clock, faults: faults[index] ?? [] });
    return { portPath, board, port: rig.bench.plug(board, portPath) };
  });
  const lies: string[] = [];
  // A job's log is opened as it begins and closed as it ends: between the two its lane is its own.
  const openLog = (id: string): Log & Disposable => {
    const find = (): JobSnapshot | undefined => jobs.snapshots.value.find((one) => one.id === id);
    const flash =
      lanes.find(({ portPath }) => portPath === find()?.portPath)?.board.flash ?? new Uint8Array();
    const before = flash.slice();
    return {
      ...silentLog,
      [Symbol.dispose]: () => {
        const job = find();
        if (job === undefined) return;
        compared.all++;
        if (job.result?.content.kind !== 'untouched') compared.touched++;
        const lie =
          job.result === undefined
            ? 'no result'
            : lieOfResult(job.result, { start, now: flash, before, wanted });
        if (lie !== undefined) lies.push(`${lie}: ${JSON.stringify(job.result)}`);
      },
    };
  };
  const jobs = new RunningJobs(rig.services, openLog, limit);
  const watching = new AbortController();
  const checked = watchRules(jobs, lanes, limit, watching.signal);
  for (const { afterMs, lane, act } of acts) {
    await new Promise<void>((resolve) => rig.clock.after(afterMs, resolve));
    const { portPath, port } = lanes[lane] as (typeof lanes)[number];
    const mine = jobs.snapshots.value.filter((job) => job.portPath === portPath);
    const open = mine.find(({ result }) => result === undefined)?.id;
    if (act === 'start') autoAnswer(jobs, jobs.start(jobOn(portPath, image, { backup: false })));
    else if (act === 'plug') port.replug();
    else if (act === 'unplug') port.unplug();
    else if (act === 'sleep' || act === 'wake') jobs.sleep(act === 'sleep');
    else if (act === 'again') {
      const [last] = mine;
      if (last?.result !== undefined) autoAnswer(jobs, jobs.again(last.id));
    } else if (open !== undefined) {
      if (act === 'pause') jobs.pause(open);
      else if (act === 'resume') jobs.resume(open);
      else void jobs.cancel(open, act);
    }
  }
  jobs.sleep(false);
  for (const { id, result } of jobs.snapshots.value) if (result === undefined) jobs.resume(id);
  await Promise.all(jobs.snapshots.value.map(({ id }) => jobs.ended(id)));
  watching.abort();
  await checked;
  expect(lies).toEqual([]);
  expect(jobs.count).toBe(0);
  for (const { result, state } of jobs.snapshots.value)
    expect([result === undefined, state]).toEqual([false, 'ended']);
  await rig.services.journal[Symbol.asyncDispose]();
}

/** So that the comparison cannot quietly become none. */
const compared = { all: 0, touched: 0 };

/** The person says yes to everything. */
function autoAnswer(jobs: RunningJobs, id: string): void {
  const over = new AbortController();
  void (async () => {
    for await (const all of jobs.snapshots.watch(over.signal)) {
      const job = all.find((one) => one.id === id);
      if (job?.question !== undefined) jobs.answer(id, job.question.id, true);
      if (job === undefined || job.result !== undefined) over.abort();
    }
  })();
}

/** At every change: lanes, limit, and who waits. */
async function watchRules(
  jobs: RunningJobs,
  lanes: readonly { portPath: string }[],
  limit: number,
  signal: AbortSignal,
): Promise<void> {
  for await (const all of jobs.snapshots.watch(signal)) {
    expect(all.filter(({ state }) => state === 'running').length).toBeLessThanOrEqual(limit);
    for (const job of all) if (job.question !== undefined) expect(job.state).not.toBe('running');
    for (const { portPath } of lanes) {
      const mine = all.filter((job) => job.portPath === portPath);
      const active = mine.filter(({ state }) => state !== 'queued' && state !== 'ended');
      expect(active.length).toBeLessThanOrEqual(1);
    }
  }
}

describe('eight lanes', () => {
  it(
    `keep their rules in ${schedules} random schedules, and every board is as its job says`,
    { timeout: soak ? 3_600_000 : 600_000 },
    async () => {
      console.log(`${schedules} schedules of seed ${seed}; REKINDLE_SEED=${seed} plays them again`);
      await fc.assert(fc.asyncProperty(schedule, play), { numRuns: schedules, seed });
      expect(compared.all).toBeGreaterThan(schedules);
      expect(compared.touched).toBeGreaterThan(schedules / 2);
    },
  );
});

describe('sixteen boards at once', () => {
  it('are each at most 10 % slower than one alone, and end verified', { timeout: 300_000 }, async () => {
    const { aloneMs, togetherMs, verified } = await sixteenBoards();
    expect(verified).toBe(16);
    for (const ms of togetherMs) expect(ms / aloneMs).toBeLessThanOrEqual(1.1);
  });
});
