// kill -9 while many boards are flashed with one recipe: what the next program tells of each of them is so.
import { fork, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sameBytes } from '../../main/base/bytes.ts';
import { realClock, sleep } from '../../main/base/clock.ts';
import { Bench } from '../../main/bench/bench.ts';
import { createBoard } from '../../main/bench/boards/registry.ts';
import { writeDfuse } from '../../main/images/formats/dfuse-write.ts';
import { openBatches, putAwayBatch, recipeOfOpenBatch } from '../../main/jobs/batch/read-open-batches.ts';
import { Journal } from '../../main/jobs/journal.ts';
import { DfuRequest } from '../../main/protocols/dfu/constants.ts';
import { openStore } from '../../main/workers/store.ts';
import type { BatchUnit } from '../../shared/batch.ts';
import { makeRig, program } from '../support/rig.ts';
import { lendBus } from './programs/lent-bus.ts';

/** As the bundles have them. */
declare const REKINDLE_PROFILES: readonly unknown[];

const kills = process.env['REKINDLE_SOAK'] === undefined ? 6 : 60;
const start = 0x08000000;
const image = program(14 * 2048 + 100, 41);
const ports = ['1-1', '1-2', '1-3', '1-4'];
const root = mkdtempSync(path.join(tmpdir(), 'rekindle-killed-batch-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const file = path.join(root, 'firmware.dfu');
const children = new Set<ChildProcess>();
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
});
/** Downloads and uploads of a batch that nobody kills, from its beginning on. */
let requests = 0;

beforeAll(async () => {
  const ids = { vendorId: 0x0483, productId: 0xdf11, bcdDevice: 0xffff };
  const targets = [{ alternate: 0, elements: [{ address: start, bytes: image }] }];
  writeFileSync(file, writeDfuse({ ids, targets }));
  await build({
    entryPoints: {
      child: 'test/bench/programs/batch-child.ts',
      'store-worker': 'main/workers/store-worker.ts',
    },
    outdir: root,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    define: { REKINDLE_PROFILES: JSON.stringify(REKINDLE_PROFILES) },
    logLevel: 'warning',
  });
  writeFileSync(path.join(root, 'package.json'), '{"type":"module"}');
  const place = newPlace();
  const { units, served } = await flashAll(place, Infinity);
  expect(units?.map(({ portPath, error }) => [portPath, error?.code])).toEqual([
    ['1-1', undefined],
    ['1-2', 'dfu.status'],
    ['1-3', undefined],
    ['1-4', undefined],
  ]);
  requests = served;
  // All had their turn: nothing is left to go on with.
  await using journal = journalOf(place.folder);
  expect(await openBatches(journal)).toEqual([]);
});

type Place = ReturnType<typeof newPlace>;

/** Four boards; one always fails at its fourth block. */
function newPlace() {
  const folder = mkdtempSync(path.join(root, 'data-'));
  mkdirSync(path.join(folder, 'backups'));
  const bench = new Bench({ clock: realClock, transferMs: 0 });
  const boards = ports.map((portPath) => {
    const fault = { kind: 'status', at: 'block', index: 4, code: 3 } as const;
    const faults = portPath === '1-2' ? [fault] : [];
    const board = createBoard('nanovna-h', { clock: realClock, timeScale: 0.02, faults });
    bench.plug(board, portPath);
    return { portPath, board, before: board.flash.slice() };
  });
  return { folder, bench, boards };
}

/** A child that flashes them, killed after so many requests from the batch's beginning on. */
async function flashAll(
  { folder, bench }: Place,
  afterRequests: number,
): Promise<{ units: readonly BatchUnit[] | undefined; served: number }> {
  const child = fork(path.join(root, 'child.js'), [folder, file, ports.join(',')], {
    serialization: 'advanced',
    execArgv: ['--no-warnings'],
  });
  children.add(child);
  let begun = false;
  let served = 0;
  let units: readonly BatchUnit[] | undefined;
  const kill = (): void => {
    if (begun && served >= afterRequests) child.kill('SIGKILL');
  };
  // How often a state is asked for hangs on how busy the computer is; blocks and commands are as many each time.
  lendBus(bench.bus, child, (setup) => {
    const counts = setup?.request === DfuRequest.download || setup?.request === DfuRequest.upload;
    if (begun && counts) served++;
    kill();
  });
  child.on('message', (message: { begun?: boolean; units?: readonly BatchUnit[] }) => {
    begun ||= message.begun === true;
    units = message.units ?? units;
    kill();
  });
  await new Promise<void>((resolve) => child.once('exit', () => resolve()));
  children.delete(child);
  // What was on its way to the boards arrives, or is given up.
  await sleep(realClock, 60);
  return { units, served };
}

function journalOf(folder: string): Journal {
  const { host } = makeRig('nanovna-h').services;
  const database = path.join(folder, 'rekindle.db');
  const paths = { ...host.paths, backups: path.join(folder, 'backups'), database };
  return new Journal({ ...host, paths }, (tell) => openStore(database, realClock, tell));
}

describe('a program that is killed while many boards are under way', () => {
  const seen = new Set<string>();

  it.each([...Array(kills).keys()])('moment %i', async (index) => {
    const place = newPlace();
    await flashAll(place, Math.floor((index * requests) / kills));
    await using journal = journalOf(place.folder);
    const [batch, ...others] = await openBatches(journal);
    expect(others).toEqual([]);
    if (batch === undefined) throw new Error('the batch is not known');
    expect(batch).toMatchObject({ kind: 'all', wanted: 4, files: ['firmware.dfu'], imagesThere: true });
    const open = await journal.openJobs();
    for (const told of batch.boards) {
      seen.add(told.state);
      const { board, before } = place.boards.find(({ portPath }) => portPath === told.portPath) ?? {};
      if (board === undefined || before === undefined) throw new Error(`no board at ${told.portPath}`);
      const holdsImage = sameBytes(board.flash.subarray(0, image.length), image);
      if (told.state === 'done') expect(holdsImage).toBe(true);
      else if (told.state === 'not-begun') expect(sameBytes(board.flash, before)).toBe(true);
      else if (told.state === 'failed') expect([told.portPath, told.error]).toEqual(['1-2', 'dfu.status']);
      else expect(told.state).toBe('in-doubt');
      // What may be half-written is where a person can go on with it.
      if (told.state === 'in-doubt') expect(open.map(({ id }) => id)).toContain(told.openJob);
    }
    // None is forgotten that was touched.
    for (const { portPath, board, before } of place.boards) {
      if (sameBytes(board.flash, before)) continue;
      expect(batch.boards.map((one) => one.portPath)).toContain(portPath);
    }
    // What it was begun with is there, as it was, and nothing starts by itself.
    const { images, options } = await recipeOfOpenBatch(journal, batch.id);
    expect(images.map(({ parts }) => parts.map(({ bytes }) => bytes.length))).toEqual([[image.length]]);
    expect(options).toMatchObject({ backup: true, verify: true, leave: false });
    await putAwayBatch(journal, batch.id);
    expect(await openBatches(journal)).toEqual([]);
    expect((await journal.openJobs()).length).toBe(open.length);
  });

  it('was told of boards done, in doubt and not begun', () => {
    console.log(`told after kills: ${[...seen].join(', ')}`);
    for (const state of ['done', 'in-doubt', 'not-begun']) expect([...seen]).toContain(state);
  });
});
