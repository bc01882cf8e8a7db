// The power fails in the middle of a flash: a real ext4 on a disk that keeps for certain only what was flushed (disk.ts). After
// the next boot what the journal tells of the board is so, byte for byte, and the board gets its firmware after all.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it, onTestFailed } from 'vitest';
import { sameBytes } from '../../main/base/bytes.ts';
import { realClock, sleep } from '../../main/base/clock.ts';
import { Bench, type BenchPort } from '../../main/bench/bench.ts';
import type { VirtualBoard } from '../../main/bench/board.ts';
import { ExitCode } from '../../shared/result.ts';
import type { HistoryEntry, OpenJob } from '../../shared/history.ts';
import { program } from '../support/rig.ts';
import { bytesIn, lieOf } from '../support/told-truth.ts';
import { linkBench, type BenchLink } from './bench-link.ts';
import { makeDisk, type PowerCutDisk } from './disk.ts';
import { startGuest, type Guest } from './guest.ts';
import { quickBoard, resultOf, whyNoGuest } from './in-guest.ts';
import type { RunResult } from './program.ts';

const cuts = process.env['REKINDLE_SOAK'] === undefined ? 3 : 10;
const seed = Number(process.env['REKINDLE_SEED'] ?? Math.floor(Math.random() * 1e6));
const start = 0x08000000;
const data = '/run/store/data';
const env = { REKINDLE_DATA: data };

