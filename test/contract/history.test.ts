// The history and open jobs over every carrier.
import { describe, expect, it } from 'vitest';
import type { StudioClient } from '../../renderer/client/connect.ts';
import { gatherHistory } from '../../renderer/client/history-file.ts';
import { watchJobs } from '../../renderer/client/watch-jobs.ts';
import { writeDfuse } from '../../main/images/formats/dfuse-write.ts';
import type { HistoryEntry } from '../../shared/history.ts';
import { limits } from '../../shared/limits.ts';
import type { Result } from '../../shared/result.ts';
import { leaveKilledFlash, leavePastJobs } from '../support/past-jobs.ts';
import { program } from '../support/rig.ts';
import { carrierNames, serveOver } from './over-carriers.ts';
import { openImage, plugged, refused, untilEnded } from './page.ts';

const image = writeDfuse({
  ids: { vendorId: 0x0483, productId: 0xdf11, bcdDevice: 0xffff },
  targets: [{ alternate: 0, elements: [{ address: 0x08000000, bytes: program(20_000) }] }],
});

describe.each(carrierNames)('the history over %s', (name) => {
  const over = serveOver(name, { faults: [{ kind: 'vanish', at: { what: 'block', index: 4 } }] });

  it('goes on with a job whose board was pulled, after asking, and keeps both', async () => {
    const portPath = await plugged(over.client);
    const images = [await openImage(over.client, image)];
    const plan = await over.client.jobs.plan({ portPath, images });
    const pulled = await over.client.jobs.flash({ portPath, images, confirmed: plan.hash });
    expect((await untilEnded(over.client, pulled.id)).result).toMatchObject({ outcome: 'interrupted' });
    const { jobs } = await over.client.history.open({});
    expect(jobs).toMatchObject([
      { state: 'ended', backupThere: true, proposal: { do: 'resume' }, unit: { portPath, virtual: true } },
    ]);
    const id = jobs[0]?.id ?? '';
    const { backups } = await over.client.backups.list({});
    expect(jobs[0]?.backupId).toBe(backups[0]?.id);
    over.rig.bench.replug(portPath);

    const declined = await over.client.history.resume({ id });
    expect(await answered(over.client, declined.id, false)).toMatchObject({
      error: { code: 'question.declined' },
    });
    const resumed = await over.client.history.resume({ id });
    expect(await refused(over.client.history.resume({ id }))).toBe('device.locked');
    expect(await answered(over.client, resumed.id, true)).toMatchObject({
      outcome: 'done',
      content: { kind: 'verified' },
    });
    expect((await over.client.history.open({})).jobs).toEqual([]);

    const { jobs: past, counts, more } = await over.client.history.list({});
    expect(past.map(({ closed }) => closed?.why)).toEqual(['ended', 'ended', 'resumed']);
    expect(past[0]?.steps.find(({ step }) => step === 'write')).toMatchObject({ state: 'done' });
    expect(past[2]?.images).toMatchObject([{ name: 'firmware.dfu' }]);
    expect(more).toBe(false);
    // Nothing of this was real.
    expect(counts).toEqual({ jobs: 0, done: 0 });
    expect((await over.client.history.list({ virtual: true })).counts).toEqual({ jobs: 3, done: 1 });
    expect(await over.client.history.job({ id: past[0]?.id ?? '' })).toEqual(past[0]);
    await over.client.boards.unplugVirtual({ portPath });
  });

  it('does a resumption that failed once more as a flash of its own', async () => {
    const portPath = await plugged(over.client);
    const images = [await openImage(over.client, image)];
    const plan = await over.client.jobs.plan({ portPath, images });
    const pulled = await over.client.jobs.flash({ portPath, images, confirmed: plan.hash });
    // What the board's program said may have come after the plan, and brings a question of its own.
    expect(await answered(over.client, pulled.id, true)).toMatchObject({ outcome: 'interrupted' });
    const [open] = (await over.client.history.open({})).jobs;
    const stopped = await over.client.history.resume({ id: open?.id ?? '' });
    await over.client.jobs.cancel({ id: stopped.id, how: 'stop' });
    await over.client.history.discard({ id: open?.id ?? '' });
    over.rig.bench.replug(portPath);
    const again = await over.client.jobs.again({ id: stopped.id });
    expect(await answered(over.client, again.id, true)).toMatchObject({ content: { kind: 'verified' } });
    await over.client.boards.unplugVirtual({ portPath });
  });

  it('tells what a killed program left, and puts it away', async () => {
    const backupId = await leaveKilledFlash(over.rig.host.paths);
    const sectors = (from: number, to: number) => [
      { alternate: 0, ranges: [{ start: 0x08000000 + from * 2048, end: 0x08000000 + to * 2048 }] },
    ];
    const { jobs } = await over.client.history.open({});
    expect(jobs).toMatchObject([
      {
        id: 'killed',
        state: 'died',
        lastStep: 'write',
        written: sectors(0, 2),
        inDoubt: sectors(2, 3),
        erased: sectors(3, 10),
        backupId,
        proposal: { do: 'resume' },
      },
    ]);
    await over.client.history.discard({ id: 'killed' });
    expect((await over.client.history.open({})).jobs).toEqual([]);
    expect(await refused(over.client.history.discard({ id: 'killed' }))).toBe('resume.unknown');
    expect(await refused(over.client.history.resume({ id: 'killed' }))).toBe('resume.unknown');
    expect(await over.client.history.job({ id: 'killed' })).toMatchObject({ closed: { why: 'discarded' } });
  });

  it('is searched, filtered, paged, told by board, and leaves whole in pieces', async () => {
    const many = Object.fromEntries(
      Array.from({ length: 130 }, (_, index) => [
        `past-${index}`,
        {
          unit: {
            serial: index % 2 === 0 ? 'EVEN-24680ACE' : 'ODD-13579BDF',
            portPath: `1-${(index % 3) + 1}`,
            productId: 0x1234,
          },
          startedAt: `2026-03-0${(index % 9) + 1}T09:00:00.000Z`,
          // Long enough for several pieces.
          result: {
            requests: { ['x'.repeat(4_000)]: 1 },
            ...(index === 7 ? { outcome: 'failed' as const } : {}),
          },
        },
      ]),
    );
    await leavePastJobs(over.rig.host.paths, many);
    const first = await over.client.history.list({ virtual: false });
    expect(first).toMatchObject({ more: true, counts: { jobs: 131, done: 129 } });
    expect(first.jobs).toHaveLength(limits.historyPageJobs);
    const second = await over.client.history.list({ virtual: false, before: first.jobs.at(-1)?.number ?? 0 });
    const third = await over.client.history.list({ virtual: false, before: second.jobs.at(-1)?.number ?? 0 });
    const all = [first, second, third].flatMap(({ jobs }) => jobs);
    expect(third.more).toBe(false);
    expect(all.map(({ id }) => id)).toEqual([...Object.keys(many).toReversed(), 'killed']);

    expect((await over.client.history.list({ search: 'past-12' })).jobs).toHaveLength(11);
    expect((await over.client.history.list({ ended: 'badly', virtual: false })).jobs).toMatchObject([
      { id: 'past-7' },
    ]);
    expect((await over.client.history.list({ ended: 'never', virtual: false })).jobs).toMatchObject([
      { id: 'killed' },
    ]);
    const late = await over.client.history.list({ since: '2026-03-09T00:00:00.000Z', virtual: false });
    expect(late.counts.jobs).toBe(14);

    // A serial number of its own tells a board in any port.
    const units = await over.client.history.units({});
    const odd = units.find(({ unit }) => unit.serial === 'ODD-13579BDF');
    expect(odd).toMatchObject({ jobs: 65, lastJob: 'past-129' });
    const ofOdd = await over.client.history.list({ unitOf: 'past-7' });
    expect(ofOdd).toMatchObject({ counts: { jobs: 65 }, unit: { serial: 'ODD-13579BDF', portPath: '1-1' } });
    expect(await refused(over.client.history.list({ unitOf: 'nobody' }))).toBe('api.unknown');

    const { jobs } = JSON.parse(await (await gatherHistory(over.client, { format: 'json' })).text()) as {
      jobs: HistoryEntry[];
    };
    expect(jobs.map(({ id }) => id)).toEqual(all.map(({ id }) => id));
    expect(jobs[0]?.unit.serial).toBe('ODD-13579BDF');
    const csv = await (await gatherHistory(over.client, { format: 'csv', unitOf: 'past-7' })).text();
    const lines = csv.trimEnd().split('\r\n');
    expect(lines).toHaveLength(66);
    expect(lines.slice(1).every((line) => line.includes(',ODD-13579BDF,'))).toBe(true);
    // What is virtual leaves only when it is asked for.
    expect(await virtualLines(over.client, {})).toBe(0);
    expect(await virtualLines(over.client, { virtual: true })).toBeGreaterThanOrEqual(3);

    const { piece, next } = await over.client.history.export({ format: 'json' });
    expect(piece.size).toBe(limits.chunkBytes);
    expect(next).toBeDefined();
  });
});

async function virtualLines(client: StudioClient, wish: { virtual?: boolean }): Promise<number> {
  const csv = await (await gatherHistory(client, { format: 'csv', ...wish })).text();
  return csv.split('\r\n').filter((line) => line.includes(',yes,virtual-')).length;
}

/** Answers whatever a job asks the same way; how it ended. */
async function answered(client: StudioClient, id: string, yes: boolean): Promise<Result | undefined> {
  const ended = untilEnded(client, id);
  for await (const jobs of watchJobs(client)) {
    const job = jobs.find((one) => one.id === id);
    if (job?.result !== undefined) break;
    if (job?.question === undefined) continue;
    await client.jobs.answer({ id, question: job.question.id, answer: yes }).catch(() => undefined);
  }
  return (await ended).result;
}
