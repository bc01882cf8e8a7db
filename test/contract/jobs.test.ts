// Jobs as a page begins, follows and ends them.
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { connect } from '../../renderer/client/connect.ts';
import { watchJobs } from '../../renderer/client/watch-jobs.ts';
import { writeDfuse } from '../../main/images/formats/dfuse-write.ts';
import { program } from '../support/rig.ts';
import type { JobSnapshot } from '../../shared/job-snapshot.ts';
import { carrierNames, serveOver } from './over-carriers.ts';
import { openImage, plugged, refused, untilEnded } from './page.ts';
import { carriers, makeStudio } from './studio-rig.ts';

const image = writeDfuse({
  ids: { vendorId: 0x0483, productId: 0xdf11, bcdDevice: 0xffff },
  targets: [{ alternate: 0, elements: [{ address: 0x08000000, bytes: program(90_000) }] }],
});

describe.each(carrierNames)('jobs over %s', (name) => {
  const over = serveOver(name);

  it('plans, flashes as planned, and tells it in whole snapshots', async () => {
    const portPath = await plugged(over.client);
    const id = await openImage(over.client, image);
    expect(await over.client.images.inspect({ id })).toMatchObject({ format: 'dfuse', ids: '0483:df11' });
    const plan = await over.client.jobs.plan({ portPath, images: [id] });
    expect(plan.refusals).toEqual([]);
    const job = await over.client.jobs.flash({ portPath, images: [id], confirmed: plan.hash });
    const ended = await untilEnded(over.client, job.id);
    expect(ended.result).toMatchObject({ outcome: 'done', content: { kind: 'verified' }, app: 'running' });
    expect(ended.steps.find(({ step }) => step === 'write')).toMatchObject({ state: 'done' });
    expect(ended.backup?.path).toContain('virtual-stm32f072-');
    await over.client.images.close({ id });
    await over.client.jobs.dismiss({ id: job.id });
    await over.client.boards.unplugVirtual({ portPath });
  });

  it('does a stopped job again, once its board is back, without asking twice', async () => {
    // A board of which nothing is remembered: what is known of one may be forgotten while it is away, and then the plan asks again.
    const kind = 'stm32f405';
    const portPath = await plugged(over.client, kind);
    const id = await openImage(over.client, image);
    const plan = await over.client.jobs.plan({ portPath, images: [id] });
    await over.client.boards.unplugVirtual({ portPath });
    const gone = await over.client.jobs.flash({ portPath, images: [id], confirmed: plan.hash });
    expect((await untilEnded(over.client, gone.id)).result?.error?.code).toBe('device.none');
    // The page that sent the file may be gone by now.
    await over.client.images.close({ id });
    const again = await over.client.jobs.again({ id: gone.id });
    expect(await refused(over.client.jobs.again({ id: again.id }))).toBe('device.locked');
    expect(await plugged(over.client, kind)).toBe(portPath);
    expect((await untilEnded(over.client, again.id)).result).toMatchObject({ content: { kind: 'verified' } });
    expect(await refused(over.client.jobs.again({ id: gone.id }))).toBe('api.unknown');
    await over.client.jobs.dismiss({ id: again.id });
    expect(await refused(over.client.jobs.again({ id: again.id }))).toBe('api.unknown');
    await over.client.boards.unplugVirtual({ portPath });
  });

  it('waits for a board of a profile, shows what the hand is to do, hears it, and flashes it once it is there', async () => {
    const id = await openImage(over.client, image);
    const portPath = await plugged(over.client);
    await over.client.boards.unplugVirtual({ portPath });
    const plan = await over.client.jobs.planForBoard({ profile: 'nanovna-h', images: [id], portPath });
    expect(plan).toMatchObject({ board: expect.stringContaining('NanoVNA-H') as string, portPath: 'none' });
    expect(plan.refusals).toEqual([]);
    expect(await refused(over.client.jobs.planForBoard({ profile: 'nobody', images: [id] }))).toBe(
      'api.unknown',
    );
    expect(await refused(over.client.jobs.guide({ id: 'job-999', say: 'done' }))).toBe('api.unknown');
    // These bytes name no board: that is asked before anybody holds a button.
    expect(plan.questions.map((question) => question.id)).toEqual(['file-names-no-board', 'confirm']);
    const job = await over.client.jobs.arm({
      profile: 'nanovna-h',
      images: [id],
      portPath,
      confirmed: plan.hash,
      agreed: ['file-names-no-board'],
    });
    for await (const jobs of watchJobs(over.client)) {
      const guide = jobs.find((one) => one.id === job.id)?.guide;
      if (guide === undefined) continue;
      expect(guide).toMatchObject({ board: plan.board, caught: false, tries: 1 });
      break;
    }
    await over.client.jobs.guide({ id: job.id, say: 'done' });
    expect(await over.client.boards.plugVirtual({ board: 'nanovna-h' })).toMatchObject({ portPath });
    const ended = await untilEnded(over.client, job.id);
    expect(ended).toMatchObject({ portPath, result: { outcome: 'done', content: { kind: 'verified' } } });
    await over.client.images.close({ id });
    await over.client.jobs.dismiss({ id: job.id });
    await over.client.boards.unplugVirtual({ portPath });
  });

  it('asks again when the plan is not the one that was confirmed, and takes no for an answer', async () => {
    const portPath = await plugged(over.client, 'stm32f405');
    const id = await openImage(over.client, image);
    const job = await over.client.jobs.flash({ portPath, images: [id], confirmed: '0'.repeat(64) });
    let ended: JobSnapshot | undefined;
    for await (const jobs of watchJobs(over.client)) {
      ended = jobs.find((one) => one.id === job.id);
      if (ended?.result !== undefined) break;
      if (ended?.question?.id !== 'confirm') continue;
      expect(
        await refused(over.client.jobs.answer({ id: job.id, question: 'write-as-raw', answer: true })),
      ).toBe('api.unknown');
      await over.client.jobs.answer({ id: job.id, question: 'confirm', answer: false });
    }
    expect(ended?.result).toMatchObject({
      outcome: 'cancelled',
      content: { kind: 'untouched' },
    });
    // One watch saw it come and go: that a field is empty again has to cross, too.
    expect(ended?.question).toBeUndefined();
    await over.client.boards.unplugVirtual({ portPath });
  });

  it('pauses, goes on, changes the order, and says how many may run', async () => {
    for (const call of ['pause', 'resume', 'move'] as const)
      expect(await refused(over.client.jobs[call]({ id: 'job-999' }))).toBe('api.unknown');
    await over.client.settings.change({ runningAtOnce: 2 });
    for await (const { queue } of await over.client.jobs.watch({})) {
      if (queue?.runningAtOnce === 2) break;
    }
    await expect(over.client.settings.change({ runningAtOnce: 0 })).rejects.toMatchObject({
      code: 'BAD_REQUEST',
    });
    await over.client.settings.change({ runningAtOnce: 16 });
  });

  it('a page that goes takes no job with it', async () => {
    const portPath = await plugged(over.client, 'stm32f405');
    const channel = await over.carrier.page();
    const leaving = connect(channel);
    const { id } = await leaving.jobs.backUp({ portPath });
    channel.close();
    expect((await untilEnded(over.client, id)).result).toMatchObject({ outcome: 'done' });
    await over.client.boards.unplugVirtual({ portPath });
  });

  it('no more than ten snapshots a second, and every change of state', async () => {
    const slow = await makeStudio({ timeScale: 0.05 });
    const itsCarrier = await carriers[name](slow.studio);
    const page = connect(await itsCarrier.page());
    const portPath = await plugged(page);
    const file = await openImage(page, image);
    const plan = await page.jobs.plan({ portPath, images: [file] });
    const { id } = await page.jobs.flash({ portPath, images: [file], confirmed: plan.hash });
    const states = new Set<string>();
    let counted = 0;
    let before = '';
    const started = performance.now();
    for await (const jobs of watchJobs(page)) {
      const job = jobs.find((one) => one.id === id);
      if (job === undefined) continue;
      const steps = job.steps.map((step) => step.state);
      const state = JSON.stringify({ ...job, rates: [], timeLeftMs: 0, steps });
      for (const step of job.steps) states.add(`${step.step} ${step.state}`);
      // Snapshots in which only numbers moved.
      if (state === before) counted++;
      before = state;
      if (job.result !== undefined) break;
    }
    expect(states).toContain('write running');
    expect(states).toContain('verify running');
    expect(states).toContain('confirm done');
    // Counted, not timed: on a busy computer they arrive in bunches.
    expect(counted).toBeLessThanOrEqual((performance.now() - started) / 100 + 1);
    await itsCarrier[Symbol.asyncDispose]();
    await slow[Symbol.asyncDispose]();
  });

  it('stops a job at its next block, and answers when it has ended', async () => {
    const slow = await makeStudio({ timeScale: 1 });
    const itsCarrier = await carriers[name](slow.studio);
    const page = connect(await itsCarrier.page());
    const portPath = await plugged(page);
    const file = await openImage(page, image);
    const plan = await page.jobs.plan({ portPath, images: [file], backup: false });
    const { id } = await page.jobs.flash({ portPath, images: [file], backup: false, confirmed: plan.hash });
    for await (const jobs of watchJobs(page)) {
      const write = jobs[0]?.steps.find(({ step }) => step === 'erase');
      if ((write?.doneBytes ?? 0) > 0) break;
    }
    await page.jobs.cancel({ id, how: 'stop' });
    const job = await untilEnded(page, id);
    expect(job.result).toMatchObject({ outcome: 'interrupted', inDoubt: [] });
    await sleep(0);
    await itsCarrier[Symbol.asyncDispose]();
    await slow[Symbol.asyncDispose]();
  }, 30_000);
});
