// A hub that cannot feed all of its boards while they erase: fewer are flashed at a time, it is said why, and all end well.
import { describe, expect, it } from 'vitest';
import { sameBytes } from '../../main/base/bytes.ts';
import type { VirtualBoard } from '../../main/bench/board.ts';
import { createBoard } from '../../main/bench/boards/registry.ts';
import { HubPower } from '../../main/bench/hub-power.ts';
import type { BenchPort } from '../../main/bench/bench.ts';
import type { RunningJobs } from '../../main/jobs/running-jobs.ts';
import { loweredText } from '../../shared/text/batch.ts';
import { dfuseImage, makeRig, program, type Rig } from '../support/rig.ts';
import { allEnded, jobOn, jobsOf } from '../support/running.ts';

const wanted = program(12 * 1024);
const image = dfuseImage([{ address: 0x08000000, bytes: wanted }]);

interface Lane {
  readonly portPath: string;
  readonly board: VirtualBoard;
  readonly port: BenchPort;
}

/** Boards at these ports; each hub of two, three or more feeds as many as told. */
function plug(rig: Rig, ports: readonly string[], hubs: Readonly<Record<string, HubPower>> = {}): Lane[] {
  rig.port.unplug();
  return ports.map((portPath) => {
    const hub = hubs[portPath.slice(0, portPath.lastIndexOf('.'))];
    const board = createBoard('nanovna-h', { clock: rig.clock, ...(hub === undefined ? {} : { hub }) });
    return { portPath, board, port: rig.bench.plug(board, portPath) };
  });
}

/** Whatever failed is done once more, as a person does it. @returns rounds it took until nothing was left */
async function untilVerified(jobs: RunningJobs): Promise<number> {
  for (let round = 1; round <= 5; round++) {
    await allEnded(jobs);
    const newest = new Map([...jobs.snapshots.value].reverse().map((job) => [job.portPath, job]));
    const failed = [...newest.values()].filter(({ result }) => result?.content.kind !== 'verified');
    if (failed.length === 0) return round;
    for (const { id } of failed) jobs.again(id);
  }
  throw new Error('no end to it');
}

describe('a hub that feeds fewer boards than run', () => {
  it.each([
    { feeds: 2, boards: 4 },
    { feeds: 1, boards: 4 },
    { feeds: 3, boards: 8 },
  ])('$feeds of $boards: the limit is halved, with words, until all are verified', async (is) => {
    const rig = makeRig('nanovna-h');
    const hub = new HubPower(rig.clock, is.feeds);
    const ports = Array.from({ length: is.boards }, (_, index) => `1-3.${index + 1}`);
    const lanes = plug(rig, ports, { '1-3': hub });
    const jobs = jobsOf(rig.services, is.boards);
    for (const { portPath } of lanes) jobs.start(jobOn(portPath, image));
    await allEnded(jobs);
    expect(hub.dips).toBeGreaterThan(0);
    const errors = jobs.snapshots.value.flatMap(({ result }) => result?.error?.code ?? []);
    expect(errors.length).toBeGreaterThanOrEqual(2);
    expect(new Set(errors)).toEqual(new Set(['usb.gone']));
    const { lowered } = jobs.queue;
    expect(lowered?.hub).toBe('1-3');
    expect(lowered?.ports.length).toBeGreaterThanOrEqual(2);
    if (lowered === undefined) return;
    expect(loweredText(lowered)).toMatch(
      new RegExp(
        `^Boards on ports 1-3\\.\\d.* were lost at the same time while they were written\\. The hub at 1-3 `,
      ),
    );
    expect(jobs.queue.runningAtOnce).toBe(is.boards);

    await untilVerified(jobs);
    const to = jobs.queue.lowered?.to ?? Infinity;
    expect(to).toBeLessThanOrEqual(is.boards / 2);
    for (const { board } of lanes)
      expect(sameBytes(board.flash.subarray(0, wanted.length), wanted)).toBe(true);
    if (to > is.feeds) return;
    // With as many as it feeds, it fails nobody again.
    const dips = hub.dips;
    for (const { portPath } of lanes) jobs.start(jobOn(portPath, image, { full: true }));
    await allEnded(jobs);
    expect(hub.dips).toBe(dips);
    await rig.services.journal[Symbol.asyncDispose]();
  });

  it('leaves the boards of another hub alone', async () => {
    const rig = makeRig('nanovna-h');
    const weak = new HubPower(rig.clock, 1);
    const strong = new HubPower(rig.clock, 2);
    const lanes = plug(rig, ['1-3.1', '1-3.2', '1-4.1', '1-4.2'], { '1-3': weak, '1-4': strong });
    const jobs = jobsOf(rig.services, 4);
    for (const { portPath } of lanes) jobs.start(jobOn(portPath, image));
    await allEnded(jobs);
    const verified = jobs.snapshots.value.filter(({ result }) => result?.content.kind === 'verified');
    expect(verified.map(({ portPath }) => portPath).sort()).toEqual(['1-4.1', '1-4.2']);
    expect(jobs.queue.lowered).toMatchObject({ hub: '1-3', to: 2 });
    expect([...(jobs.queue.lowered?.ports ?? [])].sort()).toEqual(['1-3.1', '1-3.2']);
  });

  it('is given all its boards back when a person chooses how many run', async () => {
    const rig = makeRig('nanovna-h');
    const lanes = plug(rig, ['1-3.1', '1-3.2', '1-3.3'], { '1-3': new HubPower(rig.clock, 2) });
    const jobs = jobsOf(rig.services, 3);
    for (const { portPath } of lanes) jobs.start(jobOn(portPath, image));
    await allEnded(jobs);
    expect(jobs.queue.lowered?.to).toBe(1);
    jobs.runAtOnce(3);
    expect(jobs.queue).toMatchObject({ lowered: undefined, runningAtOnce: 3 });
  });
});

