// Fetching what is offered: what comes is what its maker said, or it is not kept.
import { mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { fetchFirmware } from '../../main/updates/fetch.ts';
import { lookForUpdates } from '../../main/updates/look.ts';
import type { FirmwareOffer } from '../../shared/firmware.ts';
import { serveEach } from '../support/served.ts';
import {
  boardWith,
  firmwareBytes,
  github,
  indexAt,
  indexBytes,
  makeUpdatesRig,
  release,
  sha256,
  type IndexOptions,
  type UpdatesRig,
} from '../support/updates-rig.ts';

const served = serveEach();

/** A server with an index of one firmware, and that offer. */
async function offered(options: IndexOptions = {}) {
  const server = await served.start();
  const rig = makeUpdatesRig(server);
  server.on('/index.json', indexBytes(options));
  const profile = boardWith(indexAt(server.origin));
  const [look] = await lookForUpdates(rig.services, profile, { wait: rig.wait(), ask: 'sources' });
  const offer = look?.offers[0];
  if (offer === undefined) throw new Error(`nothing is offered: ${JSON.stringify(look)}`);
  return { server, rig, offer };
}

function fetch({ services, wait }: UpdatesRig, offer: FirmwareOffer, ask: 'sources' | 'kept' = 'sources') {
  return fetchFirmware(services, offer, { wait: wait(), ask });
}

function keptFiles({ services }: UpdatesRig): string[] {
  try {
    return readdirSync(path.join(services.folder, 'files')).toSorted();
  } catch {
    return [];
  }
}

describe('a file that is offered', () => {
  it('is fetched once, checked, and there without a network', async () => {
    const { server, rig, offer } = await offered();
    server.on('/rocket_1.3.0.bin', firmwareBytes);
    const first = await fetch(rig, offer);
    expect(first.kept).toEqual({
      sha256: sha256(firmwareBytes),
      fileName: 'rocket_1.3.0.bin',
      sizeBytes: firmwareBytes.length,
      digest: 'checked',
      from: 'net',
      fetchedAt: '2026-11-21T12:00:00.000Z',
    });
    await server[Symbol.asyncDispose]();
    rig.date = new Date('2026-12-24T12:00:00.000Z');
    for (const ask of ['sources', 'kept'] as const) {
      const again = await fetch(rig, offer, ask);
      expect(again).toEqual({ bytes: firmwareBytes, kept: { ...first.kept, from: 'cache' } });
    }
  });

  it('with another digest, another length, or cut off is not kept', async () => {
    const { server, rig, offer } = await offered();
    const other = Uint8Array.from(firmwareBytes);
    other[7] = 0;
    server.on('/rocket_1.3.0.bin', other);
    await expect(fetch(rig, offer)).rejects.toMatchObject({
      code: 'update.wrong-digest',
      params: { fileName: 'rocket_1.3.0.bin', expected: sha256(firmwareBytes), found: sha256(other) },
    });
    server.on('/rocket_1.3.0.bin', firmwareBytes.subarray(1));
    await expect(fetch(rig, offer)).rejects.toMatchObject({ code: 'update.wrong-size' });
    server.on('/rocket_1.3.0.bin', Buffer.concat([firmwareBytes, firmwareBytes]));
    await expect(fetch(rig, offer)).rejects.toMatchObject({ code: 'update.too-large' });
    server.on('/rocket_1.3.0.bin', (_, response) => {
      response.writeHead(200, { 'content-length': String(firmwareBytes.length) });
      response.write(firmwareBytes.subarray(0, 100), () => response.destroy());
    });
    await expect(fetch(rig, offer)).rejects.toMatchObject({
      code: 'update.cut-off',
      params: { received: 100, expected: firmwareBytes.length },
    });
    expect(keptFiles(rig)).toEqual([]);
  });

  it('that a server drips is given up', async () => {
    const { server, rig, offer } = await offered();
    rig.factor = 5_000;
    let dripping: NodeJS.Timeout | undefined;
    server.on('/rocket_1.3.0.bin', (_, response) => {
      response.writeHead(200);
      dripping = setInterval(() => response.write('x'), 1);
    });
    await expect(fetch(rig, offer)).rejects.toMatchObject({ code: 'update.timeout' });
    clearInterval(dripping);
  });

  it('is fetched across redirects to https, and never to http', async () => {
    const { server, rig, offer } = await offered();
    server.on('/rocket_1.3.0.bin', (_, response) =>
      response.writeHead(302, { location: '/elsewhere' }).end(),
    );
    server.on('/elsewhere', (_, response) =>
      response.writeHead(302, { location: 'http://localhost/x' }).end(),
    );
    await expect(fetch(rig, offer)).rejects.toMatchObject({
      code: 'update.address',
      params: { why: 'not-https', redirected: true },
    });
    server.on('/elsewhere', firmwareBytes);
    expect((await fetch(rig, offer)).kept.digest).toBe('checked');
  });

  it('without a digest says so, and is kept for that offer only', async () => {
    const server = await served.start();
    const rig = makeUpdatesRig(server);
    const origin = server.origin;
    const asset = {
      name: 'rocket_1.3.0.bin',
      size: firmwareBytes.length,
      browser_download_url: `${origin}/a`,
    };
    server.on(
      '/repos/acme/rocket/releases',
      JSON.stringify([release('1.3.0', undefined, { assets: [asset] })]),
    );
    server.on('/a', firmwareBytes);
    const [look] = await lookForUpdates(rig.services, boardWith(github), {
      wait: rig.wait(),
      ask: 'sources',
    });
    const offer = look?.offers[0];
    if (offer === undefined) throw new Error('nothing is offered');
    await expect(fetch(rig, offer, 'kept')).rejects.toMatchObject({ code: 'update.not-kept' });
    expect((await fetch(rig, offer)).kept).toMatchObject({ digest: 'not-given', from: 'net' });
    expect((await fetch(rig, offer, 'kept')).kept).toMatchObject({ digest: 'not-given', from: 'cache' });
    const other = { ...offer, id: '0'.repeat(32) };
    await expect(fetch(rig, other, 'kept')).rejects.toMatchObject({ code: 'update.not-kept' });
  });

  it('that was changed on the disk is fetched anew', async () => {
    const { server, rig, offer } = await offered();
    server.on('/rocket_1.3.0.bin', firmwareBytes);
    await fetch(rig, offer);
    const file = path.join(rig.services.folder, 'files', sha256(firmwareBytes));
    // As long as it was: its length gives nothing away.
    const changed = Uint8Array.from(firmwareBytes);
    changed[7] = 0;
    writeFileSync(file, changed);
    await expect(fetch(rig, offer, 'kept')).rejects.toMatchObject({ code: 'update.not-kept' });
    expect((await fetch(rig, offer)).kept.from).toBe('net');
    expect(readFileSync(file)).toEqual(Buffer.from(firmwareBytes));
  });

  it('makes room by what was used longest ago', async () => {
    const { server, rig, offer } = await offered();
    server.on('/rocket_1.3.0.bin', firmwareBytes);
    const folder = path.join(rig.services.folder, 'files');
    mkdirSync(folder, { recursive: true });
    const hashes = Array.from({ length: 203 }, (_, at) => {
      const content = new TextEncoder().encode(`old ${at}`);
      const hash = sha256(content);
      writeFileSync(path.join(folder, hash), content);
      const record = {
        fileName: 'old.bin',
        fetchedAt: rig.date.toISOString(),
        digest: 'checked',
        offers: [],
      };
      writeFileSync(path.join(folder, `${hash}.json`), JSON.stringify(record));
      const usedAt = new Date(Date.parse('2026-11-01T12:00:00Z') + at * 1000);
      utimesSync(path.join(folder, hash), usedAt, usedAt);
      return hash;
    });
    await fetch(rig, offer);
    const kept = keptFiles(rig).filter((name) => !name.endsWith('.json'));
    expect(kept).toHaveLength(200);
    expect(kept).toContain(sha256(firmwareBytes));
    expect(kept).toEqual(expect.arrayContaining(hashes.slice(4)));
    expect(keptFiles(rig)).toHaveLength(400);
  });
});
