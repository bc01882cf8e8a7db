// A job that waits for a person holds no slot: with one job at a time, others are done meanwhile, on their boards.
import { describe, expect, it } from 'vitest';
import { sameBytes } from '../../main/base/bytes.ts';
import { sleep } from '../../main/base/clock.ts';
import type { VirtualBoard } from '../../main/bench/board.ts';
import { createBoard } from '../../main/bench/boards/registry.ts';
import { settle } from '../../main/jobs/arm/settle.ts';
import type { ArmRequest } from '../../main/jobs/request.ts';
import type { RunningJobs } from '../../main/jobs/running-jobs.ts';
import type { JobSnapshot } from '../../shared/job-snapshot.ts';
import { nanovnaProfile, testProfiles } from '../support/bench-profiles.ts';
import { jobOn, jobsOf } from '../support/running.ts';
import { dfuseImage, flashRequest, makeRig, program, type Rig } from '../support/rig.ts';

const wanted = program(16 * 1024);
const image = dfuseImage([{ address: 0x08000000, bytes: wanted }]);

interface Lanes extends Rig {
  readonly jobs: RunningJobs;
  readonly boards: readonly VirtualBoard[];
  readonly job: (id: string) => JobSnapshot;
  readonly until: (what: () => boolean) => Promise<void>;
  /** To its end, a person saying yes to this one alone. */
  readonly through: (id: string) => Promise<void>;
}

/** One job at a time, and boards on ports 1-2.1, 1-2.2 and so on. */
function lanes(count: number): Lanes {
  const rig = makeRig('nanovna-h', {}, { profiles: testProfiles });
  rig.port.unplug();
  const boards = Array.from({ length: count }, (_, index) => {
    const board = createBoard('nanovna-h', { clock: rig.clock });
    rig.bench.plug(board, `1-2.${index + 1}`);
    return board;
  });
  const jobs = jobsOf(rig.services, 1);
  const job = (id: string): JobSnapshot => {
    const found = jobs.snapshots.value.find((one) => one.id === id);
    if (found === undefined) throw new Error('no such job');
    return found;
  };
  const until = async (what: () => boolean): Promise<void> => {
    while (!what()) await sleep(rig.clock, 1);
  };
  const through = async (id: string): Promise<void> => {
    await until(() => {
      const { question, result } = job(id);
      if (question !== undefined) jobs.answer(id, question.id, true);
      return result !== undefined;
    });
    await jobs.ended(id);
  };
  return { ...rig, jobs, boards, job, until, through };
}

function isWritten(board: VirtualBoard | undefined): boolean {
  return board !== undefined && sameBytes(board.flash.subarray(0, wanted.length), wanted);
}

describe('with one job at a time', () => {
  it('one that asks makes room for the next, and goes on when it is answered', async () => {
    const { jobs, boards, job, until, through } = lanes(3);
    const asking = jobs.start(jobOn('1-2.1', image));
    const second = jobs.start(jobOn('1-2.2', image));
    const third = jobs.start(jobOn('1-2.3', image));
    await until(() => job(asking).question !== undefined);
    const before = boards[0]?.flash.slice() ?? new Uint8Array();
    expect(job(asking).state).toBe('waiting');
    await through(second);
    await through(third);
    expect(job(asking)).toMatchObject({ state: 'waiting', result: undefined });
    expect(boards.map(isWritten)).toEqual([false, true, true]);
    expect(sameBytes(boards[0]?.flash ?? new Uint8Array(), before)).toBe(true);
    await through(asking);
    expect(job(asking).result?.content.kind).toBe('verified');
    expect(boards.map(isWritten)).toEqual([true, true, true]);
  });

  it('one that was answered waits for the slot another has, and takes it then', async () => {
    const { jobs, boards, job, until, through } = lanes(2);
    const asking = jobs.start(jobOn('1-2.1', image));
    await until(() => job(asking).question !== undefined);
    const second = jobs.start(jobOn('1-2.2', image));
    await until(() => job(second).question !== undefined);
    jobs.answer(second, job(second).question?.id ?? '', true);
    await until(() => job(second).state === 'running');
    jobs.answer(asking, job(asking).question?.id ?? '', true);
    await until(() => job(asking).question === undefined);
    expect(job(asking).state).toBe('due');
    const touched = boards[0]?.statistics.erases;
    await through(second);
    expect(touched).toBe(0);
    await through(asking);
    expect(boards.map(isWritten)).toEqual([true, true]);
  });

  it('one that waits for its board to be plugged in keeps nobody from flashing', async () => {
    const rig = lanes(1);
    const { jobs, boards, job, until, through, port, board } = rig;
    const request: ArmRequest = {
      kind: 'arm',
      flash: flashRequest([image]),
      backup: undefined,
      profile: nanovnaProfile.id,
      portPath: port.portPath,
      way: undefined,
      waitMs: 10 * 60_000,
    };
    const { plan } = await settle(request, rig.services);
    const armed = jobs.start({
      kind: 'flash',
      request,
      portPath: port.portPath,
      board: nanovnaProfile.name,
      virtual: true,
      files: [],
      consent: { planHash: plan.hash, questions: [] },
    });
    await until(() => job(armed).guide !== undefined);
    expect(job(armed).state).toBe('waiting');
    const other = jobs.start(jobOn('1-2.1', image));
    await through(other);
    expect(boards.map(isWritten)).toEqual([true]);
    expect(job(armed)).toMatchObject({ state: 'waiting', result: undefined });
    port.replug();
    await through(armed);
    expect(job(armed).result?.content.kind).toBe('verified');
    expect(isWritten(board)).toBe(true);
  });
});
