// Many boards, one recipe: on virtual boards, through the very jobs a page starts.
import { describe, expect, it } from 'vitest';
import type { Fault } from '../../main/bench/faults.ts';
import type { VirtualBoard } from '../../main/bench/board.ts';
import { createBoard } from '../../main/bench/boards/registry.ts';
import type { BenchPort } from '../../main/bench/bench.ts';
import { settle } from '../../main/jobs/arm/settle.ts';
import { Batches } from '../../main/jobs/batch/batches.ts';
import type { Batch } from '../../main/jobs/batch/batch.ts';
import { recipeOf } from '../../main/jobs/batch/batch-record.ts';
import { armedFeed, fixedFeed } from '../../main/jobs/batch/feeds.ts';
import { Places } from '../../main/jobs/batch/places.ts';
import { planJob } from '../../main/jobs/plan-job.ts';
import type { NewJob } from '../../main/jobs/new-job.ts';
import { RunningJobs } from '../../main/jobs/running-jobs.ts';
import { silentLog } from '../../main/log/log.ts';
import { nanovnaProfile, testProfiles } from '../support/bench-profiles.ts';
import { dfuseImage, flashRequest, makeRig, program, type Rig } from '../support/rig.ts';

const bytes = program(12_000);
const image = dfuseImage([{ address: 0x08000000, bytes }]);
const recipe = flashRequest([image], { backup: false, leave: false });

interface BatchRig extends Rig {
  readonly jobs: RunningJobs;
  readonly batches: Batches;
  plug(portPath: string, faults?: readonly Fault[]): { port: BenchPort; board: VirtualBoard };
  until(what: () => boolean): Promise<void>;
}

function batchRig(): BatchRig {
  const rig = makeRig('nanovna-h', { timeScale: 0 });
  rig.port.unplug();
  const services = { ...rig.services, profiles: testProfiles };
  const jobs = new RunningJobs(services, () => ({ ...silentLog, [Symbol.dispose]: () => undefined }));
  return {
    ...rig,
    services,
    jobs,
    batches: new Batches(services, jobs),
    plug(portPath, faults = []) {
      const board = createBoard('nanovna-h', { clock: rig.clock, timeScale: 0, faults });
      return { port: rig.bench.plug(board, portPath), board };
    },
    until: (what) => expect.poll(what, { interval: 1 }).toBe(true),
  };
}

async function jobAt({ services }: BatchRig, portPath: string): Promise<NewJob> {
  const request = { ...recipe, selection: { device: portPath, waitMs: 0 } };
  const plan = await planJob(request, services, new AbortController().signal);
  return {
    kind: 'flash',
    request,
    portPath,
    board: 'a board',
    virtual: true,
    files: ['a.dfu'],
    consent: { planHash: plan.hash, questions: plan.questions.map(({ id }) => id) },
    asksNobody: true,
  };
}

const about = { files: ['a.dfu'], images: ['hash'], profile: undefined };

async function next(rig: BatchRig, wanted: number): Promise<Batch> {
  const request = {
    kind: 'arm' as const,
    flash: recipe,
    backup: false,
    profile: nanovnaProfile.id,
    portPath: undefined,
    way: undefined,
    waitMs: 1,
  };
  const { plan } = await settle(request, rig.services);
  const consent = { planHash: plan.hash, questions: plan.questions.map(({ id }) => id) };
  const feed = armedFeed({
    kind: 'flash',
    request,
    portPath: '',
    board: nanovnaProfile.name,
    virtual: true,
    files: ['a.dfu'],
    consent,
  });
  const batch = await rig.batches.open(
    { ...about, kind: 'next', profile: nanovnaProfile.id, wanted },
    feed,
    recipeOf(recipe),
  );
  batch.tend();
  return batch;
}

describe('one recipe for all that are there', () => {
  it('flashes them side by side; one that fails touches no other, and alone is tried again', async () => {
    const rig = batchRig();
    const faults: Fault[] = [{ kind: 'vanish', at: { what: 'block', index: 2 } }];
    const ports = ['1-2', '1-3', '1-4', '1-5'];
    const boards = ports.map((port) => rig.plug(port, port === '1-3' ? faults : []));
    const jobs = await Promise.all(ports.map((port) => jobAt(rig, port)));
    const batch = await rig.batches.open({ ...about, kind: 'all', wanted: 4 }, fixedFeed, recipeOf(recipe));
    for (const job of jobs) batch.start(job);
    await batch.ended;
    expect(batch.snapshot).toMatchObject({
      state: 'ended',
      counts: { running: 0, done: 3, failed: 1, left: 0 },
    });
    const failed = batch.units.find(({ state }) => state === 'failed');
    expect(failed).toMatchObject({ portPath: '1-3', error: { code: 'usb.gone' } });
    const before = batch.units.length;
    boards[1]?.port.replug();
    expect(batch.retryFailed()).toBe(1);
    await batch.ended;
    expect(batch.units.length).toBe(before + 1);
    expect(batch.snapshot).toMatchObject({ state: 'ended', counts: { done: 4, failed: 0 } });
    for (const { board } of boards) expect(board.flash.subarray(0, bytes.length)).toEqual(bytes);
    expect(batch.retryFailed()).toBe(0);
  });

  it('leaves a board alone whose plan nobody has agreed to, and waits for nobody', async () => {
    const rig = batchRig();
    const { board } = rig.plug('1-2');
    const before = board.flash.slice();
    const job = await jobAt(rig, '1-2');
    const batch = await rig.batches.open({ ...about, kind: 'all', wanted: 1 }, fixedFeed, recipeOf(recipe));
    batch.start({ ...job, consent: { planHash: '0'.repeat(64), questions: [] } });
    await batch.ended;
    expect(batch.snapshot).toMatchObject({
      counts: { left: 1 },
      units: [{ state: 'left', portPath: '1-2' }],
    });
    expect(board.flash).toEqual(before);
    // With the answer, it has its turn.
    batch.retryFailed(() => job.consent);
    await batch.ended;
    expect(batch.snapshot.counts).toEqual({ running: 0, done: 1, failed: 0, left: 0 });
  });
});

