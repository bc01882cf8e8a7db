// `history` and `resume` as people and programs run them, on the real database of a data folder.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as v from 'valibot';
import { afterAll, describe, expect, it } from 'vitest';
import { encodeImage } from '../../main/images/held-image.ts';
import { readImage } from '../../main/images/registry.ts';
import { holdImage } from '../../main/store/held-images.ts';
import { sha256Of } from '../../main/base/hash.ts';
import { openStoreHere } from '../../main/store/store-door.ts';
import { cliEventSchema } from '../../shared/cli-events.ts';
import { image, job, planned, run } from '../support/records.ts';
import { program } from '../support/rig.ts';

const root = mkdtempSync(path.join(tmpdir(), 'rekindle-history-cli-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const file = path.join(root, 'firmware.bin');
writeFileSync(file, program(9_000));
const flash = [
  'flash',
  file,
  '--address',
  '0x08000000',
  '--bench',
  'nanovna-h',
  '--time-scale',
  '0',
  '--yes',
];

function newData(): string {
  return mkdtempSync(path.join(root, 'data-'));
}

function rekindle(data: string, ...args: string[]): { code: number | null; stdout: string; stderr: string } {
  const env = { ...process.env, REKINDLE_DATA: data };
  const { status, stdout, stderr } = spawnSync(process.execPath, ['dist/cli.js', ...args], {
    env,
    encoding: 'utf8',
  });
  return { code: status, stdout, stderr };
}

function events(stdout: string): { event: string; [field: string]: unknown }[] {
  return stdout
    .trim()
    .split('\n')
    .map((line) => v.parse(cliEventSchema, JSON.parse(line)) as { event: string });
}

describe('rekindle history', () => {
  it('tells of every job that had a board, in words, as JSON and as a table', () => {
    const data = newData();
    expect(rekindle(data, 'history').stdout).toBe('No job is recorded.\n');
    expect(rekindle(data, ...flash).code).toBe(0);
    expect(rekindle(data, ...flash, '--dry-run').code).toBe(0);
    const { stdout, code } = rekindle(data, 'history');
    expect(code).toBe(0);
    expect(stdout.match(/flash of firmware\.bin/g)).toHaveLength(1);
    expect(stdout).toMatch(/virtual STM32F072, port 1-1/);
    const [event] = events(rekindle(data, 'history', '--json').stdout);
    expect(event).toMatchObject({ event: 'history', jobs: [{ kind: 'flash', result: { outcome: 'done' } }] });
    expect(events(rekindle(data, 'history', '--json', '--search', 'other').stdout)).toMatchObject([
      { jobs: [] },
    ]);
    const listed = (...filter: string[]): number =>
      rekindle(data, 'history', ...filter).stdout.split('flash of firmware.bin').length - 1;
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
    expect([listed('--ended', 'well'), listed('--ended', 'badly'), listed('--ended', 'never')]).toEqual([
      1, 0, 0,
    ]);
    expect([listed('--since', '2020-01-01'), listed('--since', tomorrow)]).toEqual([1, 0]);
    expect(rekindle(data, 'history', '--ended', 'nicely').code).toBe(64);
    const csv = path.join(data, 'jobs.csv');
    expect(rekindle(data, 'history', '--csv', csv).stdout).toBe(`1 job written to ${csv}\n`);
    expect(readFileSync(csv, 'utf8').split('\r\n')).toHaveLength(3);
    expect(rekindle(data, 'history', '--csv', csv).code).toBe(73);
  });

  it('says that a damaged one is put aside, and goes on', () => {
    const data = newData();
    writeFileSync(path.join(data, 'rekindle.db'), 'no database '.repeat(1_000));
    const run = rekindle(data, ...flash, '--json');
    expect(run.code).toBe(0);
    expect(events(run.stdout)).toContainEqual(
      expect.objectContaining({ event: 'warning', code: 'store.damaged' }),
    );
    expect(rekindle(data, 'history').stdout).toContain('flash of firmware.bin');
  });

  it('cannot be kept where its place is taken: the flash is done all the same, and it is said', () => {
    const data = newData();
    mkdirSync(path.join(data, 'rekindle.db'));
    const run = rekindle(data, ...flash);
    expect(run.code).toBe(0);
    expect(run.stdout.match(/The job goes on, and what it does is kept beside the history/g)).toHaveLength(1);
    expect(run.stdout.indexOf('kept beside the history')).toBeLessThan(run.stdout.indexOf('Erased'));
    expect(rekindle(data, 'history').code).toBe(73);
  });
});

describe('rekindle resume', () => {
  /** A job whose program died over its first erase. */
  async function withOpenJob(): Promise<string> {
    const data = newData();
    const options = { busyMs: 1_000, now: () => new Date() };
    await using store = openStoreHere(path.join(data, 'rekindle.db'), options, () => undefined);
    const dead = { ...run, process: { pid: 2 ** 22 + 1, started: 'long ago', uptimeSeconds: 0 } };
    await store.ask('beginJob', dead, job('0123456789'));
    const content = encodeImage(readImage(program(9_000), 'firmware.bin'));
    const held = await sha256Of(content);
    await holdImage(path.join(data, 'images'), held, content);
    await store.ask('planJob', '0123456789', { ...planned, images: [{ ...image, held }] });
    await store.ask('step', '0123456789', { step: 'erase', state: 'running', at: 'then' });
    await store.ask('intend', '0123456789', {
      kind: 'erase',
      alternate: 0,
      start: 0x08000000,
      end: 0x08000800,
    });
    return data;
  }

  it('lists what is open with what is known of it', async () => {
    const data = await withOpenJob();
    const { stdout, code } = rekindle(data, 'resume');
    expect(code).toBe(0);
    expect(stdout).toContain('01234567  flash of firmware.dfu');
    expect(stdout).toContain('It got as far as: Erase');
    expect(stdout).toMatch(/May hold anything: 2 KB at 0x08000000/);
    expect(stdout).toContain('It can be gone on with');
    expect(events(rekindle(data, 'resume', '--json').stdout)).toMatchObject([
      { event: 'open-jobs', jobs: [{ id: '0123456789', state: 'died', proposal: { do: 'resume' } }] },
    ]);
  });

  it('refuses what cannot be gone on with, by its reason', async () => {
    const data = await withOpenJob();
    expect(rekindle(data, 'resume', 'nonsense')).toMatchObject({ code: 64 });
    // The virtual board is another one.
    const other = rekindle(data, 'resume', '0123', '--bench', 'nanovna-h', '--yes');
    expect(other.code).toBe(78);
    expect(other.stdout).toContain('is not the NanoVNA-H that job was about');
    rmSync(path.join(data, 'images'), { recursive: true });
    const { code, stderr } = rekindle(data, 'resume', '0123', '--bench', 'nanovna-h');
    expect(code).toBe(78);
    expect(stderr).toContain('its image is not kept any more');
  });

  it('puts one away', async () => {
    const data = await withOpenJob();
    expect(rekindle(data, 'resume', '0123', '--discard')).toMatchObject({ code: 0 });
    expect(rekindle(data, 'resume').stdout).toBe('No job is open.\n');
    expect(rekindle(data, 'history').stdout).toContain('put away');
  });
});

describe('many boards whose program ended', () => {
  const id = 'feedbeef-2222-4333-8444-555555555555';

  /** One of two boards done, on the port of the first virtual board. */
  async function withOpenBatch(): Promise<string> {
    const data = newData();
    const options = { busyMs: 1_000, now: () => new Date() };
    await using store = openStoreHere(path.join(data, 'rekindle.db'), options, () => undefined);
    const dead = { ...run, process: { pid: 2 ** 22 + 1, started: 'long ago', uptimeSeconds: 0 } };
    const firmware = readImage(program(9_000), 'firmware.bin');
    const content = encodeImage(firmware);
    const held = await sha256Of(content);
    await store.ask('beginBatch', dead, {
      id,
      kind: 'next',
      startedAt: '2026-03-01T09:00:00.000Z',
      profile: undefined,
      wanted: 2,
      recipe: { address: 0x08000000, backup: false, leave: false },
      images: [{ name: 'firmware.bin', sha256: firmware.sha256, held }],
    });
    const board = { board: 'STM32F072', startedAt: '', retried: false, error: undefined, record: undefined };
    const done = { ...board, jobId: 'job-1', portPath: '1-1', serial: 'FFFFFFFEFFFF', virtual: true };
    await store.ask('batchBoard', id, { ...done, seconds: 4, state: 'done' });
    const waits = { ...board, jobId: 'job-2', portPath: '9-2', serial: '', virtual: false };
    await store.ask('batchBoard', id, { ...waits, seconds: undefined, state: 'waiting' });
    await holdImage(path.join(data, 'images'), held, content);
    return data;
  }

  it('are listed, each with its state', async () => {
    const data = await withOpenBatch();
    const { stdout, code } = rekindle(data, 'resume');
    expect(code).toBe(0);
    expect(stdout).toContain('feedbeef  many boards');
    expect(stdout).toContain('firmware.bin: 1 of 2 done, 1 not begun.');
    expect(stdout).toContain('virtual STM32F072 on port 1-1, serial FFFFFFFEFFFF: done');
    expect(stdout).toContain('STM32F072 on port 9-2: not begun; nothing on it was changed');
    expect(stdout).toContain('It can be gone on with');
    expect(events(rekindle(data, 'resume', '--json').stdout)).toMatchObject([
      { event: 'open-jobs', jobs: [], batches: [{ id, wanted: 2, imagesThere: true }] },
    ]);
  });

  it('are gone on with: those that are left, with the file and the options of then, and no other', async () => {
    const data = await withOpenBatch();
    const table = path.join(data, 'units.csv');
    const bench = ['--bench', 'nanovna-h,nanovna-h', '--time-scale', '0'];
    const run = rekindle(data, 'resume', 'feedb', ...bench, '--yes', '--json', '--log', table);
    expect(run).toMatchObject({ code: 0 });
    const units = events(run.stdout).filter(({ event }) => event === 'unit');
    expect(units).toMatchObject([{ unit: { portPath: '1-2', state: 'done' } }]);
    expect(readFileSync(table, 'utf8').trimEnd().split('\r\n')).toHaveLength(2);
    const [history] = events(rekindle(data, 'history', '--json').stdout);
    expect(history).toMatchObject({
      jobs: [
        {
          unit: { portPath: '1-2' },
          images: [{ name: 'firmware.bin' }],
          result: { content: { kind: 'verified' } },
        },
      ],
    });
    expect(rekindle(data, 'resume').stdout).toBe('No job is open.\n');
  });

  it('are put away, and not gone on with without their file', async () => {
    const data = await withOpenBatch();
    rmSync(path.join(data, 'images'), { recursive: true });
    expect(rekindle(data, 'resume').stdout).toContain('The file is not kept any more');
    expect(rekindle(data, 'resume', id, '--bench', 'nanovna-h', '--yes').code).toBe(66);
    expect(rekindle(data, 'resume', id, '--discard')).toMatchObject({ code: 0 });
    expect(rekindle(data, 'resume').stdout).toBe('No job is open.\n');
  });
});
