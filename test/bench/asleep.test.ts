// A job that is held in the middle: by a person, by a computer that goes to sleep, by one that shuts down. It stops at a
// block border, nothing reaches the board while it is held, and whatever became of the board meanwhile is told as it is.
import { describe, expect, it } from 'vitest';
import { sameBytes } from '../../main/base/bytes.ts';
import { sleep } from '../../main/base/clock.ts';
import type { RunningJobs } from '../../main/jobs/running-jobs.ts';
import type { JobSnapshot } from '../../shared/job-snapshot.ts';
import type { StepName } from '../../shared/plan.ts';
import { totalSize } from '../../shared/ranges.ts';
import { lieOfResult } from '../support/result-truth.ts';
import { allEnded, answerAll, jobOn, jobsOf } from '../support/running.ts';
import { dfuseImage, makeRig, program, type Rig } from '../support/rig.ts';

const start = 0x08000000;
const wanted = program(24 * 1024);
const image = dfuseImage([{ address: start, bytes: wanted }]);
const hour = 3_600_000;

const steps = ['back-up', 'erase', 'write', 'verify'] as const satisfies readonly StepName[];
type HeldStep = (typeof steps)[number];

interface Held {
  readonly rig: Rig;
  readonly jobs: RunningJobs;
  readonly id: string;
  readonly before: Uint8Array;
  readonly job: () => JobSnapshot;
}

/** How much the board has done, of what the step has it do. */
function doneIn(rig: Rig, step: HeldStep): number {
  const { erases, blocks, upload } = rig.board.statistics;
  return { 'back-up': upload, erase: erases, write: blocks, verify: upload }[step];
}

/** A job in the middle of this step: three pieces of it are done, and more are to come. */
async function inTheMiddle(step: HeldStep, timeScale = 1): Promise<Held> {
  const rig = makeRig('nanovna-h', { timeScale });
  const before = rig.board.flash.slice();
  const jobs = jobsOf(rig.services, 1);
  const id = jobs.start(jobOn(rig.port.portPath, image));
  const over = new AbortController();
  const answering = answerAll(jobs, over.signal);
  const job = (): JobSnapshot => {
    const found = jobs.snapshots.value.find((one) => one.id === id);
    if (found === undefined) throw new Error('no job');
    return found;
  };
  const runs = (): boolean => job().steps.some((one) => one.step === step && one.state === 'running');
  while (!runs()) await sleep(rig.clock, 1);
  const first = doneIn(rig, step);
  while (doneIn(rig, step) < first + 3) await sleep(rig.clock, 1);
  expect(runs()).toBe(true);
  over.abort();
  await answering;
  return { rig, jobs, id, before, job };
}

/** Until it is at its border; then hours pass, in which nothing reaches the board. */
async function heldForHours({ rig, job }: Held): Promise<void> {
  while (job().state !== 'paused') {
    expect(job().state).toBe('pausing');
    await sleep(rig.clock, 1);
  }
  const flash = rig.board.flash.slice();
  const statistics = { ...rig.board.statistics };
  await sleep(rig.clock, 9 * hour);
  expect(job().state).toBe('paused');
  expect(rig.board.statistics).toEqual(statistics);
  expect(sameBytes(rig.board.flash, flash)).toBe(true);
}

function expectVerified({ rig, job, before }: Held): void {
  expect(job().result).toMatchObject({ outcome: 'done', content: { kind: 'verified' } });
  expect(sameBytes(rig.board.flash.subarray(0, wanted.length), wanted)).toBe(true);
  // And nothing beside it was touched.
  const rest = Math.ceil(wanted.length / 2048) * 2048;
  expect(sameBytes(rig.board.flash.subarray(rest), before.subarray(rest))).toBe(true);
}

/** What is told of the board is so, and at most one sector or block is in doubt. */
function expectTruth({ rig, job, before }: Held): void {
  const { result } = job();
  if (result === undefined) throw new Error('it has not ended');
  const truth = { start, now: rig.board.flash, before, wanted };
  expect(lieOfResult(result, truth)).toBeUndefined();
  expect(totalSize(result.inDoubt)).toBeLessThanOrEqual(2048);
}