describe.skipIf(whyNoGuest !== undefined)('the power fails', { timeout: 600_000 }, () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'rekindle-power-'));
  let disk: PowerCutDisk;
  let board: VirtualBoard;
  let bench: Bench;
  let port: BenchPort;
  let guest: Guest | undefined;
  let link: BenchLink | undefined;
  /** Of a flash that nothing befalls, which moments are drawn from: its requests, and the blocks written among them. */
  let whole = { requests: 0, blocks: 0 };
  let served = { requests: 0, blocks: 0 };
  let onServed: () => void = () => undefined;
  let state = seed;
  const random = (): number => (state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff) / 0x80000000;
  const seen: string[] = [];

  beforeAll(async () => {
    console.log(`cutting the power: REKINDLE_SEED=${seed}`);
    disk = await makeDisk(64, random);
    bench = new Bench({ clock: realClock });
    board = quickBoard('nanovna-h', { timeScale: 0.05 });
    port = bench.lay(board);
    port.onChange(countRequests);
    await boot();
    const done = await flash(program(14 * 2048 + 100, 41));
    expect(resultOf(done)).toMatchObject({ outcome: 'done', content: { kind: 'verified' } });
    whole = served;
    expect(whole.blocks).toBeGreaterThanOrEqual(15);
  }, 300_000);
  afterAll(async () => {
    await guest?.close();
    await unlink();
    await disk[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });

  async function boot(): Promise<Guest> {
    const started = await startGuest({ diskPort: disk.port, limitSeconds: 900 });
    if (!started.available) throw new Error(started.reason);
    guest = started;
    const mount = 'mkdir -p /run/store && mount -t ext4 /dev/vda /run/store';
    expect(await guest.run(['sh', '-c', mount])).toMatchObject({ exitCode: 0, stderr: '' });
    link = await linkBench(guest, bench);
    port.replug();
    await link.settled();
    return guest;
  }

  /** What was plugged into a guest that is gone is nowhere any more. */
  async function unlink(): Promise<void> {
    try {
      await link?.[Symbol.asyncDispose]();
    } finally {
      link = undefined;
    }
  }

  /** The computer's power is the board's as well. */
  async function failPower(): Promise<void> {
    disk.cut();
    port.unplug();
    await guest?.cutPower();
    await guest?.close();
    guest = undefined;
    await unlink();
  }

  function countRequests(): void {
    const { device } = port;
    if (device === undefined) return;
    const control = device.control.bind(device);
    device.control = (setup, bytes, signal) => {
      if ((setup.requestType & 0x60) === 0x20) {
        served.requests++;
        // From block 2 on they are the image's (dfu.md 2.4).
        if (setup.request === 1 && setup.value >= 2) served.blocks++;
        onServed();
      }
      return control(setup, bytes, signal);
    };
  }

  async function flash(image: Uint8Array): Promise<RunResult> {
    await guest?.writeFile('/tmp/image.bin', image);
    served = { requests: 0, blocks: 0 };
    const args = ['--address', '0x08000000', '--no-leave', '--yes', '--json'];
    return await rekindle('flash', '/tmp/image.bin', ...args);
  }

  function rekindle(...args: string[]): Promise<RunResult> {
    const running = guest as Guest;
    const cli = `${running.repository}/dist/cli.js`;
    return running.run([running.node, cli, ...args], { env, timeoutMs: 240_000 });
  }

  /** The database as the cut left it, before any program of ours has opened it. */
  async function expectWholeDatabase(running: Guest, index: number): Promise<void> {
    const { stdout } = await running.run(['ls', data]);
    const names = stdout.split('\n').filter((name) => name.startsWith('rekindle.db'));
    expect(names.filter((name) => name.includes('damaged'))).toEqual([]);
    expect(names).toContain('rekindle.db');
    const copy = path.join(folder, String(index));
    mkdirSync(copy);
    // The index of the write-ahead log is made anew from the log.
    for (const name of names.filter((one) => !one.endsWith('-shm')))
      writeFileSync(path.join(copy, name), await running.readFile(`${data}/${name}`));
    const db = new DatabaseSync(path.join(copy, 'rekindle.db'));
    expect(db.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
    db.close();
  }

  /** What is told of the board, held against its flash. @returns the job to go on with, if there is one */
  async function expectTruth(before: Uint8Array, wanted: Uint8Array): Promise<OpenJob | undefined> {
    const listed = await rekindle('resume', '--json');
    expect(listed).toMatchObject({ exitCode: ExitCode.done, stderr: '' });
    const { jobs } = JSON.parse(listed.stdout) as { event: string; jobs: OpenJob[] };
    expect(jobs.length).toBeLessThanOrEqual(1);
    const [job] = jobs;
    if (job === undefined) {
      const told = JSON.parse((await rekindle('history', '--json', '--limit', '1')).stdout) as {
        jobs: HistoryEntry[];
      };
      const done =
        told.jobs[0]?.images[0]?.bytes === wanted.length && told.jobs[0].result?.outcome === 'done';
      const should = done ? wanted : before;
      expect(sameBytes(board.flash.subarray(0, should.length), should)).toBe(true);
      seen.push(done ? 'done' : 'untouched');
      return undefined;
    }
    expect(job).toMatchObject({ state: 'died', journalLost: false, backupThere: true });
    expect(lieOf(job, { start, now: board.flash, before, wanted })).toBeUndefined();
    expect(bytesIn(job.inDoubt)).toBeLessThanOrEqual(2048);
    seen.push(job.lastStep ?? 'nowhere');
    return job;
  }

  it.each([...Array(cuts).keys()])(`cut %i of ${cuts}`, async (index) => {
    // Of another length than any before: the history tells them apart by it.
    const image = program(14 * 2048 + 101 + index, 50 + index);
    const before = board.flash.slice();
    // The computer that has just mended the board; after a test that failed, another.
    if (guest === undefined) await boot();
    onTestFailed(failPower);
    // One in three in the middle of writing, which is short; the others at any moment from the first request to the last.
    const unit = index % 3 === 1 ? 'blocks' : 'requests';
    const share = unit === 'blocks' ? random() * 0.7 : (index + random()) / cuts;
    const moment = Math.max(1, Math.floor(share * whole[unit]));
    const cut = new Promise<void>((resolve) => {
      onServed = () => {
        if (served[unit] === moment) resolve();
      };
    });
    const ended = flash(image).catch(() => undefined);
    await Promise.race([cut, ended]);
    // A little later, so that what happens between two requests is hit as well.
    await sleep(realClock, random() * (unit === 'blocks' ? 10 : 40));
    onServed = () => undefined;
    await failPower();
    const { open, lost } = disk.lastCut;
    console.log(
      `cut after ${moment} of ${whole[unit]} ${unit}; of ${open} sectors not flushed ${lost} are lost`,
    );

    const running = await boot();
    await expectWholeDatabase(running, index);
    const job = await expectTruth(before, image);
    const again =
      job?.proposal.do === 'resume'
        ? await rekindle('resume', job.id, '--yes', '--json')
        : await flash(image);
    expect(resultOf(again)).toMatchObject({ outcome: 'done', content: { kind: 'verified' } });
    expect(sameBytes(board.flash.subarray(0, image.length), image)).toBe(true);
    const left = await rekindle('resume', '--json');
    expect(JSON.parse(left.stdout)).toMatchObject({ jobs: [] });
  });

  it('was cut in the middle of the work', () => {
    console.log(`the power failed in: ${seen.join(', ')}`);
    expect(seen).toHaveLength(cuts);
    expect(seen.some((phase) => phase === 'erase' || phase === 'write')).toBe(true);
  });
});
