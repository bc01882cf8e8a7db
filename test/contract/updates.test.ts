// Updates over the wire: what a page may ask for, and what it gets when it asks for more.
import { describe, expect, it } from 'vitest';
import { nanovnaProgram } from '../../main/bench/boards/nanovna-program.ts';
import type { BoardUpdates } from '../../shared/board-updates.ts';
import { FlashError } from '../../shared/errors/flash-error.ts';
import { carrierNames, serveOver } from './over-carriers.ts';
import { refused, untilEnded } from './page.ts';
import { standInSources } from './stand-in-sources.ts';

const program = (version: string) =>
  nanovnaProgram({ family: 'dislord', model: 'NanoVNA-H', version }, 90_000, 5);

describe.each(carrierNames)('over %s', (name) => {
  const sources = standInSources();
  const over = serveOver(name, { sources });

  async function running(): Promise<string> {
    const { portPath } = await over.client.boards.plugVirtual({ board: 'nanovna-h', startIn: 'app' });
    await over.client.boards.refresh({});
    return portPath;
  }

  async function found(portPath: string, fits: (one: BoardUpdates) => boolean = () => true) {
    for await (const all of await over.client.updates.watch({})) {
      const mine = all.find(({ standing }) => standing.portPath === portPath);
      if (mine !== undefined && fits(mine)) return mine;
    }
    throw new Error('the watch has ended');
  }

  it('asks nobody before a person wants to know', async () => {
    const portPath = await running();
    expect(sources.asked).toEqual([]);
    await over.client.boards.unplugVirtual({ portPath });
  });

  it('looks, offers, fetches, flashes, and knows afterwards what the board holds', async () => {
    const portPath = await running();
    sources.offers = [sources.offer('1.3.0', program('1.3.0')), sources.offer('1.2.1', program('1.2.1'))];
    const updates = await over.client.updates.look({ portPath });
    expect(updates.standing).toMatchObject({ profile: 'nanovna-h', version: { version: '1.2.40' } });
    expect(updates.offers.map((one) => [one.version, one.comparison])).toEqual([
      ['1.3.0', 'newer'],
      ['1.2.1', 'older'],
    ]);
    expect(await found(portPath)).toEqual(updates);
    const { best = '' } = updates;
    const fetched = await over.client.updates.fetch({ portPath, offer: best });
    expect(fetched).toMatchObject({ digest: 'checked', from: 'net', offer: { version: '1.3.0' } });
    expect(JSON.stringify(fetched)).not.toContain('https:');
    const images = [fetched.image.id];
    const plan = await over.client.jobs.plan({ portPath, images, address: 0x08000000, profile: 'nanovna-h' });
    expect(plan.refusals).toEqual([]);
    expect(plan.questions.map(({ id }) => id)).toEqual(['confirm']);
    const job = await over.client.jobs.flash({
      portPath,
      images,
      address: 0x08000000,
      profile: 'nanovna-h',
      confirmed: plan.hash,
    });
    const ended = await untilEnded(over.client, job.id);
    expect(ended.result).toMatchObject({ content: { kind: 'verified' }, app: 'running' });
    const after = await found(portPath, (one) => one.standing.version?.version === '1.3.0');
    expect(after.best).toBeUndefined();
    expect(after.offers[0]?.comparison).toBe('same');
    await over.client.jobs.dismiss({ id: job.id });
    await over.client.boards.unplugVirtual({ portPath });
  });

  it('offers what was found for one board to no other that comes to its port', async () => {
    const portPath = await running();
    sources.offers = [sources.offer('1.3.0', program('1.3.0'))];
    const { best = '' } = await over.client.updates.look({ portPath });
    await over.client.boards.unplugVirtual({ portPath });
    await over.client.boards.refresh({});
    const other = await over.client.boards.plugVirtual({ board: 'pytrack' });
    expect(other.portPath).toBe(portPath);
    await over.client.boards.refresh({});
    for await (const all of await over.client.updates.watch({}))
      if (!all.some(({ standing }) => standing.portPath === portPath)) break;
    expect(await refused(over.client.updates.fetch({ portPath, offer: best }))).toBe('api.unknown');
    await over.client.boards.unplugVirtual({ portPath });
  });

  it('fetches nothing that it did not offer, by whatever name', async () => {
    const portPath = await running();
    const hidden = sources.offer('9.9.9', program('9.9.9'), { variant: 'gold' });
    sources.offers = [hidden, sources.offer('1.3.0', program('1.3.0'), { profile: 'nanovna-h4' })];
    const updates = await over.client.updates.look({ portPath });
    expect(updates.offers).toEqual([]);
    sources.asked.length = 0;
    for (const one of sources.offers)
      expect(await refused(over.client.updates.fetch({ portPath, offer: one.id }))).toBe('api.unknown');
    expect(await refused(over.client.updates.fetch({ portPath, offer: '0'.repeat(32) }))).toBe('api.unknown');
    expect(await refused(over.client.updates.fetch({ portPath: 'virtual-99', offer: hidden.id }))).toBe(
      'api.unknown',
    );
    expect(await refused(over.client.updates.look({ portPath: 'virtual-99' }))).toBe('api.unknown');
    const strange = over.client.updates.fetch as (input: object) => Promise<unknown>;
    for (const input of [
      { portPath, offer: 'https://evil.example/x.bin' },
      { portPath, offer: '/etc/passwd' },
      { portPath, offer: `../${hidden.id}` },
      { portPath, offer: hidden.id, address: 'https://evil.example/x.bin' },
      { portPath: '../..', offer: hidden.id },
      { portPath, offer: { id: hidden.id } },
    ])
      await expect(strange(input)).rejects.toMatchObject({ code: 'BAD_REQUEST' });
    const look = over.client.updates.look as (input: object) => Promise<unknown>;
    for (const input of [
      { portPath, ask: 'everybody' },
      { portPath, source: 'https://evil.example' },
      { portPath: 'a b' },
    ])
      await expect(look(input)).rejects.toMatchObject({ code: 'BAD_REQUEST' });
    expect(sources.asked).toEqual([]);
    await over.client.boards.unplugVirtual({ portPath });
  });

  it('opens no file that says it is another version than was offered', async () => {
    const portPath = await running();
    sources.offers = [sources.offer('1.3.0', program('1.2.9'))];
    const { best = '' } = await over.client.updates.look({ portPath });
    for (let round = 0; round < 10; round++)
      expect(await refused(over.client.updates.fetch({ portPath, offer: best }))).toBe(
        'update.other-version',
      );
    await over.client.boards.unplugVirtual({ portPath });
  });

  it('carries across what goes wrong in fetching, and holds nothing open', async () => {
    const portPath = await running();
    sources.offers = [sources.offer('1.3.0', program('1.3.0'))];
    const { best = '' } = await over.client.updates.look({ portPath });
    sources.fails = new FlashError('update.offline', { host: 'example.org', reason: 'ENOTFOUND' });
    expect(await refused(over.client.updates.fetch({ portPath, offer: best }))).toBe('update.offline');
    sources.fails = undefined;
    expect((await over.client.updates.fetch({ portPath, offer: best })).offer.version).toBe('1.3.0');
    await over.client.boards.unplugVirtual({ portPath });
  });

  it('leaves a board alone that a job has', async () => {
    const portPath = await running();
    const { id } = await over.client.jobs.backUp({ portPath });
    expect(await refused(over.client.updates.look({ portPath }))).toBe('device.locked');
    await untilEnded(over.client, id);
    await over.client.jobs.dismiss({ id });
    await over.client.boards.unplugVirtual({ portPath });
  });

  it('answers two who ask at once with one look', async () => {
    const portPath = await running();
    sources.offers = [sources.offer('1.3.0', program('1.3.0'))];
    sources.asked.length = 0;
    const [first, second] = await Promise.all([
      over.client.updates.look({ portPath }),
      over.client.updates.look({ portPath }),
    ]);
    expect(second).toEqual(first);
    expect(sources.asked).toEqual(['look nanovna-h sources']);
    await over.client.updates.look({ portPath, ask: 'kept' });
    expect(sources.asked.at(-1)).toBe('look nanovna-h kept');
    await over.client.boards.unplugVirtual({ portPath });
  });
});
