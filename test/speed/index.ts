// `npm run speed`: our flash and dfu-util, the same virtual boards with data-sheet timing, in one guest, taking turns
// (only the ratios within one run mean anything); sixteen boards at once; then the studio. `-- parsing`, `-- armed`,
// `-- flash`, `-- sixteen` and `-- studio` run one of them.
// Prints tables and writes dist/speed.json.
import './built.ts';
import { mkdirSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { realClock } from '../../main/base/clock.ts';
import { Bench } from '../../main/bench/bench.ts';
import { createBoard, type BoardName } from '../../main/bench/boards/registry.ts';
import { program } from '../support/rig.ts';
import type { VirtualUsbDevice } from '../../main/bench/virtual-usb.ts';
import { linkBench } from '../usb-vm/bench-link.ts';
import { startGuest, type Guest } from '../usb-vm/guest.ts';
import { noBrowser } from '../page/gallery.ts';
import { measureArmed } from './armed.ts';
import { sixteenBoards } from '../support/many-boards.ts';
import { firstRequestAfterAttach } from './latency.ts';
import { measureParsing, printParsing } from './parsing.ts';
import { printSixteen, sixteenInGuest } from './sixteen.ts';
import { studioFigures } from './studio.ts';
import { median, printRatios, printTargets, type RatioRow } from './table.ts';

const rounds = Number(process.env['REKINDLE_SPEED_ROUNDS'] ?? 5);
const startAddress = 0x08000000;
const download = 1;
const eraseCommand = 0x41;

/** Runs a program in the guest to its good end. */
async function run(guest: Guest, argv: readonly string[]): Promise<void> {
  const options = { env: { REKINDLE_DATA: '/tmp/speed' }, timeoutMs: 120_000 };
  const { exitCode, stdout, stderr } = await guest.run(argv, options);
  if (exitCode !== 0) throw new Error(`${argv.join(' ')}: ${String(exitCode)}\n${stdout}\n${stderr}`);
}

interface Span {
  /** From the first erase to the end of the last request: the work itself. */
  readonly work: number;
  /** From the first DFU request to the end of the last: getting to know the board included. */
  readonly session: number;
}

/**
 * What the board sees, ms: the same clock for every tool, and nothing of how long a program takes to start.
 */
function watchRequests(device: VirtualUsbDevice): () => Span {
  const control = device.control.bind(device);
  let first: number | undefined;
  let firstErase: number | undefined;
  let last = 0;
  device.control = async (setup, data, signal) => {
    const isClass = (setup.requestType & 0x60) === 0x20;
    if (isClass) first ??= performance.now();
    if (isClass && setup.request === download && setup.value === 0 && data[0] === eraseCommand)
      firstErase ??= performance.now();
    const reply = await control(setup, data, signal);
    if (isClass) last = performance.now();
    return reply;
  };
  return () => {
    const span = { work: last - (firstErase ?? first ?? last), session: last - (first ?? last) };
    first = undefined;
    firstErase = undefined;
    return span;
  };
}

async function measure(guest: Guest, name: BoardName, length: number): Promise<RatioRow[]> {
  const bench = new Bench({ clock: realClock });
  const port = bench.plug(createBoard(name, { clock: realClock }));
  if (port.device === undefined) throw new Error('the board did not start');
  const took = watchRequests(port.device);
  await using link = await linkBench(guest, bench);
  await link.settled();
  const times: Record<string, number[]> = {};
  const note = (key: string): void => {
    const { work, session } = took();
    (times[key] ??= []).push(work);
    (times[`${key}, whole session`] ??= []).push(session);
  };
  const place = ['--address', '0x08000000', '--no-leave', '--yes', '--no-backup'];
  const ours = (args: readonly string[]): Promise<void> =>
    run(guest, [guest.node, `${guest.repository}/dist/cli.js`, ...args, '--json']);
  const theirs = (...args: string[]): Promise<void> => run(guest, ['dfu-util', '-a', '0', ...args]);
  const at = `0x${startAddress.toString(16)}`;
  for (let round = 0; round < rounds; round++) {
    await guest.writeFile('/tmp/speed.bin', program(length, 100 + round));
    await ours(['flash', '/tmp/speed.bin', ...place, '--full', '--no-verify']);
    note('write');
    await theirs('-s', at, '-D', '/tmp/speed.bin');
    note('dfu-util write');
    await guest.writeFile('/tmp/speed.bin', program(length, 200 + round));
    await ours(['flash', '/tmp/speed.bin', ...place, '--full']);
    note('write and verify');
    await ours(['flash', '/tmp/speed.bin', ...place]);
    note('same image again');
    await guest.run(['rm', '-f', '/tmp/up.bin', '/tmp/down.bin']);
    await ours(['backup', '/tmp/up.bin', '--raw', '--address', at, '--length', String(length)]);
    note('upload');
    await theirs('-s', `${at}:${length}`, '-U', '/tmp/down.bin');
    note('dfu-util upload');
  }
  const row = (what: string, theirs?: string): RatioRow => ({
    board: name,
    what,
    ours: median(times[what] ?? []),
    theirs: theirs === undefined ? undefined : median(times[theirs] ?? []),
  });
  return [
    row('write', 'dfu-util write'),
    row('write, whole session', 'dfu-util write, whole session'),
    row('write and verify'),
    row('same image again'),
    row('upload', 'dfu-util upload'),
  ];
}

async function againstDfuUtil(): Promise<{ kernel: string; rounds: number; rows: RatioRow[] } | undefined> {
  const guest = await startGuest({ limitSeconds: 1_500 });
  if (!guest.available) {
    console.log(`The figures against dfu-util need a guest, and there is none: ${guest.reason}`);
    return undefined;
  }
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
    return { kernel: guest.kernelVersion, rounds, rows };
  } finally {
    await guest.close();
  }
}

