// From the running program into flash mode on a real kernel: cdc-acm's port, found by sysfs, through the serial library.
import { expect, it } from 'vitest';
import { sameBytes } from '../../main/base/bytes.ts';
import type { Bench } from '../../main/bench/bench.ts';
import { nanovnaProgram } from '../../main/bench/boards/nanovna-program.ts';
import type { VirtualBoard } from '../../main/bench/board.ts';
import type { Result } from '../../shared/result.ts';
import { describeInGuest, quickBoard, resultOf } from './in-guest.ts';
import type { GuestUser } from './messages.ts';

describeInGuest('into flash mode by software', { timeout: 240_000 }, (here) => {
  async function plugIn(count: number): Promise<{ bench: Bench; boards: VirtualBoard[] }> {
    const boards = Array.from({ length: count }, () => quickBoard('nanovna-h', { startIn: 'app' }));
    const { bench } = await here.plugInBoards(...boards);
    return { bench, boards };
  }

  async function rekindle(args: readonly string[], user: GuestUser = 'root'): Promise<Result> {
    return resultOf(await here.rekindle([...args, '--json'], { user }));
  }

  it('a running NanoVNA gets a new firmware, and runs it, with no hand on it', async () => {
    const { boards } = await plugIn(1);
    const bytes = nanovnaProgram({ family: 'dislord', model: 'NanoVNA-H', version: '9.9.9' }, 20_000);
    await here.guest.writeFile('/tmp/new.bin', bytes);
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
    const { stdout } = await here.guest.run(
      [here.guest.node, `${here.guest.repository}/dist/cli.js`, 'devices', '--json'],
      {
        timeoutMs: 60_000,
        env: { REKINDLE_DATA: '/tmp/rekindle-root' },
      },
    );
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
