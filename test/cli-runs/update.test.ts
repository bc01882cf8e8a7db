// "rekindle update" as the built program does it: its own data folder, a server of the test's own, virtual boards.
// What becomes of a board's flash is looked at in test/bench/update-command.test.ts and its siblings.
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { ExitCode } from '../../shared/result.ts';
import { runBuilt } from '../support/run-built.ts';
import { serveEach } from '../support/served.ts';
import { nanovna } from '../support/update-shell.ts';
import { indexBytes } from '../support/updates-rig.ts';

const root = mkdtempSync(path.join(tmpdir(), 'rekindle-update-run-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const servers = serveEach();
let data = '';
beforeEach(async () => {
  data = mkdtempSync(path.join(root, 'data-'));
  const server = await servers.start();
  writeFileSync(path.join(data, 'authority.pem'), server.authority);
  const content = nanovna('1.3.0');
  server.on('/index.json', indexBytes({ version: '1.3.0', content }));
  server.on('/rocket_1.3.0.bin', content);
  await rekindle(['sources', 'add', 'nanovna-h', `${server.origin}/index.json`]);
});

const rekindle = (args: readonly string[], env: NodeJS.ProcessEnv = {}) =>
  runBuilt(args, { REKINDLE_DATA: data, NODE_EXTRA_CA_CERTS: path.join(data, 'authority.pem'), ...env });
// It comes with 1.2.40.
const update = ['update', '--bench', 'nanovna-h:app', '--time-scale', '0'];

describe('rekindle update', () => {
  it('tells, installs, and keeps what it fetched for days without a network', async () => {
    const checked = await rekindle([...update, '--check']);
    expect(checked).toMatchObject({ status: ExitCode.done, stderr: '' });
    expect(checked.stdout).toContain('It holds 1.2.40 (its program says so).');
    expect(checked.stdout).toContain('1.3.0 is available.');
    const run = await rekindle([...update, '--yes']);
    expect(run).toMatchObject({ status: ExitCode.done, stderr: '' });
    expect(run.stdout).toContain('[x] written  [x] compared  [x] seen running  (virtual board)');
    expect(run.stdout).toContain('Its program says: NanoVNA-H, 1.3.0 (before: 1.2.40).');
    expect(readdirSync(path.join(data, 'backups')).join()).toContain('virtual-nanovna-h');
    expect((await rekindle(['history'])).stdout).toContain('rocket_1.3.0.bin');
    await servers.end();
    const offline = await rekindle([...update, '--yes', '--json']);
    expect(offline.status).toBe(ExitCode.done);
    expect(offline.lines[1]).toMatchObject({
      event: 'updates',
      updates: { looks: [{ from: 'cache', problem: { code: 'update.offline' } }] },
    });
    expect(offline.lines.find(({ event }) => event === 'fetched')).toMatchObject({ from: 'cache' });
    expect(offline.lines.at(-1)).toMatchObject({ event: 'result', exitCode: ExitCode.done });
    expect((await rekindle([...update, '--check'])).status).toBe(ExitCode.transferFailed);
  });

  it('tells with --check what there is for a board that only a hand brings into flash mode', async () => {
    const check = ['update', '--check', '--kept', '--bench', 'odrive-v3:app'];
    const odrive = await rekindle([...check, '--json']);
    expect(odrive.status).toBe(ExitCode.noSuchFile);
    expect(odrive.lines[1]).toMatchObject({
      event: 'updates',
      updates: { standing: { profile: 'odrive-v3' }, pages: [{ source: 'repository' }] },
    });
    // Two boards show the same while they run.
    const pytrack = ['update', '--check', '--bench', 'pytrack:app'];
    expect((await rekindle(pytrack)).stderr).toContain('--board pycom-pytrack-2x');
    const told = await rekindle([...pytrack, '--board', 'pycom-pytrack']);
    expect(told).toMatchObject({ status: ExitCode.done, stderr: '' });
    expect(told.stdout).toContain('Its maker publishes on a page, for people to look at.');
    expect((await rekindle(['update', '--bench', 'odrive-v3:app'])).stderr).toContain('in flash mode');
  });

  it('believes no server whose authority nobody has named', async () => {
    const run = await rekindle([...update, '--yes', '--json'], { NODE_EXTRA_CA_CERTS: '' });
    expect(run.status).toBe(ExitCode.transferFailed);
    expect(run.lines[1]).toMatchObject({
      title: 'Could not look for updates',
      updates: { offers: [], looks: [{ problem: { code: 'update.certificate' } }] },
    });
    expect(servers.now?.asked).toEqual([]);
  });

  it('ends at Ctrl-C while a server keeps it waiting', async () => {
    servers.now?.on('/index.json', () => undefined);
    const env = { REKINDLE_DATA: data, NODE_EXTRA_CA_CERTS: path.join(data, 'authority.pem') };
    let told = false;
    const run = await runBuilt(update, env, (child, stdout) => {
      if (told || !stdout.includes('Looking for updates')) return;
      told = true;
      child.kill('SIGINT');
    });
    expect(run.status).toBe(ExitCode.cancelled);
    expect(run.stderr).toContain('Aborted, as you asked');
  });

  it('tells programs what it refuses, and people how it is used', async () => {
    const asks = await rekindle([...update, '--json']);
    expect(asks.status).toBe(ExitCode.refused);
    expect(asks.lines.at(-1)).toMatchObject({
      event: 'result',
      exitCode: ExitCode.refused,
      result: { error: { code: 'question.unanswered' }, content: { kind: 'untouched' } },
    });
    const unknown = await rekindle([...update, '--version', '9.9', '--json']);
    expect(unknown.status).toBe(ExitCode.noSuchFile);
    expect(unknown.lines.at(-1)).toMatchObject({ event: 'error', code: 'update.not-offered' });
    expect((await rekindle([...update, '--allow', 'everything'])).status).toBe(ExitCode.usage);
    expect((await rekindle(['help', 'update'])).stdout).toMatch(/--check +only tell what there is/);
  });
});