function expectStopped({ job }: Held, step: HeldStep): void {
  const { result } = job();
  expect(result).toMatchObject({ error: { code: 'job.stopped' }, inDoubt: [] });
  expect(result?.outcome).toBe(step === 'back-up' ? 'cancelled' : 'interrupted');
}

/** Once more, on whatever the board holds now. */
async function againVerified(held: Held): Promise<void> {
  const again = held.jobs.again(held.id);
  await allEnded(held.jobs);
  const job = (): JobSnapshot => held.jobs.snapshots.value.find(({ id }) => id === again) as JobSnapshot;
  expectVerified({ ...held, job });
}

// Blocks come faster here than progress is told.
it('what is shown of a job that is held is how far it is', async () => {
  const held = await inTheMiddle('write', 0.05);
  held.jobs.pause(held.id);
  await heldForHours(held);
  const shown = held.job().steps.find(({ step }) => step === 'write')?.doneBytes;
  expect(shown).toBe(held.rig.board.statistics.dataBytes);
  held.jobs.resume(held.id);
  await allEnded(held.jobs);
  expectVerified(held);
});

describe.each(steps)('in the middle of %s', (step) => {
  it('the computer sleeps for hours, and the job goes on where it was', async () => {
    const held = await inTheMiddle(step);
    held.jobs.sleep(true);
    await heldForHours(held);
    held.jobs.sleep(false);
    await allEnded(held.jobs);
    expectVerified(held);
    expect(held.rig.board.statistics.erases).toBe(12);
    expect(held.rig.board.statistics.blocks).toBe(12);
  });

  it('a person pauses it for hours, and it goes on where it was', async () => {
    const held = await inTheMiddle(step);
    held.jobs.pause(held.id);
    await heldForHours(held);
    held.jobs.resume(held.id);
    await allEnded(held.jobs);
    expectVerified(held);
  });

  it('the computer sleeps, and on waking the board is gone', async () => {
    const held = await inTheMiddle(step);
    held.jobs.sleep(true);
    await heldForHours(held);
    held.rig.port.unplug();
    held.jobs.sleep(false);
    await allEnded(held.jobs);
    expect(held.job().result?.error?.code).toBe('usb.gone');
    expectTruth(held);
    held.rig.port.replug();
    await againVerified(held);
  });

  it('the computer sleeps, its ports lose their power, and on waking the board is there anew', async () => {
    const held = await inTheMiddle(step);
    held.jobs.sleep(true);
    await heldForHours(held);
    held.rig.port.replug();
    await sleep(held.rig.clock, 1_000);
    held.jobs.sleep(false);
    await allEnded(held.jobs);
    expectTruth(held);
    expect(held.job().result?.error?.code).toBe('usb.gone');
    await againVerified(held);
  });

  it('the computer shuts down: it ends at a block border with nothing in doubt', async () => {
    const held = await inTheMiddle(step);
    await held.jobs.stopAll();
    expectStopped(held, step);
    expectTruth(held);
    const { journal } = held.rig.services;
    const [open] = await journal.openJobs();
    if (step === 'back-up') {
      expect(open).toBeUndefined();
      return;
    }
    // What the next start of the program proposes, and what comes of it.
    expect(open?.proposal).toEqual({ do: 'resume' });
    await held.rig.run(await journal.requestToResume(open?.id ?? ''));
    expect(sameBytes(held.rig.board.flash.subarray(0, wanted.length), wanted)).toBe(true);
    expect(await journal.openJobs()).toEqual([]);
  });

  it('the computer shuts down while it sleeps', async () => {
    const held = await inTheMiddle(step);
    held.jobs.sleep(true);
    await heldForHours(held);
    await held.jobs.stopAll();
    expectStopped(held, step);
    expectTruth(held);
  });
});
