// The server shell's end: a closed terminal leaves no board half-written. The built program as a child process.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { writeDfuse } from '../../main/images/formats/dfuse-write.ts';
import { connect } from '../../renderer/client/connect.ts';
import { sendFile } from '../../renderer/client/send-file.ts';
import { watchJobs } from '../../renderer/client/watch-jobs.ts';
import { socketPage, tokenFrom } from '../contract/studio-rig.ts';
import { program } from '../support/rig.ts';

it.each([
  ['a closed terminal', 'SIGHUP', /: done, content verified/],
  ['being told to end', 'SIGTERM', /: interrupted by job\.stopped/],
] as const)('%s: the job ends as it should, and then the program', async (_what, signal, told) => {
  const built = spawnSync(process.execPath, ['scripts/build.mjs', '--page', '--server', '--quiet']);
  expect(built.status).toBe(0);
  const folder = mkdtempSync(path.join(tmpdir(), 'rekindle-ending-'));
  const child = spawn(process.execPath, ['dist/server.js', '--only-virtual', '--no-window'], {
    env: { ...process.env, REKINDLE_DATA: folder },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
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
    const token = await tokenFrom({ origin, newAddress: () => address });
    const client = connect(await socketPage(origin, token));
    const { portPath } = await client.boards.plugVirtual({ board: 'nanovna-h' });
    for await (const { boards } of await client.boards.watch({})) if (boards.length > 0) break;
    const ids = { vendorId: 0x0483, productId: 0xdf11, bcdDevice: 0xffff };
    const elements = [{ address: 0x08000000, bytes: program(30_000) }];
    const file = writeDfuse({ ids, targets: [{ alternate: 0, elements }] });
    const image = await sendFile(client, new File([new Uint8Array(file)], 'a.dfu'), { asRaw: false });
    const plan = await client.jobs.plan({ portPath, images: [image.id] });
    await client.jobs.flash({ portPath, images: [image.id], confirmed: plan.hash });
    for await (const jobs of watchJobs(client)) {
      // A look that comes late sees that it is erased already.
      if (jobs[0]?.steps.some(({ step, state }) => step === 'erase' && ['running', 'done'].includes(state)))
        break;
    }
    child.kill(signal);
    expect(await ended).toBe(0);
    // The program is gone with its page: what it wrote last tells how the job ended.
    expect(readFileSync(path.join(folder, 'logs', 'browser.log'), 'utf8')).toMatch(told);
  } finally {
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
});
