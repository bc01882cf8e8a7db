// Nothing is asked of the network until a person looks for firmware: every connection of the built program is recorded, and there is none.
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { realClock, sleep } from '../../main/base/clock.ts';
import { writeDfuse } from '../../main/images/formats/dfuse-write.ts';
import { connect } from '../../renderer/client/connect.ts';
import { sendFile } from '../../renderer/client/send-file.ts';
import { watchJobs } from '../../renderer/client/watch-jobs.ts';
import { socketPage, tokenFrom } from '../contract/studio-rig.ts';
import { releasedProgram } from '../support/released-program.ts';
import { startFirmwareServer } from '../support/firmware-server.ts';
import { program } from '../support/rig.ts';
import { indexAt, indexBytes } from '../support/updates-rig.ts';

const recorder = path.resolve('test/support/connection-recorder.cjs');

/** A data folder, and the connections of every program that is run on it. */
function recorded(): Disposable & { readonly env: NodeJS.ProcessEnv; connections(): string[] } {
  const folder = mkdtempSync(path.join(tmpdir(), 'rekindle-connections-'));
  const file = path.join(folder, 'connections.txt');
  writeFileSync(file, '');
  return {
    // Of worker threads and child processes as well.
    env: {
      ...process.env,
      REKINDLE_DATA: folder,
      REKINDLE_CONNECTIONS: file,
      NODE_OPTIONS: `--require=${recorder}`,
    },
    connections() {
      const lines = readFileSync(file, 'utf8').trim().split('\n');
      // Without this line nothing was recorded because nobody listened.
      expect(lines[0]).toBe('recorder ["ready"]');
      return lines.filter((line) => !line.startsWith('recorder '));
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}

beforeAll(() => {
  const built = spawnSync(process.execPath, ['scripts/build.mjs', '--page', '--server', '--quiet']);
  expect(built.status).toBe(0);
});

describe('before somebody looks for firmware', () => {
  it('the studio connects to nobody, however it is used; once somebody has looked, a folder that changes makes it ask nobody either', async () => {
    await using server = await startFirmwareServer();
    server.on('/index.json', indexBytes());
    using place = recorded();
    const data = place.env['REKINDLE_DATA'] ?? '';
    const authority = path.join(data, 'authority.pem');
    writeFileSync(authority, server.authority);
    // Sources that would be asked, and the daily look on.
    const folder = path.join(data, 'updates', 'mine');
    mkdirSync(folder, { recursive: true });
    const sources = [
      indexAt(server.origin),
      { kind: 'folder', id: 'mine', folder, assets: [{ name: 'H_{version}.bin' }], source: 'test' },
      { kind: 'page', id: 'web', address: `${server.origin}/page`, take: 'Take it.', source: 'test' },
    ].map((source) => ({ board: 'nanovna-h', source }));
    writeFileSync(path.join(data, 'updates', 'sources.json'), JSON.stringify({ sources }));
    const child = spawn(process.execPath, ['dist/server.js', '--only-virtual', '--no-window'], {
      env: { ...place.env, NODE_EXTRA_CA_CERTS: authority },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = new Promise((resolve) => child.once('exit', resolve));
    try {
      const address = await new Promise<string>((resolve) => {
        let text = '';
        child.stdout.on('data', (chunk: Buffer) => {
          text += chunk.toString();
          const found = /http:\S+#code=\S+/.exec(text)?.[0];
          if (found !== undefined) resolve(found);
        });
      });
      const { origin } = new URL(address);
      for (const file of ['/', '/index.html']) await fetch(`${origin}${file}`);
      const client = connect(
        await socketPage(origin, await tokenFrom({ origin, newAddress: () => address })),
      );
      const { portPath } = await client.boards.plugVirtual({ board: 'nanovna-h' });
      for await (const { boards } of await client.boards.watch({})) if (boards.length > 0) break;
      const ids = { vendorId: 0x0483, productId: 0xdf11, bcdDevice: 0xffff };
      const elements = [{ address: 0x08000000, bytes: program(4_000) }];
      const file = writeDfuse({ ids, targets: [{ alternate: 0, elements }] });
      const image = await sendFile(client, new File([new Uint8Array(file)], 'a.dfu'), { asRaw: false });
      const plan = await client.jobs.plan({ portPath, images: [image.id] });
      await client.jobs.flash({ portPath, images: [image.id], confirmed: plan.hash });
      for await (const jobs of watchJobs(client)) if (jobs[0]?.result !== undefined) break;
      await client.backups.list({});
      await client.profiles.list({});
      await client.app.report({});
      await client.settings.change({ theme: 'dark', lookDaily: true });
      const running = await client.boards.plugVirtual({ board: 'nanovna-h', startIn: 'app' });
      for await (const { boards } of await client.boards.watch({})) if (boards.length > 1) break;
      await client.updates.look({ portPath: running.portPath, ask: 'kept' });
      // Long enough for whatever begins by itself.
      await sleep(realClock, 7_000);
      expect(place.connections()).toEqual([]);
      expect(server.asked).toEqual([]);

      await client.updates.look({ portPath: running.portPath });
      expect(server.asked).toEqual(['/index.json']);
      const made = place.connections();
      expect(made.join('\n')).toContain('name ["localhost"]');
      writeFileSync(path.join(folder, 'H_1.9.0.bin'), program(4_000));
      for await (const all of await client.updates.watch({}))
        if (all.some(({ offers }) => offers.some(({ version }) => version === '1.9.0'))) break;
      child.kill('SIGTERM');
      await ended;
      expect(place.connections()).toEqual(made);
      expect(server.asked).toEqual(['/index.json']);
    } finally {
      child.kill('SIGKILL');
    }
  });

  it('tells of a newer Rekindle that is known, and asks whether there is one on a click alone', async () => {
    await using released = await releasedProgram();
    released.place.publish('1.4.0');
    using place = recorded();
    // The way to the server is the released program's own, whatever this computer's is.
    const { https_proxy, NODE_EXTRA_CA_CERTS } = released.env;
    const env = { ...place.env, https_proxy, NODE_EXTRA_CA_CERTS };
    await new Promise((resolve) => {
      const look = [released.file('cli.js'), 'version', '--check'];
      spawn(process.execPath, look, { env: { ...env, NODE_OPTIONS: '' }, stdio: 'ignore' }).once(
        'exit',
        resolve,
      );
    });
    const { length: before } = released.tunnels;
    expect(before).toBeGreaterThan(0);
    const child = spawn(process.execPath, [released.file('server.js'), '--only-virtual', '--no-window'], {
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = new Promise((resolve) => child.once('exit', resolve));
    try {
      let said = '';
      const address = await new Promise<string>((resolve) => {
        child.stdout.on('data', (chunk: Buffer) => {
          said += chunk.toString();
          const found = /http:\/\/127\S+#code=\S+/.exec(said)?.[0];
          if (found !== undefined) resolve(found);
        });
      });
      expect(said).toMatch(
        /^Rekindle 1\.4\.0 is available: https:\/\/github\.com\/acme\/rekindle\/releases$/m,
      );
      const { origin } = new URL(address);
      const client = connect(
        await socketPage(origin, await tokenFrom({ origin, newAddress: () => address })),
      );
      for await (const { state } of await client.releases.watch({})) {
        expect(state).toMatchObject({ is: 'known', release: { version: '1.4.0' } });
        break;
      }
      await client.settings.change({ releaseLooks: 'daily' });
      // Long enough for whatever begins by itself at the start; a day has not passed.
      await sleep(realClock, 3_000);
      expect(place.connections()).toEqual([]);
      await client.releases.look({});
      expect(released.tunnels.length).toBeGreaterThan(before);
      expect(place.connections()).not.toEqual([]);
      child.kill('SIGTERM');
      await ended;
    } finally {
      child.kill('SIGKILL');
    }
  });

  it('no command does, and "sources check" does: the recorder would have seen it', async () => {
    await using server = await startFirmwareServer();
    server.on('/index.json', indexBytes());
    using place = recorded();
    const authority = path.join(place.env['REKINDLE_DATA'] ?? '', 'authority.pem');
    writeFileSync(authority, server.authority);
    const run = (...args: string[]): Promise<number | null> =>
      new Promise((resolve) => {
        const env = { ...place.env, NODE_EXTRA_CA_CERTS: authority };
        spawn(process.execPath, ['dist/cli.js', ...args], { env, stdio: 'ignore' }).once('exit', resolve);
      });
    for (const args of [
      ['devices', '--bench', 'nanovna-h'],
      ['info', '--bench', 'nanovna-h'],
      ['profiles'],
      ['version'],
      ['sources'],
      ['sources', 'add', 'nanovna-h', `${server.origin}/index.json`],
      ['sources', 'show', 'nanovna-h'],
      ['sources', 'check', 'nanovna-h', '--kept'],
    ]) {
      expect(await run(...args), args.join(' ')).toBe(0);
    }
    // Nothing is kept yet: there is no answer, and nobody is asked for one.
    const update = ['update', '--bench', 'nanovna-h:app', '--time-scale', '0'];
    expect(await run(...update, '--kept')).toBe(66);
    expect(place.connections()).toEqual([]);
    expect(server.asked).toEqual([]);
    expect(await run('sources', 'check', 'nanovna-h')).toBe(0);
    expect(server.asked).toEqual(['/index.json']);
    expect(place.connections().join('\n')).toContain('name ["localhost"]');
    expect(place.connections().join('\n')).toMatch(/^tcp \["127\.0\.0\.1",\d+\]$/m);
  });
});
