// "rekindle sources" as the built program says it, against a server of the test's own.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ExitCode } from '../../shared/result.ts';
import { makeIndexKey, startFirmwareServer, type FirmwareServer } from '../support/firmware-server.ts';
import { runBuilt } from '../support/run-built.ts';
import { firmwareBytes, indexBytes, sha256 } from '../support/updates-rig.ts';

const root = mkdtempSync(path.join(tmpdir(), 'rekindle-sources-run-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let data = '';
let server: FirmwareServer;
beforeEach(async () => {
  data = mkdtempSync(path.join(root, 'data-'));
  server = await startFirmwareServer();
  writeFileSync(path.join(data, 'authority.pem'), server.authority);
});
afterEach(() => server[Symbol.asyncDispose]());

const run = (...args: string[]) =>
  runBuilt(['sources', ...args], {
    REKINDLE_DATA: data,
    NODE_EXTRA_CA_CERTS: path.join(data, 'authority.pem'),
  });

describe('rekindle sources', () => {
  it('lists what profiles state, and says where they state nothing', async () => {
    const all = await run();
    expect(all.status).toBe(ExitCode.done);
    expect(all.stdout).toMatch(/^odrive-v3\n {2}releases: releases of odriverobotics\/ODrive on GitHub/m);
    expect(all.stdout).toMatch(
      /^pycom-pytrack\n {2}maker: a page to look at: https:\/\/software\.pycom\.io/m,
    );
    const none = await run('show', 'gd32vf103');
    expect(none.stdout).toContain('Where its firmware comes from is not known here.');
    expect((await run('show', 'nothing')).status).toBe(ExitCode.usage);
    const page = await run('check', 'pycom-pytrack', '--json');
    expect(page.lines).toMatchObject([{ event: 'firmware-page', page: { source: 'maker' } }]);
    expect((await run('check')).status).toBe(ExitCode.usage);
  });

  it('looks at one you added, keeps what it saw, and forgets it when told to', async () => {
    const address = `${server.origin}/index.json`;
    server.on('/index.json', indexBytes());
    expect((await run('add', 'nanovna-h', address)).status).toBe(ExitCode.done);
    expect((await run('add', 'nanovna-h', address)).stderr).toContain('has a source own-index already');
    const looked = await run('check', 'nanovna-h');
    expect(looked.status).toBe(ExitCode.done);
    expect(looked.stdout).toMatch(/^ {4}1\.3\.0, rocket_1\.3\.0\.bin, 2\.8 KB, SHA-256 [0-9a-f]{16}…$/m);
    expect(looked.stdout).toContain('It is not signed: its server alone vouches for it.');
    await server[Symbol.asyncDispose]();
    const offline = await run('check', '--json');
    expect(offline.status).toBe(ExitCode.transferFailed);
    expect(offline.lines[0]).toMatchObject({
      event: 'firmware-look',
      look: { from: 'cache', problem: { code: 'update.offline' }, offers: [{ version: '1.3.0' }] },
    });
    const kept = await run('show', 'nanovna-h');
    expect(kept.stdout).toMatch(/^ {2}As it was on 20\d\d-\d\d-\d\d \d\d:\d\d UTC:$/m);
    expect((await run('remove', 'nanovna-h', 'own-index')).status).toBe(ExitCode.done);
    expect((await run('remove', 'nanovna-h', 'own-index')).status).toBe(ExitCode.usage);
    expect((await run('show', 'nanovna-h')).stdout).not.toContain('rocket');
  });

  it('refuses what is not signed with the key that was pinned', async () => {
    const { key, sign } = makeIndexKey();
    server.on('/index.json', indexBytes());
    await run('add', 'nanovna-h', `${server.origin}/index.json`);
    expect((await run('pin', 'nanovna-h', 'own-index', 'x')).status).toBe(ExitCode.usage);
    expect((await run('pin', 'nanovna-h', 'own-index', key)).status).toBe(ExitCode.done);
    const unsigned = await run('check', 'nanovna-h');
    expect(unsigned.status).toBe(ExitCode.refused);
    expect(unsigned.stdout).toContain('should be signed, and no signature is there.');
    expect(unsigned.stdout).not.toContain('1.3.0');
    server.on('/index.json.sig', sign(indexBytes()));
    expect((await run('check', 'nanovna-h')).stdout).toContain('Its signature is good.');
    await run('pin', 'nanovna-h', 'own-index');
    expect((await run('check', 'nanovna-h')).stdout).toContain('It is not signed');
  });

  it('takes a folder, and no address that is not https', async () => {
    const folder = mkdtempSync(path.join(root, 'firmware-'));
    writeFileSync(path.join(folder, 'H_1.2.40.bin'), firmwareBytes);
    expect((await run('add', 'nanovna-h', folder)).stderr).toContain('--files');
    const added = await run('add', 'nanovna-h', folder, '--files', 'H_{version}.bin');
    expect(added.status).toBe(ExitCode.done);
    expect(added.stdout).not.toContain('There is no folder');
    const missing = path.join(folder, 'nowhere');
    const early = await run('add', 'nanovna-h', missing, '--files', 'H_{version}.bin', '--id', 'later');
    expect(early.status).toBe(ExitCode.done);
    expect(early.stdout).toContain(`There is no folder ${missing} now`);
    await run('remove', 'nanovna-h', 'later');
    const looked = await run('check', 'nanovna-h');
    expect(looked.stdout).toMatch(/1\.2\.40, .*H_1\.2\.40\.bin, 2\.8 KB, its maker gives no digest/);
    for (const address of [
      'http://example.com/index.json',
      'file:///etc/passwd',
      'https://a:b@example.com/',
    ]) {
      const refused = await run('add', 'nanovna-h', address, '--id', 'x');
      expect(refused.status, address).toBe(ExitCode.usage);
      expect(refused.stderr).toContain(`${address} is not fetched from, as it `);
    }
  });

  it('makes an index that it then offers, and replaces only an index', async () => {
    const folder = mkdtempSync(path.join(root, 'firmware-'));
    writeFileSync(path.join(folder, 'rocket_1.3.0.bin'), firmwareBytes);
    const index = ['index', folder, '--firmware', 'nanovna-h=rocket_{version}.bin', '--name', 'acme'];
    const made = await run(...index, '--json');
    expect(made.lines[0]).toMatchObject({ event: 'index-made', count: 1 });
    const bytes = readFileSync(path.join(folder, 'index.json'));
    expect(bytes.toString()).toContain(sha256(firmwareBytes));
    const again = await run(...index, '--json');
    expect(Number(again.lines[0]?.['sequence'])).toBeGreaterThan(Number(made.lines[0]?.['sequence']));
    writeFileSync(path.join(folder, 'index.json'), 'mine');
    expect((await run(...index)).status).toBe(ExitCode.usage);
    expect(readFileSync(path.join(folder, 'index.json'), 'utf8')).toBe('mine');
    expect((await run('index', folder)).status).toBe(ExitCode.usage);
  });
});
