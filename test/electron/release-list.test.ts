// From the packages of a release to the list that programs believe: what the release's scripts make is read by the program itself.
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { openReleases } from '../../main/app-update/releases.ts';
import { listPath } from '../support/app-release.ts';
import { startFirmwareServer } from '../support/firmware-server.ts';
import { makeUpdatesRig } from '../support/updates-rig.ts';

interface Options {
  readonly version: string;
  readonly notes: string;
  readonly now: Date;
  readonly pem: string;
  readonly key: string;
}
const script = '../../scripts/release-list.mjs';
const { notesOf, writeReleaseList } = (await import(script)) as {
  notesOf: (changelog: string, version: string) => string;
  writeReleaseList: (folder: string, options: Options) => void;
};
const packaging = '../../scripts/packaging/releases.mjs';
const { publishOf, releasePlace } = (await import(packaging)) as {
  publishOf: (
    place: { repository: string; key: string },
    how: { platform: string; signedForMac: boolean },
  ) => object[] | null;
  releasePlace: () => { repository: string; key: string };
};

const root = mkdtempSync(path.join(tmpdir(), 'rekindle-release-list-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const names = [
  'Rekindle-1.4.0-linux-x86_64.AppImage',
  'Rekindle-1.4.0-linux-arm64.AppImage',
  'Rekindle-1.4.0-mac-x64.zip',
  'Rekindle-1.4.0-mac-arm64.zip',
  'Rekindle-1.4.0-win-x64.exe',
];
const others = ['Rekindle-1.4.0-mac-arm64.dmg', 'rekindle_1.4.0_amd64.deb', 'SHA256SUMS'];
const pair = generateKeyPairSync('ed25519');
const pem = pair.privateKey.export({ format: 'pem', type: 'pkcs8' }) as string;
const key = pair.publicKey.export({ format: 'der', type: 'spki' }).subarray(-32).toString('base64');
const options = { version: '1.4.0', notes: 'Faster.', now: new Date('2026-11-21T12:00:00Z'), pem, key };

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(root, 'packages-'));
  for (const name of [...names, ...others]) writeFileSync(path.join(folder, name), `bytes of ${name}`);
});

describe('the list of a release', () => {
  it('is what a program asks for, believes, and fetches by', async () => {
    writeReleaseList(folder, options);
    await using server = await startFirmwareServer();
    const rig = makeUpdatesRig(server);
    for (const beside of ['', '.sig'])
      server.on(`${listPath}${beside}`, readFileSync(path.join(folder, `rekindle-release.json${beside}`)));
    for (const name of names)
      server.on(`/acme/rekindle/releases/download/v1.4.0/${name}`, readFileSync(path.join(folder, name)));
    const releases = openReleases(rig.services, { repository: 'acme/rekindle', key });
    const known = await releases?.look(rig.wait());
    expect(known?.release).toMatchObject({ version: '1.4.0', notes: 'Faster.' });
    expect(known?.release.files.map(({ name }) => name).sort()).toEqual(names.toSorted());
    for (const file of known?.release.files ?? []) {
      const destination = path.join(folder, 'fetched');
      await releases?.fetch('1.4.0', file, destination, { wait: rig.wait(), progress: () => undefined });
      expect(readFileSync(destination, 'utf8')).toBe(`bytes of ${file.name}`);
    }
  });

  it('is not made where a system is left out, or the key is another', () => {
    rmSync(path.join(folder, 'Rekindle-1.4.0-mac-x64.zip'));
    expect(() => writeReleaseList(folder, options)).toThrow('not exactly one package for darwin x64');
    writeFileSync(path.join(folder, 'Rekindle-1.4.0-mac-x64.zip'), '');
    expect(() => writeReleaseList(folder, { ...options, version: '1.4.1' })).toThrow('not exactly one');
    writeFileSync(path.join(folder, 'Rekindle-1.4.0-mac-x64.zip'), 'bytes');
    expect(() => writeReleaseList(folder, { ...options, key: 'x' })).toThrow(
      'assets/releases.json has another',
    );
  });

  it('takes what is new from the changelog', () => {
    const changelog = '# Changelog\n\n## 1.4.0\n\n- Faster.\n- Smaller.\n\n## 1.3.0\n\n- First.\n';
    expect(notesOf(changelog, '1.4.0')).toBe('- Faster.\n- Smaller.');
    expect(notesOf(changelog, '1.3.0')).toBe('- First.');
    expect(notesOf(changelog, '9.9.9')).toBe('');
  });
});

describe('what a package is told of releases', () => {
  it('is nothing where there is no such place, and on macOS nothing without a signature', () => {
    const place = { repository: 'acme/rekindle', key };
    const linux = { platform: 'linux', signedForMac: false };
    expect(publishOf(place, linux)).toEqual([{ provider: 'github', owner: 'acme', repo: 'rekindle' }]);
    expect(publishOf({ ...place, repository: '' }, linux)).toBeNull();
    expect(publishOf({ ...place, key: '' }, linux)).toBeNull();
    expect(publishOf(place, { platform: 'darwin', signedForMac: false })).toBeNull();
    expect(publishOf(place, { platform: 'darwin', signedForMac: true })).not.toBeNull();
  });

  it('is read from the one place there is', () => {
    expect(releasePlace()).toEqual(JSON.parse(readFileSync('assets/releases.json', 'utf8')));
  });
});
