// From the running program into flash mode on a real kernel: cdc-acm's port, found by sysfs, through the serial library.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { sameBytes } from '../../main/base/bytes.ts';
import { realClock } from '../../main/base/clock.ts';
import { Bench } from '../../main/bench/bench.ts';
import { nanovnaProgram } from '../../main/bench/boards/nanovna-program.ts';
import { createBoard } from '../../main/bench/boards/registry.ts';
import type { VirtualBoard } from '../../main/bench/board.ts';
import type { Result } from '../../shared/result.ts';
import { linkBench, type BenchLink } from './bench-link.ts';
import { startGuest, type Guest } from './guest.ts';
import { prepareMachine } from './machine.ts';
import type { GuestUser } from './messages.ts';

const machine = await prepareMachine();
if (!machine.available) console.warn(`usb-vm skipped: ${machine.reason}`);

describe.skipIf(!machine.available)('into flash mode by software', { timeout: 120_000 }, () => {
  let guest: Guest;
  let link: BenchLink | undefined;

  beforeAll(async () => {
    const started = await startGuest();
    if (!started.available) throw new Error(started.reason);
    guest = started;
  }, 120_000);
  afterEach(async () => {
    await link?.[Symbol.asyncDispose]();
    link = undefined;
  });
  afterAll(() => guest.close());

  async function plugIn(count: number): Promise<{ bench: Bench; boards: VirtualBoard[] }> {
    const bench = new Bench({ clock: realClock });
    const boards = Array.from({ length: count }, () =>
      createBoard('nanovna-h', { clock: realClock, timeScale: 0.02, startIn: 'app' }),
    );
    for (const board of boards) bench.plug(board);
    link = await linkBench(guest, bench);
    await link.settled();
    return { bench, boards };
  }

  async function rekindle(args: readonly string[], user: GuestUser = 'root'): Promise<Result> {
    const { stdout, stderr } = await guest.run(
      [guest.node, `${guest.repository}/dist/cli.js`, ...args, '--json'],
      { timeoutMs: 90_000, user, env: { REKINDLE_DATA: `/tmp/rekindle-${user}` } },
    );
    const last = stdout.trim().split('\n').at(-1) ?? '';
    if (!last.startsWith('{')) throw new Error(`no result: ${stdout}${stderr}`);
    return (JSON.parse(last) as { result: Result }).result;
  }

  it('a running NanoVNA gets a new firmware, and runs it, with no hand on it', async () => {
    const { boards } = await plugIn(1);
    const bytes = nanovnaProgram({ family: 'dislord', model: 'NanoVNA-H', version: '9.9.9' }, 20_000);
    await guest.writeFile('/tmp/new.bin', bytes);
    const result = await rekindle([
      'flash',
      '/tmp/new.bin',
      '--address',
      '0x08000000',
      '--yes',
      '--no-backup',
    ]);
    expect(result.error).toBeUndefined();
    expect(result).toMatchObject({ outcome: 'done', content: { kind: 'verified' }, app: 'running' });
    expect(sameBytes(boards[0]?.flash.subarray(0, bytes.length) ?? bytes.subarray(0, 1), bytes)).toBe(true);
  });

  it('of two alike, only the one that is meant is spoken to', async () => {
    const { bench } = await plugIn(2);
    const { stdout } = await guest.run([guest.node, `${guest.repository}/dist/cli.js`, 'devices', '--json'], {
      timeoutMs: 60_000,
      env: { REKINDLE_DATA: '/tmp/rekindle-root' },
    });
    const ports = [
      ...new Set([...stdout.matchAll(/"portPath":\s*"([^"]+)"/g)].map(([, port]) => port ?? '')),
    ];
    expect(ports).toHaveLength(2);
    const result = await rekindle(['detach', '--device', ports[1] ?? '']);
    expect(result).toMatchObject({ outcome: 'done', portPath: ports[1] });
    const modes = bench.ports.map(({ device }) => device?.deviceDescriptor[10]);
    expect(modes.toSorted()).toEqual([0x11, 0x40]);
  });

  it('says that the port may not be opened, and names the group', async () => {
    await plugIn(1);
    const result = await rekindle(['detach'], 'outsider');
    expect(result.error).toMatchObject({
      code: 'entry.by-hand-needed',
      params: {
        tried: [{ kind: 'serial-command', outcome: 'not-possible', code: 'serial.access-denied' }],
      },
    });
  });
});
