// The coach as text: a flash waits for a board and says what a hand is to do, and a hand at another terminal does it.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { pycomImage } from '../../main/bench/boards/pycom.ts';
import { addDfuSuffix } from '../../main/images/formats/dfu-write.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'rekindle-guide-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const env = { ...process.env, REKINDLE_DATA: path.join(folder, 'data') };
const file = path.join(folder, 'pytrack_0.0.8.dfu');
const ids = { vendorId: 0x04d8, productId: 0xf014, bcdDevice: 0xffff };
writeFileSync(file, addDfuSuffix(pycomImage(77), ids, 0x0100));

/** What is done where a line asks for it. */
const movements: readonly (readonly [RegExp, string])[] = [
  [/^ {2}\d\. Unplug the USB cable\.$/, 'unplug'],
  [/^ {2}\d\. Hold the MCLR button \(S1\) down and keep it held\.$/, 'hold S1'],
  [/^ {2}\d\. Plug in the USB cable\.$/, 'plug'],
  [/^ {2}Let go now: the MCLR button \(S1\)\.$/, 'let-go S1'],
];

interface Run {
  readonly code: number | null;
  readonly lines: readonly string[];
  /** What the hand did, in order. */
  readonly did: readonly string[];
}

/** One movement, at the address that was printed; answers what it was, or why it was refused. */
function move(act: string, at: string): string {
  const what = ['dist/cli.js', 'bench', ...act.split(' '), '--at', at];
  const run = spawnSync(process.execPath, what, { encoding: 'utf8', env });
  return run.status === 0 ? act : run.stderr;
}

/** Flashes a virtual Pytrack; somebody does what the lines say, once each. @param clumsy lets go before the cable is in */
function followed(clumsy: boolean): Promise<Run> {
  const board = ['--board', 'pycom-pytrack', '--bench', 'pytrack:unplugged', '--time-scale', '0'];
  const what = ['dist/cli.js', 'flash', file, ...board, '--wait', '60', '--guide', '--yes'];
  return new Promise((resolve) => {
    const child = spawn(process.execPath, what, { env });
    const did: string[] = [];
    let [stdout, stderr, read] = ['', '', 0];
    const follow = (): void => {
      const [, at] = /rekindle bench ACTION --at (\S+)\n/.exec(stderr) ?? [];
      if (at === undefined) return;
      const lines = stdout.split('\n').slice(0, -1);
      for (const line of lines.slice(read)) {
        const [, act] = movements.find(([words]) => words.test(line)) ?? [];
        if (clumsy && act === 'plug' && !did.includes('plug')) did.push(move('let-go S1', at));
        if (act !== undefined) did.push(move(act, at));
      }
      read = lines.length;
    };
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString();
      follow();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
      follow();
    });
    child.stdin.end();
    child.on('close', (code) => resolve({ code, lines: stdout.split('\n'), did }));
  });
}

/** From the wait to its end: what people are told to do, and what went wrong. */
function toldIn({ lines }: Run): readonly string[] {
  const first = lines.indexOf('First try:');
  return lines.slice(first, lines.indexOf('  Pytrack is in flash mode.') + 1);
}

const hold = '  2. Hold the MCLR button (S1) down and keep it held.';
const rest = [
  '  3. Plug in the USB cable.',
  '  Let go now: the MCLR button (S1).',
  '  Pytrack is in flash mode.',
];

it('flash --wait --guide says each movement as it is due, and it is written once they are done', async () => {
  const run = await followed(false);
  expect(run.did).toEqual(['hold S1', 'plug', 'let-go S1']);
  expect(run.lines).toContain('Waiting for Pytrack.');
  // The cable is out already.
  expect(toldIn(run)).toEqual(['First try:', hold, ...rest]);
  expect(run.lines).toContain('[x] written  [ ] compared  [x] seen running  (virtual board)');
  expect(run.code).toBe(0);
});

it('flash --wait --guide says what went wrong, and begins again', async () => {
  const run = await followed(true);
  expect(run.did).toEqual(['hold S1', 'let-go S1', 'plug', 'unplug', 'hold S1', 'plug', 'let-go S1']);
  expect(toldIn(run)).toEqual([
    'First try:',
    hold,
    '  3. Plug in the USB cable.',
    '  ! It came up running its program. The MCLR button (S1) was let go too early, or not held when the power came. Hold it before, and until "Let go now" is said.',
    'Try 2:',
    '  1. Unplug the USB cable.',
    hold,
    ...rest,
  ]);
  expect(run.lines).toContain('[x] written  [ ] compared  [x] seen running  (virtual board)');
  expect(run.code).toBe(0);
});
