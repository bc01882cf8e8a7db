// One recipe for many boards, begun by a page.
import { describe, expect, it } from 'vitest';
import { writeDfuse } from '../../main/images/formats/dfuse-write.ts';
import { program } from '../support/rig.ts';
import { carrierNames, serveOver } from './over-carriers.ts';
import { openImage, plugged, refused } from './page.ts';

const image = writeDfuse({
  ids: { vendorId: 0x0483, productId: 0xdf11, bcdDevice: 0xffff },
  targets: [{ alternate: 0, elements: [{ address: 0x08000000, bytes: program(90_000) }] }],
});

describe.each(carrierNames)('many boards over %s', (name) => {
  const over = serveOver(name);

  it('flashes many boards with one recipe, and leaves the one whose plan was not confirmed', async () => {
    // Boards of which nothing is remembered: what is known of one may change the plan, and then it asks again.
    const kind = 'stm32f405';
    const ports = [
      await plugged(over.client, kind),
      await plugged(over.client, kind),
      await plugged(over.client, kind),
    ];
    const id = await openImage(over.client, image);
    const hashes = await Promise.all(
      ports.map(
        async (portPath) => (await over.client.jobs.plan({ portPath, images: [id], backup: false })).hash,
      ),
    );
    const boards = ports.map((portPath, index) => ({ portPath, confirmed: hashes[index] ?? '' }));
    const [first, second, third] = boards;
    if (first === undefined || second === undefined || third === undefined) throw new Error('no boards');
    const asked = [first, second, { ...third, confirmed: '0'.repeat(64) }];
    const { batch } = await over.client.jobs.flashAll({ images: [id], backup: false, boards: asked });
    const ended = async () => {
      for await (const all of await over.client.jobs.watchBatches({})) {
        const mine = all.find((one) => one.id === batch);
        if (mine?.state === 'ended') return mine;
      }
      throw new Error('the watch has ended');
    };
    const one = await ended();
    expect(one.counts, JSON.stringify(one.units)).toEqual({ running: 0, done: 2, failed: 0, left: 1 });
    expect(await over.client.jobs.retryFailed({ batch, boards: [third] })).toEqual({ retried: 1 });
    expect((await ended()).counts).toEqual({ running: 0, done: 3, failed: 0, left: 0 });
    expect(await refused(over.client.jobs.stopBatch({ batch: 'batch-99' }))).toBe('api.unknown');
    // Which boards it is about was settled when it was made.
    expect(await refused(over.client.jobs.stopBatchAfter({ batch, count: 9 }))).toBe('api.unknown');
    expect(await refused(over.client.jobs.nextLike({ id: 'job-999' }))).toBe('api.unknown');
    const { piece, next } = await over.client.jobs.batchTable({ batch });
    expect(next).toBeUndefined();
    // The third had two turns: a row each.
    expect((await piece.text()).trimEnd().split('\r\n')).toHaveLength(1 + 4);
    const twice = over.client.jobs.flashAll({ images: [id], boards: [first, first] });
    await expect(twice).rejects.toMatchObject({ code: 'BAD_REQUEST' });
    await over.client.images.close({ id });
    for (const portPath of ports) await over.client.boards.unplugVirtual({ portPath });
  });

  it('waits for the next boards, until it is told to stop', async () => {
    const id = await openImage(over.client, image);
    const recipe = { images: [id], profile: 'nanovna-h', backup: false };
    const plan = await over.client.jobs.planForBoard(recipe);
    const agreed = plan.questions.map((question) => question.id);
    const { batch } = await over.client.jobs.armNext({
      ...recipe,
      confirmed: plan.hash,
      agreed,
      stopAfter: 3,
    });
    let stopped = false;
    for await (const all of await over.client.jobs.watchBatches({})) {
      const mine = all.find((one) => one.id === batch);
      expect(mine).toMatchObject({ kind: 'next', wanted: 3, profile: 'nanovna-h' });
      expect(mine?.problem).toBeUndefined();
      if (mine?.state === 'ended') break;
      if (!stopped) await over.client.jobs.stopBatch({ batch });
      stopped = true;
    }
    await over.client.images.close({ id });
  });
});
