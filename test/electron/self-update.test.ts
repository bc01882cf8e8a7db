// electron-updater's own AppImage updater, run for real: from a signed list on a server to the new program in the old one's place.
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { realClock } from '../../main/base/clock.ts';
import { obstacleTo, type ProgramPlace } from '../../main/electron/program-place.ts';
import { openInstaller } from '../../main/electron/self-update.ts';
import {
  listBytes,
  listPath,
  releaseFile,
  releasesOn,
  sha512,
  type ReleaseServer,
} from '../support/app-release.ts';
import { FlashError } from '../../shared/errors/flash-error.ts';
import { startFirmwareServer, type FirmwareServer } from '../support/firmware-server.ts';
import { makeUpdatesRig, type UpdatesRig } from '../support/updates-rig.ts';

const skipped = process.platform === 'linux' ? undefined : 'AppImages are for Linux';
if (skipped !== undefined) console.warn(`skipped: ${skipped}`);
const root = mkdtempSync(path.join(tmpdir(), 'rekindle-self-update-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const free = (): void => undefined;
const before = '#!/bin/sh\nexit 0\n';
let folder = '';
let server: FirmwareServer;
let rig: UpdatesRig;
let published: ReleaseServer;
let place: ProgramPlace;
let calls: string[];
const lines: string[] = [];

beforeEach(async () => {
  folder = mkdtempSync(path.join(root, 'program-'));
  server = await startFirmwareServer();
  rig = makeUpdatesRig(server);
  published = releasesOn(server, rig.services);
  calls = [];
  const appImage = path.join(folder, 'programs', 'Rekindle.AppImage');
  mkdirSync(path.dirname(appImage));
  writeFileSync(appImage, before, { mode: 0o755 });
  writeFileSync(
    path.join(folder, 'app-update.yml'),
    'provider: github\nupdaterCacheDirName: rekindle-updater\n',
  );
  place = {
    platform: 'linux',
    arch: releaseFile('1.4.0').arch,
    isPackaged: true,
    resources: folder,
    appImage,
  };
  process.env['APPIMAGE'] = appImage;
});
afterEach(async () => {
  delete process.env['APPIMAGE'];
  await server[Symbol.asyncDispose]();
});

/** The new program says where it was started from. */
const after = () =>
  new TextEncoder().encode(`#!/bin/sh\necho "$0 $APPIMAGE_SILENT_INSTALL" > "${folder}/started"\n`);

function publish(version: string, changes: object = {}): void {
  published.publish(version, { files: [releaseFile(version, after())], ...changes });
  server.on(published.pathOf(version), after());
}

function installer(version = '1.3.0') {
  return openInstaller(
    place,
    {
      version,
      name: 'Rekindle',
      userDataPath: path.join(folder, 'data'),
      cacheFolder: path.join(folder, 'cache'),
      releaseSingleInstanceLock: () => void calls.push('unlock'),
      relaunch: () => void calls.push('relaunch'),
      quit: () => void calls.push('quit'),
      async leave(act) {
        calls.push('close');
        act();
        calls.push('end');
        await Promise.resolve();
      },
    },
    {
      clock: realClock,
      log: { write: (level, source, text) => void lines.push(`${level} ${source}: ${text}`) },
    },
  );
}

/** As the page does it: a look, then what was seen there is made ready. */
async function prepare(one = installer(), signal = new AbortController().signal): Promise<void> {
  const { release } = await published.releases.look(rig.wait());
  await one.prepare(release, (file, destination) =>
    published.releases.fetch(release.version, file, destination, {
      wait: { ...rig.wait(), signal },
      progress: () => undefined,
    }),
  );
}

async function started(): Promise<string> {
  const file = path.join(folder, 'started');
  await expect.poll(() => (existsSync(file) ? readFileSync(file, 'utf8') : '')).not.toBe('');
  return readFileSync(file, 'utf8');
}

const program = () => readFileSync(place.appImage ?? '', 'utf8');
const fetched = (): string[] =>
  existsSync(path.join(folder, 'cache'))
    ? readdirSync(path.join(folder, 'cache'), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map(({ name }) => name)
    : [];

describe.skipIf(skipped !== undefined)('an AppImage', () => {
  it('is replaced by a newer release, in order: closed, unlocked, replaced, started, ended', async () => {
    publish('1.4.0');
    const one = installer();
    expect(one.obstacle).toBeUndefined();
    await prepare(one);
    // A job that began meanwhile.
    const busy = new FlashError('release.busy', { jobs: 1 });
    const taken = (): never => {
      throw busy;
    };
    await expect(one.install(taken)).rejects.toBe(busy);
    // Nothing but fetched so far.
    expect(program()).toBe(before);
    expect(calls).toEqual([]);
    expect(server.asked).toEqual([listPath, `${listPath}.sig`, published.pathOf('1.4.0')]);
    await one.install(free);
    expect(calls).toEqual(['close', 'unlock', 'end']);
    expect(program()).toBe(new TextDecoder().decode(after()));
    expect(await started()).toBe(`${place.appImage ?? ''} true\n`);
    expect(readdirSync(path.dirname(place.appImage ?? ''))).toEqual(['Rekindle.AppImage']);
    // No number for this computer is kept.
    expect(existsSync(path.join(folder, 'data'))).toBe(false);
    // Asked for by nobody behind our back: no block maps, no list of electron-updater's own.
    expect(server.asked).toHaveLength(3);
  });

  it('takes the name of the new one where its own has a version in it', async () => {
    const appImage = path.join(folder, 'programs', 'Rekindle-1.3.0-linux-x86_64.AppImage');
    writeFileSync(appImage, before, { mode: 0o755 });
    place = { ...place, appImage };
    process.env['APPIMAGE'] = appImage;
    publish('1.4.0');
    const one = installer();
    await prepare(one);
    await one.install(free);
    expect(readdirSync(path.join(folder, 'programs')).sort()).toEqual([
      'Rekindle-1.4.0-linux-x86_64.AppImage',
      'Rekindle.AppImage',
    ]);
    await started();
  });

  it('is not fetched twice', async () => {
    publish('1.4.0');
    await prepare();
    await prepare();
    expect(server.asked.filter((one) => one === published.pathOf('1.4.0'))).toHaveLength(1);
  });

  it.each(['1.4.0', '1.5.0'])('of version %s is not replaced by 1.4.0', async (own) => {
    publish('1.4.0');
    await expect(prepare(installer(own))).rejects.toMatchObject({ code: 'release.not-here' });
    expect(server.asked).not.toContain(published.pathOf('1.4.0'));
  });

  it('is not replaced by what is not what the list says, and nothing of it is kept', async () => {
    publish('1.4.0');
    const wrong = after();
    wrong[20] = (wrong[20] ?? 0) ^ 1;
    server.on(published.pathOf('1.4.0'), wrong);
    await expect(prepare()).rejects.toMatchObject({ code: 'update.wrong-digest' });
    expect(fetched()).toEqual([]);
    publish('1.4.0', { files: [{ ...releaseFile('1.4.0', after()), sha512: sha512(wrong) }] });
    await expect(prepare()).rejects.toMatchObject({ code: 'update.wrong-digest' });
    expect(program()).toBe(before);
  });

  it('is not replaced by half of it, by what comes over http, or by what is gone', async () => {
    publish('1.4.0');
    const at = published.pathOf('1.4.0');
    server.on(at, (_, response) => {
      response.writeHead(200, { 'content-length': after().length });
      response.write(after().subarray(0, 20), () => setImmediate(() => response.destroy()));
    });
    await expect(prepare()).rejects.toMatchObject({ code: 'update.cut-off' });
    server.on(at, (_, response) => void response.writeHead(302, { location: 'http://localhost:1/x' }).end());
    await expect(prepare()).rejects.toMatchObject({ code: 'update.address' });
    server.on(at, (_, response) => void response.writeHead(404).end());
    await expect(prepare()).rejects.toMatchObject({ code: 'update.status' });
    // And then it works: nothing of the tries before is in the way.
    const one = installer();
    server.on(at, after());
    await prepare(one);
    await one.install(free);
    await started();
  });

  it('is not replaced by an unsigned release, or where the server is gone', async () => {
    server.on(listPath, listBytes('1.4.0'));
    await expect(prepare()).rejects.toMatchObject({ code: 'update.not-signed' });
    await server[Symbol.asyncDispose]();
    await expect(prepare()).rejects.toMatchObject({ code: 'update.offline' });
    expect(fetched()).toEqual([]);
  });

  it('can be given up half-way', async () => {
    publish('1.4.0');
    const abort = new AbortController();
    server.on(published.pathOf('1.4.0'), (_, response) => {
      response.writeHead(200, { 'content-length': after().length });
      response.write(after().subarray(0, 20), () => abort.abort());
    });
    await expect(prepare(installer(), abort.signal)).rejects.toMatchObject({ code: 'job.aborted' });
    expect(fetched()).toEqual([]);
  });

  it('stays where the new one was changed after it was fetched', async () => {
    publish('1.4.0');
    const one = installer();
    await prepare(one);
    const [file = ''] = readdirSync(path.join(folder, 'cache', 'rekindle-updater', 'pending')).filter(
      (name) => name.endsWith('.AppImage'),
    );
    writeFileSync(path.join(folder, 'cache', 'rekindle-updater', 'pending', file), 'something else');
    await expect(one.install(free)).rejects.toMatchObject({ code: 'release.not-installed' });
    expect(calls).toEqual([]);
    expect(program()).toBe(before);
    // Wanted again, it is fetched again.
    await prepare(one);
    await one.install(free);
    expect(program()).toBe(new TextDecoder().decode(after()));
    await started();
  });

  it('is put back where the new one cannot be put there, and starts again', async () => {
    publish('1.4.0');
    const one = installer();
    await prepare(one);
    // The updater has taken the old one away by then, and moves the new one with a program of the system's.
    const held = process.env['PATH'];
    process.env['PATH'] = '/nowhere';
    try {
      await one.install(free);
    } finally {
      process.env['PATH'] = held;
    }
    expect(calls).toEqual(['close', 'unlock', 'relaunch', 'end']);
    expect(program()).toBe(before);
    expect(readdirSync(path.dirname(place.appImage ?? ''))).toEqual(['Rekindle.AppImage']);
    expect(lines.join('\n')).toContain('error releases: 1.4.0 was not installed; the old one starts again');
  });

  it('has no package for other systems', async () => {
    publish('1.4.0', { files: [{ ...releaseFile('1.4.0', after()), platform: 'win32' }] });
    await expect(prepare()).rejects.toMatchObject({ code: 'release.not-here', params: { why: 'no-file' } });
  });
});

describe('what a program says of being replaced', () => {
  it('is told by where it runs from', () => {
    expect(obstacleTo(place)).toBeUndefined();
    expect(obstacleTo({ ...place, isPackaged: false })).toBe('server');
    expect(obstacleTo({ ...place, appImage: undefined })).toBe('package');
    expect(obstacleTo({ ...place, resources: root })).toBe('not-signed');
    expect(obstacleTo({ ...place, appImage: path.join(root, 'gone', 'Rekindle.AppImage') })).toBe(
      'not-writable',
    );
    expect(obstacleTo({ ...place, platform: 'win32', appImage: undefined })).toBeUndefined();
    expect(obstacleTo({ ...place, platform: 'darwin', appImage: undefined, resources: root })).toBe(
      'not-signed',
    );
  });
});
