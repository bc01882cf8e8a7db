// What the daily look finds, as a page sees it: on the cards of boards that are there or come, with one notice; nobody is asked for it.
import { expect, it } from 'vitest';
import { nanovnaProgram } from '../../main/bench/boards/nanovna-program.ts';
import { connect, type StudioClient } from '../../renderer/client/connect.ts';
import type { BoardUpdates } from '../../shared/board-updates.ts';
import { newsText, updatesTitle } from '../../shared/text/board-updates.ts';
import { refused } from './page.ts';
import { standInSources } from './stand-in-sources.ts';
import { carriers, makeStudio } from './studio-rig.ts';

const program = (version: string) =>
  nanovnaProgram({ family: 'dislord', model: 'NanoVNA-H', version }, 90_000, 5);

async function openAll() {
  const sources = standInSources();
  const opened: string[] = [];
  const rig = await makeStudio({
    sources,
    actions: {
      openAddress(address) {
        opened.push(address);
        return Promise.resolve();
      },
    },
  });
  const carrier = await carriers.MessagePort(rig.studio);
  const client = connect(await carrier.page());
  return {
    sources,
    client,
    rig,
    opened,
    async [Symbol.asyncDispose]() {
      await carrier[Symbol.asyncDispose]();
      await rig[Symbol.asyncDispose]();
    },
  };
}

async function plug(client: StudioClient): Promise<string> {
  const { portPath } = await client.boards.plugVirtual({ board: 'nanovna-h', startIn: 'app' });
  await client.boards.refresh({});
  return portPath;
}

async function until(client: StudioClient, fits: (all: readonly BoardUpdates[]) => boolean) {
  for await (const all of await client.updates.watch({})) if (fits(all)) return all;
  throw new Error('the watch has ended');
}

it('shows what it found on the card of a board that was looked for, with one notice that goes when somebody looks', async () => {
  await using all = await openAll();
  const { client, sources } = all;
  const portPath = await plug(client);
  sources.offers = [sources.offer('1.2.40', program('1.2.40'))];
  const before = await client.updates.look({ portPath });
  expect(before.best).toBeUndefined();
  sources.asked.length = 0;
  sources.offers = [sources.offer('1.3.0', program('1.3.0')), ...sources.offers];
  sources.daily?.changed();
  const told = await until(client, ([one]) => one?.news !== undefined);
  expect(told.map(updatesTitle)).toEqual(['1.3.0 is available']);
  expect(newsText(told)).toBe('Newer firmware is known: 1.3.0 for NanoVNA-H.');
  expect(sources.asked.every((one) => one === 'look nanovna-h kept')).toBe(true);
  // The same again is no news, and what it says stays until somebody has looked.
  sources.daily?.changed();
  await expect.poll(() => sources.asked.length).toBeGreaterThan(1);
  expect((await until(client, () => true))[0]?.news).toBe(told[0]?.best);
  await client.updates.look({ portPath });
  const after = await until(client, () => true);
  expect(newsText(after)).toBe('');
  expect(after[0]?.best).toBe(told[0]?.best);
});

it('shows boards that come later what is kept, and opens none of them for it', async () => {
  await using all = await openAll();
  const { client, sources } = all;
  await client.settings.change({ lookDaily: true });
  // Never looked for: nothing is kept of it.
  const other = await plug(client);
  await expect.poll(() => sources.asked).toContain('look nanovna-h kept');
  expect(await until(client, () => true)).toEqual([]);
  await client.boards.unplugVirtual({ portPath: other });
  await client.boards.refresh({});
  sources.keptAt = '2026-11-20T08:00:00.000Z';
  sources.offers = [sources.offer('1.3.0', program('1.3.0'))];
  const portPath = await plug(client);
  const [shown] = await until(client, (found) => found.length > 0);
  expect(shown?.standing).toMatchObject({ portPath, profile: 'nanovna-h' });
  expect(shown?.standing.version).toBeUndefined();
  expect(shown === undefined ? '' : updatesTitle(shown)).toBe(
    'Which version it holds is not known; one is available (looked on 2026-11-20)',
  );
  // Whether it is newer nobody knows: that is no news.
  expect(shown?.news).toBeUndefined();
  expect(sources.asked.every((one) => one === 'look nanovna-h kept')).toBe(true);
  // What it shows can be had like any other offer; a click asks the board as well.
  expect((await client.updates.fetch({ portPath, offer: shown?.offers[0]?.id ?? '' })).offer.version).toBe(
    '1.3.0',
  );
  expect((await client.updates.look({ portPath })).offers[0]?.comparison).toBe('newer');
});

it('tells of nothing by itself where it is switched off, and of what is there when it is switched on', async () => {
  await using all = await openAll();
  const { client, sources } = all;
  sources.keptAt = '2026-11-20T08:00:00.000Z';
  sources.offers = [sources.offer('1.3.0', program('1.3.0'))];
  await plug(client);
  expect(await until(client, () => true)).toEqual([]);
  expect(sources.asked).toEqual([]);
  expect(sources.daily?.wanted()).toBe(false);
  await client.settings.change({ lookDaily: true });
  expect(sources.daily?.wanted()).toBe(true);
  await until(client, (found) => found.length > 0);
});

it("opens a maker's page by its board and source alone, and no address of a page's own", async () => {
  await using all = await openAll();
  const { client, sources, opened } = all;
  const address = 'https://example.org/firmware';
  sources.makersPages = [{ profile: 'nanovna-h', source: 'web', address, take: 'Take the .dfu.' }];
  const portPath = await plug(client);
  expect(await refused(client.updates.openPage({ portPath, source: 'web' }))).toBe('api.unknown');
  await client.updates.look({ portPath });
  await client.updates.openPage({ portPath, source: 'web' });
  expect(opened).toEqual([address]);
  expect(await refused(client.updates.openPage({ portPath, source: 'other' }))).toBe('api.unknown');
  const strange = client.updates.openPage as (input: object) => Promise<unknown>;
  for (const input of [
    { portPath, source: 'https://evil.example' },
    { portPath, source: 'web', address: 'https://evil.example' },
    { portPath, address: 'https://evil.example' },
    { portPath: '../..', source: 'web' },
  ])
    await expect(strange(input)).rejects.toMatchObject({ code: 'BAD_REQUEST' });
  expect(opened).toEqual([address]);
  expect((await client.app.report({})).canOpenPages).toBe(true);
});
