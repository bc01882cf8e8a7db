// `npm run speed`: our flash and dfu-util, the same virtual boards with data-sheet timing, in one guest, taking turns.
// Only the ratios within one run mean anything. Prints a table and writes dist/speed.json.
import { mkdirSync, writeFileSync } from 'node:fs';
import { realClock } from '../../main/base/clock.ts';
import { Bench } from '../../main/bench/bench.ts';
import { createBoard, type BoardName } from '../../main/bench/boards/registry.ts';
import { program } from '../support/rig.ts';
import { linkBench } from '../usb-vm/bench-link.ts';
import { startGuest, type Guest } from '../usb-vm/guest.ts';
import { firstRequestAfterAttach } from './latency.ts';

const rounds = Number(process.env['REKINDLE_SPEED_ROUNDS'] ?? 5);
const startAddress = 0x08000000;

interface Row {
  readonly board: string;
  readonly what: string;
  readonly ours: number;
  readonly theirs: number | undefined;
}

/** Milliseconds of a program in the guest, Node's own start taken off ours so that the protocol is compared. */
async function timed(guest: Guest, argv: readonly string[]): Promise<number> {
  const started = performance.now();
  const { exitCode, stdout, stderr } = await guest.run(argv, {
    env: { REKINDLE_DATA: '/tmp/speed' },
    timeoutMs: 120_000,
  });
  // dfu-util ends with 74 after a leave that worked; without one it ends with 0.
  if (exitCode !== 0) throw new Error(`${argv.join(' ')}: ${exitCode}\n${stdout}\n${stderr}`);
  return performance.now() - started;
}

async function jobMs(guest: Guest, args: readonly string[]): Promise<number> {
  const argv = [guest.node, `${guest.repository}/dist/cli.js`, ...args, '--json'];
  const { exitCode, stdout } = await guest.run(argv, {
    env: { REKINDLE_DATA: '/tmp/speed' },
    timeoutMs: 120_000,
  });
  const last = JSON.parse(stdout.trim().split('\n').at(-1) ?? '{}') as { result?: { durationMs: number } };
  if (exitCode !== 0 || last.result === undefined)
    throw new Error(`${argv.join(' ')}: ${String(exitCode)}\n${stdout}`);
  return last.result.durationMs;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

async function measure(guest: Guest, name: BoardName, length: number): Promise<Row[]> {
  const bench = new Bench({ clock: realClock });
  bench.plug(createBoard(name, { clock: realClock }));
  await using link = await linkBench(guest, bench);
  await link.settled();
  const times: Record<string, number[]> = {};
  const note = (key: string, ms: number): void => void (times[key] ??= []).push(ms);
  const place = ['--address', '0x08000000', '--no-leave', '--yes', '--no-backup'];
  // What dfu-util needs before its first request, so that both are judged by the work and not by starting.
  const idleStart = await timed(guest, ['dfu-util', '-l']);
  for (let round = 0; round < rounds; round++) {
    await guest.writeFile('/tmp/speed.bin', program(length, 100 + round));
    note('write', await jobMs(guest, ['flash', '/tmp/speed.bin', ...place, '--full', '--no-verify']));
    note(
      'dfu-util write',
      (await timed(guest, [
        'dfu-util',
        '-a',
        '0',
        '-s',
        `0x${startAddress.toString(16)}`,
        '-D',
        '/tmp/speed.bin',
      ])) - idleStart,
    );
    await guest.writeFile('/tmp/speed.bin', program(length, 200 + round));
    note('write and verify', await jobMs(guest, ['flash', '/tmp/speed.bin', ...place, '--full']));
    note('same image again', await jobMs(guest, ['flash', '/tmp/speed.bin', ...place]));
    await guest.run(['rm', '-f', '/tmp/up.bin', '/tmp/down.bin']);
    note(
      'upload',
      await jobMs(guest, [
        'backup',
        '/tmp/up.bin',
        '--raw',
        '--address',
        '0x08000000',
        '--length',
        String(length),
      ]),
    );
    note(
      'dfu-util upload',
      (await timed(guest, [
        'dfu-util',
        '-a',
        '0',
        '-s',
        `0x${startAddress.toString(16)}:${length}`,
        '-U',
        '/tmp/down.bin',
      ])) - idleStart,
    );
  }
  const row = (what: string, theirs?: string): Row => ({
    board: name,
    what,
    ours: median(times[what] ?? []),
    theirs: theirs === undefined ? undefined : median(times[theirs] ?? []),
  });
  return [
    row('write', 'dfu-util write'),
    row('write and verify'),
    row('same image again'),
    row('upload', 'dfu-util upload'),
  ];
}

function print(rows: readonly Row[]): void {
  console.log(
    `\n${'board'.padEnd(12)}${'what'.padEnd(34)}${'ours'.padStart(10)}${'dfu-util'.padStart(11)}${'ratio'.padStart(8)}`,
  );
  for (const { board, what, ours, theirs } of rows) {
    const other = theirs === undefined ? '' : `${Math.round(theirs)} ms`;
    const ratio = theirs === undefined ? '' : (ours / theirs).toFixed(2);
    console.log(
      `${board.padEnd(12)}${what.padEnd(34)}${`${Math.round(ours)} ms`.padStart(10)}${other.padStart(11)}${ratio.padStart(8)}`,
    );
  }
}

const guest = await startGuest({ limitSeconds: 1_500 });
if (!guest.available) {
  console.log(`The figures against dfu-util need a guest, and there is none: ${guest.reason}`);
} else {
  try {
    const rows = [
      ...(await measure(guest, 'nanovna-h', 60 * 1024)),
      ...(await measure(guest, 'stm32f405', 64 * 1024)),
      {
        board: 'nanovna-h',
        what: 'attach to first request',
        ours: median(await firstRequestAfterAttach(guest, rounds)),
        theirs: undefined,
      },
    ];
    print(rows);
    mkdirSync('dist', { recursive: true });
    writeFileSync(
      'dist/speed.json',
      `${JSON.stringify({ when: new Date().toISOString(), kernel: guest.kernelVersion, rounds, rows }, null, 2)}\n`,
    );
    console.log(
      '\nWritten to dist/speed.json. Medians of alternating runs in one boot; only ratios compare between computers.',
    );
  } finally {
    await guest.close();
  }
}