describe('two boards unplugged by hand', () => {
  /** Pulls each of these ports the moment its board writes. */
  async function pulled(ports: readonly string[], gapMs: number): Promise<RunningJobs> {
    const rig = makeRig('nanovna-h');
    const lanes = plug(rig, [...ports, '1-5.1', '1-5.2']);
    const jobs = jobsOf(rig.services, 8);
    for (const { portPath } of lanes) jobs.start(jobOn(portPath, image, { backup: false }));
    const over = new AbortController();
    const pulling = (async () => {
      let left = lanes.slice(0, ports.length);
      for await (const all of jobs.snapshots.watch(over.signal)) {
        const [next] = left;
        const job = all.find(({ portPath }) => portPath === next?.portPath);
        const erases = job?.steps.some(({ step, state }) => step === 'erase' && state === 'running');
        if (next === undefined || erases !== true) continue;
        left = left.slice(1);
        rig.clock.after(gapMs * (ports.length - left.length), () => next.port.unplug());
      }
    })();
    await allEnded(jobs);
    over.abort();
    await pulling;
    const lost = jobs.snapshots.value.filter(({ result }) => result?.error?.code === 'usb.gone');
    expect(lost.map(({ portPath }) => portPath).sort()).toEqual([...ports].sort());
    const failed = lost.flatMap(({ steps }) => steps.filter(({ state }) => state === 'failed'));
    for (const { step } of failed) expect(['erase', 'write']).toContain(step);
    expect(failed).toHaveLength(ports.length);
    await rig.services.journal[Symbol.asyncDispose]();
    return jobs;
  }

  it('on different hubs do not lower it', async () => {
    expect((await pulled(['1-3.1', '1-4.1'], 10)).queue.lowered).toBeUndefined();
  });

  it('on the ports of the computer itself and of a hub do not either', async () => {
    expect((await pulled(['1-3', '1-4.1'], 10)).queue.lowered).toBeUndefined();
  });

  it('and one alone does not', async () => {
    expect((await pulled(['1-3.1'], 10)).queue.lowered).toBeUndefined();
  });

  it('on one hub look like trouble with its power, and are taken for it', async () => {
    expect((await pulled(['1-3.1', '1-3.2'], 10)).queue.lowered).toMatchObject({ hub: '1-3', to: 2 });
  });
});