describe('plug in the next one', () => {
  it('takes whatever comes, side by side, none twice while it stays, and ends after as many as were wanted', async () => {
    const rig = batchRig();
    const batch = await next(rig, 4);
    const boards = ['1-2', '1-3', '1-4'].map((port) => rig.plug(port));
    await rig.until(() => batch.snapshot.counts.done === 3);
    // The three stay in their ports, in flash mode: they had their turn.
    await rig.until(() => rig.clock.now() > 60_000);
    expect(batch.snapshot).toMatchObject({ state: 'running', counts: { done: 3, running: 0, failed: 0 } });
    const fourth = rig.plug('1-6');
    await batch.ended;
    expect(batch.snapshot).toMatchObject({
      state: 'ended',
      counts: { done: 4, failed: 0 },
      problem: undefined,
    });
    expect(new Set(batch.units.map(({ portPath }) => portPath)).size).toBe(4);
    for (const { board } of [...boards, fourth]) expect(board.flash.subarray(0, bytes.length)).toEqual(bytes);
    await rig.until(() => rig.jobs.count === 0);
  });

  it('begins on the next board in a port once the last one was taken out', async () => {
    const rig = batchRig();
    const batch = await next(rig, 2);
    const first = rig.plug('1-2');
    await rig.until(() => batch.snapshot.counts.done === 1);
    first.port.unplug();
    const since = rig.clock.now();
    await rig.until(() => rig.clock.now() > since + 20_000);
    rig.plug('1-2');
    await batch.ended;
    expect(batch.units.map(({ portPath, state }) => [portPath, state])).toEqual([
      ['1-2', 'done'],
      ['1-2', 'done'],
    ]);
  });

  it('tells of one that fails, goes on with others, and does not count it', async () => {
    const rig = batchRig();
    const batch = await next(rig, 1);
    const bad = rig.plug('1-2', [{ kind: 'vanish', at: { what: 'block', index: 1 } }]);
    await rig.until(() => batch.snapshot.counts.failed === 1);
    expect(batch.snapshot.state).toBe('running');
    rig.plug('1-3');
    await batch.ended;
    expect(batch.snapshot.counts).toEqual({ running: 0, done: 1, failed: 1, left: 0 });
    expect(bad.board.flash.subarray(0, bytes.length)).not.toEqual(bytes);
  });

  it('never does more than are wanted, however many come at once', async () => {
    const rig = batchRig();
    const batch = await next(rig, 2);
    for (const port of ['1-2', '1-3', '1-4', '1-5']) rig.plug(port);
    await batch.ended;
    expect(batch.snapshot.counts).toEqual({ running: 0, done: 2, failed: 0, left: 0 });
    expect(batch.units.length).toBe(2);
  });

  it('stops when it is told to, and when what it waits for cannot be planned', async () => {
    const rig = batchRig();
    const batch = await next(rig, 5);
    await rig.until(() => rig.jobs.count === 1);
    batch.stop();
    await batch.ended;
    expect(batch.snapshot).toMatchObject({ state: 'ended', problem: undefined });
    const feed = armedFeed({
      kind: 'flash',
      request: {
        kind: 'arm',
        flash: recipe,
        backup: false,
        profile: 'none',
        portPath: undefined,
        way: undefined,
        waitMs: 1,
      },
      portPath: '',
      board: 'none',
      virtual: true,
      files: [],
      consent: { planHash: undefined, questions: [] },
    });
    const hopeless = await rig.batches.open({ ...about, kind: 'next', wanted: 1 }, feed, recipeOf(recipe));
    hopeless.tend();
    await hopeless.ended;
    expect(hopeless.snapshot).toMatchObject({ state: 'ended', problem: { code: 'api.unknown' } });
  });
});

describe('a place', () => {
  it('is another board’s once it was empty for long enough, and not for a board that only restarts', () => {
    const places = new Places();
    places.take('1-1', true);
    const there = new Set(['1-1']);
    const nothing = new Set<string>();
    places.look(there, 0);
    places.look(nothing, 100);
    places.look(there, 1_000);
    expect(places.isFree('1-1')).toBe(false);
    places.look(nothing, 2_000);
    places.look(there, 3_500);
    expect(places.isFree('1-1')).toBe(true);
    places.take('1-1', false);
    places.look(nothing, 4_000);
    places.look(there, 13_000);
    expect(places.isFree('1-1')).toBe(false);
  });
});
