// The bench as a program of its own, moved from its terminal and from another.
import { describe, expect, it } from 'vitest';
import { events, rekindle, type Run } from './program.ts';

describe('rekindle bench', () => {
  it('bench listens on this computer only, until told to end', async () => {
    const run = await rekindle(
      ['bench', '--board', 'nanovna-h', '--usbip', '0', '--json'],
      undefined,
      (child) => child.kill('SIGINT'),
    );
    expect(run.code).toBe(0);
    expect(events(run)[0]).toMatchObject({ event: 'listening' });
  });

  it('bench: its boards are moved from standard input and from another terminal', async () => {
    const other: Promise<Run>[] = [];
    const run = await rekindle(
      ['bench', '--board', 'pytrack:unplugged', '--usbip', '0', '--json'],
      new TextEncoder().encode('hold 1-1 S1\nplug 1-1\nunplug\nhold S9\nsing 1-1\n'),
      (child, text) => {
        const at = /"at":"([^"]+)"/.exec(text)?.[1];
        if (at === undefined || other.length > 0 || text.split('\n').length < 7) return;
        other.push(rekindle(['bench', 'let-go', '1-1', 'MCLR', 'button', '(S1)', '--at', at]));
        other.push(rekindle(['bench', 'hold', '1-1', 'S9', '--at', at]));
        other.push(rekindle(['bench', 'plug', '--at', `${at.slice(0, -32)}${'0'.repeat(32)}`]));
        void Promise.all(other).then(() => child.kill('SIGINT'));
      },
    );
    expect(run.code).toBe(0);
    const [listening, ...actions] = events(run);
    expect(listening).toMatchObject({ event: 'listening', boards: [{ busId: '1-1', board: 'pytrack' }] });
    expect(actions.map(({ done, refused }) => done ?? refused)).toEqual([
      '1-1: not on USB; MCLR button (S1) (held)',
      '1-1: not on USB; MCLR button (S1) (held)',
      '1-1: not on USB; MCLR button (S1) (held)',
      'The board at 1-1 has no such thing. It has MCLR button (S1) (held)',
      expect.stringMatching(
        /^"sing" is nothing a hand can do; there is plug PORT, unplug PORT, hold PORT BUTTON/,
      ),
    ]);
    const [done, refused, stranger] = await Promise.all(other);
    expect(done).toMatchObject({ code: 0, stdout: '1-1: not on USB; MCLR button (S1) (let go)\n' });
    expect(refused).toMatchObject({
      code: 64,
      stderr: expect.stringContaining('has no such thing') as string,
    });
    expect(stranger).toMatchObject({
      code: 64,
      stderr: expect.stringContaining('No bench answers') as string,
    });
  });

  it.each([
    [['bench'], 'Say which boards'],
    [['bench', 'plug', '1-1'], '--at takes what'],
    [['bench', 'plug', '1-1', '--at', `1:${'0'.repeat(32)}`], 'No bench answers'],
    [['bench', '--board', 'nanovna-h:upside-down'], 'starts as "nanovna-h:app"'],
  ])('%s is not understood', async (args, says) => {
    const run = await rekindle(args);
    expect(run).toMatchObject({ code: 64, stderr: expect.stringContaining(says) as string });
  });
});
