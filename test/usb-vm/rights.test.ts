// "Let me in" on a real system: real udev, real permissions, and real pkexec and polkitd where they can be started.
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { realClock } from '../../main/base/clock.ts';
import { Bench, type BenchPort } from '../../main/bench/bench.ts';
import { createBoard } from '../../main/bench/boards/registry.ts';
import { ExitCode } from '../../shared/result.ts';
import type { RightsResult } from '../../shared/rights.ts';
import { linkBench, type BenchLink } from './bench-link.ts';
import { startGuest, type Guest } from './guest.ts';
import { prepareMachine } from './machine.ts';
import type { GuestUser } from './messages.ts';
import { startPolkit } from './polkit.ts';
import type { RunResult } from './program.ts';

const machine = await prepareMachine();
if (!machine.available) console.warn(`usb-vm skipped: ${machine.reason}`);
const ruleFile = '/etc/udev/rules.d/70-rekindle.rules';

describe.skipIf(!machine.available)('letting an account in', { timeout: 240_000 }, () => {
  let guest: Guest;
  let link: BenchLink;
  let port: BenchPort;
  /** With a board that runs its program; empty for most of the time. */
  let programPort: BenchPort;
  let node: string;
  let noPolkit: string | undefined;

  beforeAll(async () => {
    const started = await startGuest();
    if (!started.available) throw new Error(started.reason);
    guest = started;
    const bench = new Bench({ clock: realClock });
    port = bench.plug(createBoard('nanovna-h', { clock: realClock, timeScale: 0.02 }));
    programPort = bench.plug(createBoard('pytrack', { clock: realClock }));
    link = await linkBench(guest, bench);
    node = (await link.settled()).get('1-1')?.node ?? '';
    programPort.unplug();
    await link.settled();
    noPolkit = await startPolkit(guest);
    if (noPolkit !== undefined) console.warn(`pkexec skipped: ${noPolkit}`);
  }, 120_000);
  afterAll(async () => {
    await link[Symbol.asyncDispose]();
    await guest.close();
  });

  function rekindle(user: GuestUser, ...args: string[]): Promise<RunResult> {
    return guest.run([guest.node, `${guest.repository}/dist/cli.js`, ...args], {
      user,
      env: { REKINDLE_DATA: `/tmp/rekindle-${user}`, SHELL: '/no/such/shell' },
    });
  }

  let backups = 0;
  /** Opens the board as an ordinary account: 0 or 77. */
  async function open(user: GuestUser): Promise<number | null> {
    const out = `/tmp/rights-${user}-${backups++}.dfu`;
    const place = ['--address', '0x08000000', '--length', '2048'];
    return (await rekindle(user, 'backup', out, ...place)).exitCode;
  }

  function resultOf(run: RunResult): RightsResult {
    const line = JSON.parse(run.stdout.trim()) as { event: string; result: RightsResult };
    expect(line.event).toBe('rights-result');
    return line.result;
  }

  async function ruleInPlace(): Promise<string | undefined> {
    const { exitCode, stdout } = await guest.run(['cat', ruleFile]);
    return exitCode === 0 ? stdout : undefined;
  }

  /** Refused, let in by the real script with the board still plugged in, put out again. */
  async function fromRefusalToRefusal(asker: GuestUser): Promise<void> {
    expect(await open('member')).toBe(ExitCode.noPermission);
    const installed = await rekindle(asker, 'rights', '--install', '--json');
    expect(resultOf(installed)).toEqual({ kind: 'installed', applied: true });
    expect(JSON.parse(installed.stdout)).toMatchObject({
      title: 'You are let in',
      status: { state: 'current' },
    });
    expect(await ruleInPlace()).toBe(
      readFileSync(`${guest.repository}/assets/udev/70-rekindle.rules`, 'utf8'),
    );
    expect(await open('member')).toBe(ExitCode.done);
    expect((await guest.run(['test', '-w', node], { user: 'outsider' })).exitCode).toBe(1);
    const removed = await rekindle(asker, 'rights', '--remove', '--json');
    expect(resultOf(removed)).toEqual({ kind: 'removed', applied: true });
    expect(await ruleInPlace()).toBeUndefined();
    port.replug();
    await link.settled();
    expect(await open('member')).toBe(ExitCode.noPermission);
  }

  it('through pkexec and polkitd', async (context) => {
    if (noPolkit !== undefined) {
      // The same script, started by root: what can be shown is shown before the case counts as skipped.
      await fromRefusalToRefusal('root');
      context.skip(noPolkit);
    }
    await fromRefusalToRefusal('member');
  });

  it('refuses whom polkit refuses, and changes nothing', async (context) => {
    if (noPolkit !== undefined) context.skip(noPolkit);
    const refused = await rekindle('outsider', 'rights', '--install', '--json');
    expect(refused.exitCode).toBe(ExitCode.noPermission);
    expect(resultOf(refused)).toEqual({ kind: 'not-authorised' });
    // The rule would not reach this account either, and that is told.
    expect(JSON.parse(refused.stdout)).toMatchObject({ status: { account: 'neither', elevation: 'pkexec' } });
    expect(await ruleInPlace()).toBeUndefined();
  });

  it('says so where nobody can be asked for a password, and shows the command to copy', async (context) => {
    if (noPolkit !== undefined) context.skip(noPolkit);
    await guest.run(['rm', '/etc/polkit-1/rules.d/00-rekindle-test.rules']);
    // polkitd watches its folder of rules.
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    const asked = await rekindle('member', 'rights', '--install');
    expect(asked.exitCode).toBe(ExitCode.noPermission);
    expect(asked.stdout).toContain('No password dialogue can be shown');
    expect(asked.stdout).toContain(`sudo tee ${ruleFile}`);
    expect(await ruleInPlace()).toBeUndefined();
  });

  it('keeps ModemManager off the port of a program, and lets the person at the screen use it', async () => {
    const properties = async (): Promise<string> =>
      (await guest.run(['udevadm', 'info', '--query=property', '--name=/dev/ttyACM0'])).stdout;
    programPort.replug();
    await link.settled();
    await expect.poll(properties, { timeout: 20_000 }).toContain('ID_USB_DRIVER=cdc_acm');
    expect(await properties()).not.toContain('ID_MM_PORT_IGNORE');
    expect((await rekindle('root', 'rights', '--install')).exitCode).toBe(ExitCode.done);
    // It was there before the rule was.
    await expect.poll(properties, { timeout: 20_000 }).toContain('ID_MM_PORT_IGNORE=1');
    expect(await properties()).toMatch(/^TAGS=.*:uaccess:/m);
    const group = ['stat', '-c', '%G', '/dev/ttyACM0'];
    expect((await guest.run(group)).stdout).not.toContain('plugdev');
    programPort.replug();
    await link.settled();
    await expect.poll(properties, { timeout: 20_000 }).toContain('ID_MM_DEVICE_IGNORE=1');
    await rekindle('root', 'rights', '--remove');
    programPort.unplug();
    await link.settled();
  });

  it('leaves alone what an administrator put there', async () => {
    await guest.run(['ln', '-s', '/dev/null', ruleFile]);
    const refused = await rekindle('root', 'rights', '--install', '--json');
    expect(refused.exitCode).toBe(ExitCode.refused);
    expect(resultOf(refused)).toMatchObject({ kind: 'failed', why: 'not-ours' });
    expect((await guest.run(['readlink', ruleFile])).stdout).toBe('/dev/null\n');
    await guest.run(['rm', ruleFile]);
  });
});
