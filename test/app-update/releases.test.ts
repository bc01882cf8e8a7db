// The list of the newest release, from a server of the test's own: what is believed, and what is not.
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openReleases } from '../../main/app-update/releases.ts';
import { newerThan } from '../../main/app-update/app-updates.ts';
import {
  listBytes,
  listPath,
  packageBytes,
  releaseFile,
  releasesOn,
  type ReleaseServer,
} from '../support/app-release.ts';
import { makeIndexKey, startFirmwareServer, type FirmwareServer } from '../support/firmware-server.ts';
import { makeUpdatesRig, type UpdatesRig } from '../support/updates-rig.ts';

const root = mkdtempSync(path.join(tmpdir(), 'rekindle-release-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let server: FirmwareServer;
let rig: UpdatesRig;
let place: ReleaseServer;
beforeEach(async () => {
  server = await startFirmwareServer();
  rig = makeUpdatesRig(server);
  place = releasesOn(server, rig.services);
});
afterEach(() => server[Symbol.asyncDispose]());

const look = () => place.releases.look(rig.wait());

describe('the list of a release', () => {
  it('is asked for where no address is built in, or no key, by nobody', () => {
    const { key } = makeIndexKey();
    expect(openReleases(rig.services, { repository: '', key })).toBeUndefined();
    expect(openReleases(rig.services, { repository: 'acme/rekindle', key: '' })).toBeUndefined();
    // What this source tree says.
    expect(() => openReleases(rig.services)).not.toThrow();
  });

  it('is believed where it is signed, kept, and told offline with its date', async () => {
    expect(await place.releases.kept()).toBeUndefined();
    place.publish('1.4.0');
    const known = await look();
    expect(known).toMatchObject({
      at: '2026-11-21T12:00:00.000Z',
      release: { version: '1.4.0', notes: 'What is new in 1.4.0.', files: [{ platform: 'linux' }] },
    });
    expect(server.asked).toEqual([listPath, `${listPath}.sig`]);
    await server[Symbol.asyncDispose]();
    await expect(look()).rejects.toMatchObject({ code: 'update.offline' });
    expect(await place.releases.kept()).toEqual(known);
  });

  it('is refused without a signature, with a wrong one, and changed after it was signed', async () => {
    server.on(listPath, listBytes('1.4.0'));
    await expect(look()).rejects.toMatchObject({ code: 'update.not-signed' });
    server.on(`${listPath}.sig`, makeIndexKey().sign(listBytes('1.4.0')));
    await expect(look()).rejects.toMatchObject({ code: 'update.bad-signature' });
    place.publish('1.4.0');
    server.on(listPath, listBytes('1.4.1'));
    await expect(look()).rejects.toMatchObject({ code: 'update.bad-signature' });
    expect(await place.releases.kept()).toBeUndefined();
  });

  it('that is kept is checked again: nobody slips in another', async () => {
    place.publish('1.4.0');
    await look();
    const file = path.join(rig.services.folder, 'release.json');
    const kept = JSON.parse(readFileSync(file, 'utf8')) as { list: string };
    const other = Buffer.from(listBytes('9.9.9')).toString('base64');
    writeFileSync(file, JSON.stringify({ ...kept, list: other }));
    expect(await place.releases.kept()).toBeUndefined();
    writeFileSync(file, 'nonsense');
    expect(await place.releases.kept()).toBeUndefined();
  });

  it.each([
    ['no version', { version: 'next' }],
    ['a pre-release', { version: '1.4.0-beta.1' }],
    ['another schema', { rekindleRelease: 2 }],
    ['too many files', { files: Array.from({ length: 51 }, () => ({})) }],
  ])('is refused, though signed, with %s', async (_what, changes) => {
    place.publish('1.4.0', changes);
    await expect(look()).rejects.toMatchObject({ code: 'update.malformed' });
  });

  it('may name files for systems nobody knows yet', async () => {
    place.publish('1.4.0', {
      files: [{ ...releaseFile('1.4.0'), arch: 'riscv64' }, releaseFile('1.4.0')],
      more: 1,
    });
    expect((await look()).release.files).toEqual([releaseFile('1.4.0')]);
  });

  it('is not asked for over http, not even when sent there', async () => {
    server.on(listPath, (_, response) => {
      response.writeHead(302, { location: 'http://localhost:1/list.json' }).end();
    });
    await expect(look()).rejects.toMatchObject({
      code: 'update.address',
      params: { why: 'not-https', redirected: true },
    });
  });

  it('counts only what is newer than this program', async () => {
    place.publish('1.4.0');
    const { release } = await look();
    expect(newerThan('1.3.9', release)).toMatchObject({ version: '1.4.0' });
    for (const own of ['1.4.0', '1.4.1', '2.0.0', 'test'])
      expect(newerThan(own, release), own).toBeUndefined();
    expect(newerThan('1.4.0', undefined)).toBeUndefined();
  });
});

describe('a package of a release', () => {
  const folder = mkdtempSync(path.join(root, 'packages-'));
  const destination = path.join(folder, 'new.AppImage');
  const fetch = (file = releaseFile('1.4.0'), wait = rig.wait(), to = destination) =>
    place.releases.fetch('1.4.0', file, to, { wait, progress: () => undefined });

  it('is on the disk whole, and its progress is told', async () => {
    place.publish('1.4.0');
    const told: number[] = [];
    await place.releases.fetch('1.4.0', releaseFile('1.4.0'), destination, {
      wait: rig.wait(),
      progress: (done, total) => void told.push(done / total),
    });
    expect(new Uint8Array(readFileSync(destination))).toEqual(packageBytes);
    expect(told.at(-1)).toBe(1);
    expect(server.asked).toEqual([place.pathOf('1.4.0')]);
    rmSync(destination);
  });

  it.each([
    ['update.wrong-digest', (bytes: Uint8Array) => bytes.map((byte, at) => (at === 9 ? byte ^ 1 : byte))],
    ['update.wrong-size', (bytes: Uint8Array) => bytes.subarray(0, -1)],
    ['update.too-large', (bytes: Uint8Array) => new Uint8Array([...bytes, 0])],
  ])('is not there with %s', async (code, change) => {
    place.publish('1.4.0');
    server.on(place.pathOf('1.4.0'), change(packageBytes));
    await expect(fetch()).rejects.toMatchObject({ code });
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is not there when it was cut off, given up, sent over http, or is gone', async () => {
    place.publish('1.4.0');
    server.on(place.pathOf('1.4.0'), (_, response) => {
      response.writeHead(200, { 'content-length': packageBytes.length });
      response.write(packageBytes.subarray(0, 5_000), () => setImmediate(() => response.destroy()));
    });
    await expect(fetch()).rejects.toMatchObject({ code: 'update.cut-off' });
    const abort = new AbortController();
    server.on(place.pathOf('1.4.0'), (_, response) => {
      response.writeHead(200, { 'content-length': packageBytes.length });
      response.write(packageBytes.subarray(0, 5_000), () => abort.abort());
    });
    await expect(fetch(releaseFile('1.4.0'), { ...rig.wait(), signal: abort.signal })).rejects.toMatchObject({
      code: 'job.aborted',
    });
    server.on(place.pathOf('1.4.0'), (_, response) => {
      response.writeHead(302, { location: 'http://localhost:1/x' }).end();
    });
    await expect(fetch()).rejects.toMatchObject({ code: 'update.address' });
    server.on(place.pathOf('1.4.0'), (_, response) => void response.writeHead(404).end());
    await expect(fetch()).rejects.toMatchObject({ code: 'update.status' });
    expect(existsSync(destination)).toBe(false);
  });

  it('says so where the disk does not take it', async () => {
    place.publish('1.4.0');
    await expect(
      fetch(releaseFile('1.4.0'), rig.wait(), path.join(folder, 'no', 'folder')),
    ).rejects.toMatchObject({
      code: 'file.cannot-create',
    });
  });
});