async function sixteenOnHost(): Promise<number> {
  const { aloneMs, togetherMs } = await sixteenBoards();
  return Math.max(...togetherMs) / aloneMs;
}

// One after the other: each wants the computer for itself.
const only = process.argv[2];
const wants = (what: string): boolean => only === undefined || only === what;
const parsing = wants('parsing') ? measureParsing() : undefined;
const armed = wants('armed') ? await measureArmed() : undefined;
const flash = wants('flash') ? await againstDfuUtil() : undefined;
const guestSixteen = wants('sixteen') ? await sixteenInGuest(Math.min(2, rounds)) : undefined;
if (noBrowser !== undefined) console.log(`The figures of the studio need a browser: ${noBrowser}`);
const [loadBefore = 0] = loadavg();
const studio = wants('studio') && noBrowser === undefined ? await studioFigures() : undefined;
if (parsing !== undefined) printParsing(parsing);
if (armed !== undefined) printTargets(armed);
const sixteen = wants('sixteen') ? await sixteenOnHost() : undefined;
if (sixteen !== undefined)
  console.log(
    `Sixteen boards at once, the slowest against one alone (simulated time): ${sixteen.toFixed(3)}\n`,
  );
if (guestSixteen !== undefined) printSixteen(guestSixteen);
if (flash !== undefined) {
  printRatios(flash.rows);
  console.log('Medians of alternating runs in one boot; only ratios compare between computers.\n');
}
if (studio !== undefined) {
  printTargets(studio);
  console.log(
    `Targets are for an idle computer; before this run ${loadBefore.toFixed(1)} programs wanted it.\n`,
  );
}
mkdirSync('dist', { recursive: true });
const figures = {
  when: new Date().toISOString(),
  parsing,
  armed,
  flash,
  sixteen,
  guestSixteen,
  studio: { loadBefore, rows: studio },
};
writeFileSync('dist/speed.json', `${JSON.stringify(figures, null, 2)}\n`);
console.log('Written to dist/speed.json.');
