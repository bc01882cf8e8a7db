// The database in its thread: durable answers, common commits, and clear words when it cannot be had.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, describe, expect, it } from 'vitest';
import { realClock } from '../../main/base/clock.ts';
import { openStore } from '../../main/workers/store.ts';
import type { StoreNotice } from '../../shared/history.ts';
import { isFlashError } from '../../shared/errors/flash-error.ts';
import { job, planned, result, run } from '../support/records.ts';

const root = mkdtempSync(path.join(tmpdir(), 'rekindle-store-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const newFile = (): string => path.join(mkdtempSync(path.join(root, 'a-')), 'rekindle.db');

async function codeOf(action: Promise<unknown>): Promise<string> {
  try {
    await action;
    return 'done';
  } catch (error) {
    return isFlashError(error) ? error.code : String(error);
  }
}

describe('the store in its thread', () => {
  it('keeps what it answered, in order, and reads it in another process', async () => {
    const file = newFile();
    await using store = openStore(file, realClock, () => undefined);
    await store.ask('beginJob', run, job('a'));
    const many = [...Array(50).keys()].map((index) =>
      store.ask('intend', 'a', { kind: 'erase', alternate: 0, start: index, end: index + 1 }),
    );
    await Promise.all(many);
    const script = `
      const { DatabaseSync } = require('node:sqlite');
      const db = new DatabaseSync(process.argv[1], { readOnly: true });
      console.log(JSON.stringify(db.prepare("SELECT count(*) AS n, sum(state = 'done') AS done FROM act").get()));`;
    const other = spawnSync(process.execPath, ['--no-warnings', '-e', script, file], { encoding: 'utf8' });
    expect(JSON.parse(other.stdout)).toEqual({ n: 50, done: 49 });
  });

  it('takes back a call that fails, and no other of the same commit', async () => {
    await using store = openStore(newFile(), realClock, () => undefined);
    const codes = await Promise.all([
      codeOf(store.ask('beginJob', run, job('a'))),
      codeOf(store.ask('beginJob', run, job('a'))),
      codeOf(store.ask('planJob', 'nobody', planned)),
      codeOf(store.ask('planJob', 'a', planned)),
    ]);
    expect(codes).toEqual(['done', 'store.failed', 'store.failed', 'done']);
    const [open, ...others] = await store.ask('openJobs');
    expect(others).toEqual([]);
    expect(open).toMatchObject({ journal: 'kept', entry: { planHash: 'hash', images: planned.images } });
  });

  it('makes one commit of what comes while another is under way', async () => {
    const file = newFile();
    await using store = openStore(file, realClock, () => undefined);
    const lanes = [...Array(32).keys()].map(String);
    for (const lane of lanes) await store.ask('beginJob', run, job(lane));
    const logBytes = (): number => statSync(`${file}-wal`).size;
    const intend = (lane: string): Promise<void> =>
      store.ask('intend', lane, { kind: 'erase', alternate: 0, start: 0, end: 1 });
    let before = logBytes();
    for (const lane of lanes) await intend(lane);
    const oneByOne = logBytes() - before;
    before = logBytes();
    await Promise.all(lanes.map(intend));
    // Each commit writes its pages to the log anew.
    expect(logBytes() - before).toBeLessThan(oneByOne / 4);
  });

  it('is one file between jobs', async () => {
    const file = newFile();
    await using store = openStore(file, realClock, () => undefined);
    await store.ask('beginJob', run, job('a'));
    await store.ask('endJob', 'a', {
      endedAt: 'later',
      verdict: 'verified-and-running',
      result,
      closed: 'ended',
    });
    const copy = `${file}.copy`;
    writeFileSync(copy, readFileSync(file));
    const db = new DatabaseSync(copy, { readOnly: true });
    expect(db.prepare('SELECT id, outcome FROM job').all()).toEqual([{ id: 'a', outcome: 'done' }]);
    db.close();
  });

  it('tells of a damaged file, and puts it aside', async () => {
    const file = newFile();
    writeFileSync(file, 'no database '.repeat(1_000));
    const told: StoreNotice[] = [];
    {
      await using store = openStore(file, realClock, (notice) => void told.push(notice));
      await store.ask('beginJob', run, job('a'));
    }
    expect(told.map(({ code }) => code)).toEqual(['store.damaged']);
    expect(readdirSync(path.dirname(file)).filter((name) => name.includes('damaged'))).toHaveLength(1);
  });

  it('opens again once what stood in the way is gone', async () => {
    const folder = path.join(mkdtempSync(path.join(root, 'a-')), 'data');
    writeFileSync(folder, '');
    await using store = openStore(path.join(folder, 'rekindle.db'), realClock, () => undefined);
    expect(await codeOf(store.ask('openJobs'))).toBe('store.read-only');
    rmSync(folder);
    mkdirSync(folder);
    expect(await store.ask('openJobs')).toEqual([]);
  });
});

const small = path.join(root, 'small');
mkdirSync(small);
const canMount =
  process.platform === 'linux' &&
  spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', small]).status === 0;
if (!canMount) console.warn('skipped: a small disk can only be made as root on Linux');
afterAll(() => canMount && spawnSync('umount', ['-l', small]));

describe.skipIf(!canMount)('a disk', () => {
  it('that fills up fails calls with words, loses nothing of before, and goes on when there is room', async () => {
    await using store = openStore(path.join(small, 'rekindle.db'), realClock, () => undefined);
    await store.ask('beginJob', run, job('a'));
    const filler = path.join(small, 'filler');
    const act = { kind: 'erase', alternate: 0, start: 0, end: 1 } as const;
    spawnSync('dd', ['if=/dev/zero', `of=${filler}`, 'bs=1k']);
    const codes = new Set<string>();
    let kept = 0;
    for (let count = 0; count < 200 && !codes.has('file.disk-full'); count++) {
      const code = await codeOf(store.ask('intend', 'a', act));
      codes.add(code);
      if (code === 'done') kept++;
    }
    expect([...codes].filter((code) => code !== 'done')).toEqual(['file.disk-full']);
    rmSync(filler);
    expect(await codeOf(store.ask('intend', 'a', act))).toBe('done');
    const [open] = await store.ask('openJobs');
    expect(open?.acts).toHaveLength(kept + 1);
  });

  it('that may not be written to is read', async () => {
    const file = path.join(small, 'read.db');
    {
      await using store = openStore(file, realClock, () => undefined);
      await store.ask('beginJob', run, job('a'));
    }
    expect(spawnSync('mount', ['-o', 'remount,ro', small]).status).toBe(0);
    try {
      await using store = openStore(file, realClock, () => undefined);
      expect(await store.ask('history', {})).toMatchObject([{ id: 'a' }]);
      expect(await codeOf(store.ask('beginJob', run, job('b')))).toBe('store.read-only');
      await using none = openStore(path.join(small, 'none.db'), realClock, () => undefined);
      expect(await codeOf(none.ask('beginJob', run, job('b')))).toBe('store.read-only');
    } finally {
      spawnSync('mount', ['-o', 'remount,rw', small]);
    }
  });
});
