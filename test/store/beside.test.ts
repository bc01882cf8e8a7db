// Files beside the database: whole lines count, whatever a crash or a full disk left; nonsense is told to nobody.
import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { isRunning } from '../../main/base/process-identity.ts';
import { takeIn } from '../../main/jobs/take-in.ts';
import { Beside } from '../../main/store/beside.ts';
import { openStoreHere, type AnyCall, type StoreDoor } from '../../main/store/store-door.ts';
import { job, planned, run } from '../support/records.ts';

const root = mkdtempSync(path.join(tmpdir(), 'rekindle-beside-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const id = '0b3e9a52-6d2b-4c55-9a44-2f1d8a1f0c11';
const act = (start: number): AnyCall => ({
  name: 'intend',
  values: [id, { kind: 'erase', alternate: 0, start, end: start + 1 }],
});
const beginning: AnyCall[] = [
  { name: 'beginJob', values: [run, job(id)] },
  { name: 'planJob', values: [id, planned] },
];

let folder: string;
let file: string;
let beside: Beside;
beforeEach(() => {
  folder = mkdtempSync(path.join(root, 'a-'));
  file = path.join(folder, `rekindle-unrecorded-${id}.jsonl`);
  beside = new Beside(folder);
});

function database(): StoreDoor {
  const options = { busyMs: 100, now: () => new Date() };
  return openStoreHere(path.join(folder, 'rekindle.db'), options, () => undefined);
}

function names(): string[] {
  return readdirSync(folder).filter((name) => name.includes('unrecorded'));
}

describe('a file beside the database', () => {
  it('says whose it is and what was told, in order', async () => {
    await beside.add(id, run, beginning);
    await beside.add(id, run, [act(1)]);
    expect(await beside.list()).toEqual([
      { job: id, lost: false, run, calls: JSON.parse(JSON.stringify([...beginning, act(1)])) as unknown },
    ]);
    expect(await beside.isEmpty()).toBe(false);
    await beside.forget(id);
    expect(await beside.isEmpty()).toBe(true);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('that is held is there before anything is told, and is no story by itself', async () => {
    await beside.hold(id, run);
    expect(names()).toHaveLength(1);
    expect(await beside.isEmpty()).toBe(true);
    expect(await new Beside(folder).list()).toEqual([{ job: id, lost: false, run, calls: [] }]);
    await beside.add(id, run, [act(1)]);
    await beside.hold(id, run);
    await beside.add(id, run, [act(2)]);
    expect(await beside.list()).toMatchObject([{ lost: false, run, calls: [act(1), act(2)] }]);
    expect(await beside.isEmpty()).toBe(false);
    await beside.forget(id);
    expect(names()).toEqual([]);
  });

  it('that is held takes what is told, and that it is not all, also where nothing can be put or renamed', async () => {
    await beside.hold(id, run);
    const away = `${folder}-away`;
    renameSync(folder, away);
    await beside.add(id, run, [act(1)]);
    await beside.lose(id);
    renameSync(away, folder);
    expect(names()).toEqual([path.basename(file)]);
    expect(await beside.list()).toMatchObject([{ lost: true, run, calls: [act(1)] }]);
    await beside[Symbol.asyncDispose]();
    // One that is not held has no such way.
    const other = new Beside(path.join(folder, 'none'));
    await other.hold(id, run);
    await expect(other.lose(id)).rejects.toMatchObject({ code: 'file.cannot-create' });
  });

  it('that was cut at any byte tells whole lines, and what is added later is whole again', async () => {
    await beside.add(id, run, [act(1), act(2)]);
    const whole = readFileSync(file);
    for (let length = 1; length < whole.length; length += 7) {
      writeFileSync(file, whole.subarray(0, length));
      await beside.add(id, run, [act(3)]);
      const [found] = await beside.list();
      const starts = found?.calls.map(({ values }) => (values[1] as { start: number }).start) ?? [];
      expect([[3], [1, 3], [1, 2, 3]]).toContainEqual(starts);
    }
  });

  it('that is lost keeps what it has, and says so by its name', async () => {
    await beside.add(id, run, beginning);
    await beside.lose(id);
    expect(names()).toEqual([`rekindle-unrecorded-${id}-lost.jsonl`]);
    expect(await beside.list()).toMatchObject([{ lost: true, calls: [{}, {}] }]);
    await beside.forget(id);
    await beside.lose(id);
    expect(await beside.list()).toMatchObject([{ lost: true, run: undefined, calls: [] }]);
  });
});

describe('what is taken in', () => {
  it('is what the program told, and the file goes', async () => {
    await beside.add(id, run, [...beginning, act(0)]);
    await using store = database();
    await takeIn(beside, store, () => false);
    const [open] = await store.ask('openJobs');
    expect(open).toMatchObject({ entry: { id, planHash: planned.planHash }, journal: 'kept' });
    expect(open?.acts).toMatchObject([{ start: 0, state: 'begun' }]);
    expect(names()).toEqual([]);
  });

  it('is the same when part of it is in the database already', async () => {
    await using store = database();
    await store.ask('beginJob', run, job(id));
    await store.ask('planJob', id, planned);
    await store.ask('intend', id, { kind: 'erase', alternate: 0, start: 0, end: 1 });
    await beside.add(id, run, [...beginning, act(0), act(1)]);
    await takeIn(beside, store, () => false);
    const [open, ...others] = await store.ask('openJobs');
    expect(others).toEqual([]);
    expect(open?.acts.at(-1)).toMatchObject({ start: 1, state: 'begun' });
    expect(open?.acts.slice(0, -1).every(({ start, state }) => start === 0 && state === 'done')).toBe(true);
  });

  it('is nothing of a program that runs', async () => {
    await beside.add(id, run, beginning);
    await using store = database();
    await takeIn(beside, store, () => true);
    expect(await store.ask('openJobs')).toEqual([]);
    expect(names()).toHaveLength(1);
  });

  it.each([
    ['another call', JSON.stringify({ call: { name: 'closeJob', values: [id, 'ended', 'now'] } })],
    ['no call', JSON.stringify({ call: 7 })],
    ['values that are none', JSON.stringify({ call: { name: 'intend', values: 'x' } })],
  ])('is never %s: the file is put aside', async (_what, line) => {
    await beside.add(id, run, beginning);
    appendFileSync(file, `${line}\n`);
    await using store = database();
    await takeIn(beside, store, () => false);
    expect(await store.ask('openJobs')).toEqual([]);
    expect(names()).toEqual([`rekindle-unrecorded-${id}.jsonl.damaged`]);
  });

  it.each([
    ['noise', Buffer.from(Array.from({ length: 5_000 }, (_, index) => (index * 37) % 256))],
    [
      'wrong values',
      Buffer.from(`{"call":{"name":"beginJob","values":[1,2]}}\n{"call":{"name":"intend","values":[]}}\n`),
    ],
    ['no program', Buffer.from(`{"run":{"id":"x","process":{}}}\n{"run":null}\n7\n`)],
    ['nothing', Buffer.alloc(0)],
  ])('is harmless where the file holds %s', async (_what, content) => {
    writeFileSync(file, content);
    await using store = database();
    await takeIn(beside, store, ({ process }) => isRunning(process));
    expect(await store.ask('openJobs')).toEqual([]);
    expect(await store.ask('history', {})).toEqual([]);
  });
});
