// The studio inside the guest, as an ordinary account on real libusb, shown by a Chromium outside.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Browser, Page } from 'playwright-core';
import { realClock } from '../../main/base/clock.ts';
import { sameBytes } from '../../main/base/bytes.ts';
import { Bench } from '../../main/bench/bench.ts';
import type { VirtualBoard } from '../../main/bench/board.ts';
import { createBoard } from '../../main/bench/boards/registry.ts';
import { writeDfuse } from '../../main/images/formats/dfuse-write.ts';
import { rightsWords } from '../../shared/text/house-views.ts';
import { boardViewWords } from '../../shared/text/views.ts';
import { noBrowser, startBrowser } from '../page/gallery.ts';
import { program } from '../support/rig.ts';
import { linkBench, type BenchLink } from './bench-link.ts';
import { startGuest, type Guest } from './guest.ts';
import { prepareMachine } from './machine.ts';
import { startPolkit } from './polkit.ts';
import type { GuestProgram } from './program.ts';
import { openTunnel, type Tunnel } from './tunnel.ts';

const machine = await prepareMachine();
const whyNot = machine.available ? noBrowser : machine.reason;
if (whyNot !== undefined) console.warn(`usb-vm studio skipped: ${whyNot}`);
const data = '/tmp/rekindle-studio';

describe.skipIf(whyNot !== undefined)('the studio on a real USB stack', { timeout: 120_000 }, () => {
  let guest: Guest;
  let link: BenchLink;
  let tunnel: Tunnel;
  let board: VirtualBoard;
  let server: GuestProgram;
  let browser: Browser;
  let noPolkit: string | undefined;

  beforeAll(async () => {
    const built = spawnSync('node', ['scripts/build.mjs', '--page', '--server', '--quiet']);
    if (built.status !== 0) throw new Error(`the studio was not built: ${built.stderr.toString()}`);
    const [started, opened] = await Promise.all([startGuest(), startBrowser()]);
    browser = opened;
    if (!started.available) throw new Error(started.reason);
    guest = started;
    const bench = new Bench({ clock: realClock });
    board = createBoard('nanovna-h', { clock: realClock, timeScale: 0.02 });
    bench.plug(board);
    link = await linkBench(guest, bench);
    await link.settled();
    noPolkit = await startPolkit(guest);
    if (noPolkit !== undefined) console.warn(`pkexec skipped: ${noPolkit}`);
    tunnel = await openTunnel(guest);
    // The page is built first, where it is older than its sources.
  }, 180_000);
  afterAll(async () => {
    await browser.close();
    await tunnel[Symbol.asyncDispose]();
    await link[Symbol.asyncDispose]();
    await guest.close();
  });

  /** Starts the server as a member of plugdev, who may not open the board, and opens the address it prints. */
  async function openStudio(): Promise<Page> {
    const file = `${guest.repository}/dist/server.js`;
    server = guest.start([guest.node, file, '--no-window', '--port', String(tunnel.port)], {
      user: 'member',
      env: { REKINDLE_DATA: data, SHELL: '/no/such/shell' },
      timeoutMs: 120_000,
    });
    await server.waitForOutput(/#code=\S+\n/, 30_000);
    const page = await browser.newPage({ viewport: { width: 1024, height: 640 } });
    page.setDefaultTimeout(20_000);
    await page.goto(/http:\/\/127\.0\.0\.1:\d+\/#code=\S+/.exec(server.stdout())?.[0] ?? '');
    return page;
  }

  it('is refused, let in by one click, and flashes', async (context) => {
    const page = await openStudio();
    const troubles: string[] = [];
    page.on('pageerror', (error) => troubles.push(error.message));
    const card = page.locator('[data-port="1-1"]');
    await card.getByText(rightsWords.letInTitle).waitFor();
    await card.click();
    const rule = readFileSync(`${guest.repository}/assets/udev/70-rekindle.rules`, 'utf8');
    await page.getByText(rightsWords.where('/etc/udev/rules.d/70-rekindle.rules')).waitFor();
    expect(await page.getByLabel(rightsWords.ruleLabel).textContent()).toBe(rule);

    if (noPolkit === undefined) await page.getByRole('button', { name: rightsWords.letIn }).click();
    else {
      // The same script, started by root: what can be shown is shown before the case counts as skipped.
      const helper = [guest.node, `${guest.repository}/dist/cli.js`, 'rights', '--install', '--json'];
      expect((await guest.run(helper)).exitCode).toBe(0);
      await page.getByRole('button', { name: rightsWords.again }).click();
    }
    await page.getByText('In flash mode, ready').waitFor();
    expect((await guest.run(['cat', '/etc/udev/rules.d/70-rekindle.rules'])).stdout).toBe(rule);

    const bytes = program(20_000);
    const ids = { vendorId: 0x0483, productId: 0xdf11, bcdDevice: 0xffff };
    const file = writeDfuse({ ids, targets: [{ alternate: 0, elements: [{ address: 0x08000000, bytes }] }] });
    await page.locator('input[type=file]').setInputFiles({
      name: 'nanovna.dfu',
      mimeType: 'application/octet-stream',
      buffer: Buffer.from(file),
    });
    await page.getByRole('heading', { name: boardViewWords.planTitle }).waitFor();
    await page.getByRole('button', { name: /^Back up, then install nanovna\.dfu on this / }).click();
    await page.locator('[data-tick=returned]').waitFor({ timeout: 60_000 });
    for (const tick of ['written', 'verified', 'returned'])
      expect(await page.locator(`[data-tick=${tick}]`).getAttribute('class'), tick).toMatch(/\byes\b/);
    expect(sameBytes(board.flash.subarray(0, bytes.length), bytes)).toBe(true);
    expect(troubles).toEqual([]);

    const log = await guest.run(['cat', `${data}/logs/browser.log`]);
    if (noPolkit !== undefined) context.skip(noPolkit);
    expect(log.stdout).toContain('install by pkexec');
  });

  it('ends at once when it is told to', async () => {
    await server.kill('SIGTERM');
    expect(await server.ended).toMatchObject({ exitCode: 0 });
  });
});
