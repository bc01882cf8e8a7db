// Looking at sources that behave: only what was verified is offered, with its date.
import { describe, expect, it } from 'vitest';
import { lookForUpdates } from '../../main/updates/look.ts';
import { serveEach } from '../support/served.ts';
import {
  boardWith,
  firmwareBytes,
  github,
  lookAt,
  makeUpdatesRig,
  release,
  sha256,
  wordsOf,
} from '../support/updates-rig.ts';

const served = serveEach();

describe('releases on GitHub', () => {
  it('are offered newest first, with digest, size and plain notes', async () => {
    const { origin, on } = await served.start();
    const rig = makeUpdatesRig(served.now);
    on(
      '/repos/acme/rocket/releases',
      JSON.stringify([release('1.3.0', firmwareBytes), release('1.2.3', firmwareBytes)]),
    );
    const found = await lookAt(rig, github);
    expect(found).toMatchObject({
      from: 'net',
      at: '2026-11-21T12:00:00.000Z',
      leftOut: 0,
      signature: 'not-signable',
    });
    expect(found.offers.map((one) => one.version)).toEqual(['1.3.0', '1.2.3']);
    expect(found.offers[0]).toMatchObject({
      profile: 'nanovna-h',
      source: 'releases',
      fileName: 'rocket_1.3.0.bin',
      sha256: sha256(firmwareBytes),
      sizeBytes: firmwareBytes.length,
      notes: 'What is new in 1.3.0.\n[31mRed.[0m',
    });
    expect(origin).toContain('https://localhost:');
  });

  it('are of their channel, their variant and their board', async () => {
    const { on } = await served.start();
    const rig = makeUpdatesRig(served.now);
    const asset = (name: string) => ({
      name,
      size: 10,
      browser_download_url: `https://localhost/${name}`,
      digest: `sha256:${'a'.repeat(64)}`,
    });
    const names = [
      'rocket_v3.6-56V_1.4.0.hex',
      'rocket_v3.6-24V_1.4.0.hex',
      'rocket_v3.6-56V_9.9.9.hex',
      'notes.txt',
    ];
    on(
      '/repos/acme/rocket/releases',
      JSON.stringify([
        release('2.0.0-rc1', firmwareBytes, { prerelease: true, assets: names.map(asset) }),
        release('1.5.0', firmwareBytes, { draft: true, assets: names.map(asset) }),
        release('1.4.0', firmwareBytes, { assets: names.map(asset) }),
        release('1.4.0', firmwareBytes, { tag_name: 'hardware-1.4.0', assets: names.map(asset) }),
      ]),
    );
    const source = {
      ...github,
      assets: [
        { variant: '3.6-56V', name: 'rocket_v3.6-56V_{version}.hex' },
        { variant: '3.6-24V', name: 'rocket_v3.6-24V_{version}.hex' },
      ],
    };
    const stable = await lookAt(rig, source);
    expect(stable.offers.map(({ version, variant }) => `${version} ${variant ?? ''}`)).toEqual([
      '1.4.0 3.6-56V',
      '1.4.0 3.6-24V',
    ]);
    expect(stable.leftOut).toBe(0);
  });

  it('that are pre-releases are left to who wants them', async () => {
    const { on } = await served.start();
    on(
      '/repos/acme/rocket/releases',
      JSON.stringify([
        release('2.0.0-rc1', firmwareBytes, { prerelease: true }),
        release('1.4.0', firmwareBytes),
      ]),
    );
    const rig = makeUpdatesRig(served.now);
    const found = async (channel: 'stable' | 'pre-release') =>
      (await lookAt(rig, { ...github, channel })).offers.map((one) => [one.version, one.channel]);
    expect(await found('stable')).toEqual([['1.4.0', 'stable']]);
    expect(await found('pre-release')).toEqual([
      ['2.0.0-rc1', 'pre-release'],
      ['1.4.0', 'stable'],
    ]);
  });

  it('without a digest are offered without one', async () => {
    const { on } = await served.start();
    on('/repos/acme/rocket/releases', JSON.stringify([release('1.3.0', undefined)]));
    const { offers } = await lookAt(makeUpdatesRig(served.now), github);
    expect(offers).toHaveLength(1);
    expect(offers[0]).not.toHaveProperty('sha256');
  });

  it('that nobody can use are counted, and cost no other', async () => {
    const { on } = await served.start();
    const bad = { ...(release('1.3.1', firmwareBytes) as { assets: object[] }) };
    bad.assets = [{ ...bad.assets[0], size: -1 }, { nothing: true }];
    on('/repos/acme/rocket/releases', JSON.stringify([bad, 7, release('1.3.0', firmwareBytes)]));
    const { offers, leftOut } = await lookAt(makeUpdatesRig(served.now), github);
    expect(offers.map((one) => one.version)).toEqual(['1.3.0']);
    expect(leftOut).toBe(3);
  });

  it('are asked for by etag, and 304 leaves what was known with a new date', async () => {
    const { on, asked } = await served.start();
    const rig = makeUpdatesRig(served.now);
    const marks: (string | undefined)[] = [];
    on('/repos/acme/rocket/releases', (request, response) => {
      marks.push(request.headers['if-none-match']);
      if (request.headers['if-none-match'] === '"one"') response.writeHead(304).end();
      else response.writeHead(200, { etag: '"one"' }).end(JSON.stringify([release('1.3.0', firmwareBytes)]));
    });
    const first = await lookAt(rig, github);
    rig.date = new Date('2026-11-22T12:00:00.000Z');
    const second = await lookAt(rig, github);
    expect(second).toEqual({ ...first, at: '2026-11-22T12:00:00.000Z' });
    expect(asked).toHaveLength(2);
    expect(marks).toEqual([undefined, '"one"']);
    // Another source may not be told that nothing changed since it was another.
    const other = await lookAt(rig, { ...github, assets: [{ name: 'other_{version}.bin' }] });
    expect(other.offers).toEqual([]);
  });

  it('say until when they answer no more questions', async () => {
    const { on } = await served.start();
    const rig = makeUpdatesRig(served.now);
    const reset = String(Date.parse('2026-11-21T12:41:00Z') / 1000);
    on('/repos/acme/rocket/releases', (_, response) => {
      response.writeHead(403, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset }).end('{}');
    });
    const limited = await lookAt(rig, github);
    expect(limited.problem).toMatchObject({
      code: 'update.rate-limited',
      params: { until: '2026-11-21T12:41:00.000Z' },
    });
    expect(wordsOf(limited)).toContain('again from 2026-11-21 12:41 UTC on');
    on('/repos/acme/rocket/releases', (_, response) => {
      response.writeHead(429, { 'retry-after': '60' }).end();
    });
    expect((await lookAt(rig, github)).problem?.params).toMatchObject({ until: '2026-11-21T12:01:00.000Z' });
    on('/repos/acme/rocket/releases', (_, response) => {
      response.writeHead(403).end();
    });
    expect((await lookAt(rig, github)).problem).toMatchObject({
      code: 'update.status',
      params: { status: 403 },
    });
  });
});

describe('a look', () => {
  it('that asks nobody tells what is kept, and makes no connection', async () => {
    const { on, asked } = await served.start();
    const rig = makeUpdatesRig(served.now);
    on('/repos/acme/rocket/releases', JSON.stringify([release('1.3.0', firmwareBytes)]));
    expect(await lookAt(rig, github, 'kept')).toMatchObject({ at: undefined, offers: [], from: 'cache' });
    expect(asked).toEqual([]);
    const seen = await lookAt(rig, github);
    expect(await lookAt(rig, github, 'kept')).toEqual({ ...seen, from: 'cache' });
    expect(asked).toHaveLength(1);
  });

  it('can be ended at any time', async () => {
    const { on } = await served.start();
    const rig = makeUpdatesRig(served.now);
    const abort = new AbortController();
    on('/repos/acme/rocket/releases', () => abort.abort());
    const wait = { ...rig.wait(), signal: abort.signal };
    const looked = lookForUpdates(rig.services, boardWith(github), { wait, ask: 'sources' });
    await expect(looked).rejects.toMatchObject({ code: 'job.aborted' });
  });
});
