// Which backups go, and which never do: by the order in which they came, whatever the clock said.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { importBackup } from '../../main/store/backup-library.ts';
import { backupPath, listBackups } from '../../main/store/backup-list.ts';
import { nextOrder } from '../../main/store/backup-order.ts';
import { recordPath } from '../../main/store/backup-record.ts';
import { findPrunable, pruneBackups } from '../../main/store/prune-backups.ts';
import type { BackupRecord } from '../../shared/backup-record.ts';

const root = mkdtempSync(path.join(tmpdir(), 'rekindle-prune-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let folder = '';
beforeEach(() => void (folder = mkdtempSync(path.join(root, 'library-'))));

const here = { portPath: '1-4', serial: 'FFFFFFFEFFFF', ids: '0483:df11' };

let content = 0;
async function put(when: string, change: Partial<BackupRecord> = {}): Promise<string> {
  const record = {
    format: 1 as const,
    board: 'NanoVNA-H',
    virtual: false,
    unit: here,
    when: `${when}:00.000Z`,
    ranges: [],
    found: [],
    protocol: 'dfuse',
    readTwice: false,
    program: 'Rekindle test',
    name: '',
    note: '',
    ...change,
  } satisfies Omit<BackupRecord, 'bytes' | 'sha256'>;
  return await importBackup(folder, new Uint8Array([content++, content >> 8]), record, 'dfu');
}

/** As an older Rekindle left it. */
function forgetOrder(id: string): void {
  const file = recordPath(backupPath(folder, id));
  const { order: _order, ...rest } = JSON.parse(readFileSync(file, 'utf8')) as BackupRecord;
  writeFileSync(file, JSON.stringify(rest));
}

const later = new Date('2100-01-01T00:00:00Z');
const around = (now: Date | string = later, needed: readonly string[] = []) => ({
  now: new Date(now),
  needed: new Set(needed),
});

async function goes(...all: Parameters<typeof findPrunable> extends [string, ...infer R] ? R : never) {
  return (await findPrunable(folder, ...all)).map(({ id }) => id);
}

async function left(): Promise<Set<string>> {
  return new Set((await listBackups(folder)).map(({ id }) => id));
}

describe('a policy', () => {
  it('of a count lets old ones go, but never the newest of a unit, nor what has a name or a note', async () => {
    const oldest = await put('2026-11-21T12:01');
    const named = await put('2026-11-21T12:02', { name: 'keep me' });
    const noted = await put('2026-11-21T12:03', { note: 'and me' });
    const other = await put('2026-11-21T12:04', { unit: { ...here, portPath: '1-5' } });
    const known = await put('2026-11-21T12:05', { unit: { ...here, serial: '2079358F' } });
    const newest = await put('2026-11-21T12:09');
    expect(await goes({ keep: 0 }, around())).toEqual([oldest]);
    expect((await pruneBackups(folder, { keep: 1 }, around())).map(({ id }) => id)).toEqual([oldest]);
    expect(await left()).toEqual(new Set([named, noted, newest, other, known]));
    expect(readdirSync(folder).filter((name) => name.startsWith(oldest))).toEqual([]);
  });

  it('keeps the newest of each of two boards whose program shows the same number', async () => {
    const first = await put('2026-11-21T12:01', { unit: { ...here, serial: '400' } });
    const second = await put('2026-11-21T12:02', { unit: { ...here, serial: '400', portPath: '1-5' } });
    await pruneBackups(folder, { keep: 1 }, around());
    expect(await left()).toEqual(new Set([first, second]));
  });

  it('of an age lets go what is older, and of both only what both let go; of neither nothing', async () => {
    const all = [];
    for (const month of ['01', '03', '05', '07']) all.push(await put(`2026-${month}-01T00:00`));
    const now = '2026-07-02T00:00:00Z';
    expect(await goes({ olderThanDays: 90 }, around(now))).toEqual([all[1], all[0]]);
    expect(await goes({ olderThanDays: 1 }, around(now))).toEqual([all[2], all[1], all[0]]);
    expect(await goes({ olderThanDays: 1, keep: 3 }, around(now))).toEqual([all[0]]);
    expect(await goes({ olderThanDays: 150, keep: 1 }, around(now))).toEqual([all[0]]);
    expect(await goes({}, around(now))).toEqual([]);
    // The newest stays, however old it is.
    expect(await goes({ olderThanDays: 1 }, around('2099-01-01T00:00:00Z'))).toHaveLength(3);
  });

  it('never lets go what an open job needs', async () => {
    const [first, second] = [await put('2026-11-21T12:01'), await put('2026-11-21T12:02')];
    await put('2026-11-21T12:03');
    expect(await goes({ keep: 1 }, around(later, [first]))).toEqual([second]);
  });

  it('never takes more than a person was shown', async () => {
    const [first, second] = [await put('2026-11-21T12:01'), await put('2026-11-21T12:02')];
    await put('2026-11-21T12:03');
    const gone = await pruneBackups(folder, { keep: 1 }, around(), new Set([first, 'something else']));
    expect(gone.map(({ id }) => id)).toEqual([first]);
    expect((await left()).has(second)).toBe(true);
  });

  it('lets nothing go of a board whose newest is damaged or gone: an older one is the only good one', async () => {
    await put('2026-11-21T12:01');
    const newest = await put('2026-11-21T12:02');
    expect(await goes({ keep: 1 }, around())).toHaveLength(1);
    writeFileSync(backupPath(folder, newest), 'cut');
    expect(await goes({ keep: 1 }, around())).toEqual([]);
  });

  it('never lets go one of which nobody knows whose it is', async () => {
    for (const minute of [1, 2, 3]) {
      const id = await put(`2026-11-21T12:0${minute}`);
      rmSync(recordPath(backupPath(folder, id)));
    }
    for (const minute of [4, 5]) await put(`2026-11-21T12:0${minute}`, { unit: { ...here, portPath: '' } });
    expect(await goes({ keep: 1 }, around())).toEqual([]);
  });
});

describe('a clock', () => {
  it('that was set back and put right again makes nothing the newest that is not', async () => {
    const before = await put('2026-11-21T12:00');
    const whileBack = await put('2019-01-01T00:00');
    const now = '2026-11-22T00:00:00Z';
    expect(await goes({ keep: 1 }, around(now))).toEqual([before]);
    await pruneBackups(folder, { keep: 1 }, around(now));
    expect(await left()).toEqual(new Set([whileBack]));
  });

  it('that was set back makes nothing old that came after what is young', async () => {
    await put('2026-11-20T12:00', { unit: { ...here, portPath: '9-9' } });
    const whileBack = await put('2019-01-01T00:00');
    await put('2026-11-21T12:00');
    expect(await goes({ olderThanDays: 30 }, around('2026-11-22T00:00:00Z'))).toEqual([]);
    expect(await goes({ olderThanDays: 30 }, around('2026-12-30T00:00:00Z'))).toEqual([whileBack]);
  });

  it('that ran ahead: what came before is older, and of its age nothing is believed', async () => {
    const ahead = await put('2031-01-01T00:00');
    const newest = await put('2026-11-21T12:00');
    const now = '2026-11-22T00:00:00Z';
    expect(await goes({ olderThanDays: 1 }, around(now))).toEqual([]);
    await pruneBackups(folder, { keep: 1 }, around(now));
    expect(await left()).toEqual(new Set([newest]));
    expect(await left()).not.toContain(ahead);
  });

  it('is all there is for those of an older Rekindle: what bears a time to come is kept, and no newest', async () => {
    const future = [await put('2026-11-21T12:20'), await put('2026-11-21T12:21')];
    const old = await put('2026-11-21T12:01');
    const newest = await put('2026-11-21T12:02');
    for (const id of [...future, old, newest]) forgetOrder(id);
    const gone = await pruneBackups(folder, { keep: 1 }, around('2026-11-21T12:10:00Z'));
    expect(gone.map(({ id }) => id)).toEqual([old]);
    expect(await left()).toEqual(new Set([...future, newest]));
    // One that came since is newer than all of them.
    const since = await put('2020-01-01T00:00');
    expect(await goes({ keep: 1 }, around('2026-11-21T12:10:00Z'))).toEqual([newest]);
    expect(await left()).toContain(since);
  });
});

describe('the order in which backups come', () => {
  it('rises by one, also of many at once, after a removal, and past what others put there', async () => {
    const all = await Promise.all([1, 2, 3, 4].map((day) => put(`2026-11-0${day}T00:00`)));
    const orders = (await listBackups(folder)).map(({ record }) => record?.order ?? 0);
    expect(orders.toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4]);
    const [first = ''] = all;
    const file = recordPath(backupPath(folder, first));
    const record = JSON.parse(readFileSync(file, 'utf8')) as BackupRecord;
    // As a second program would: a file that this one has not seen.
    const foreign = path.join(folder, 'NanoVNA-H-20270101T000000Z-0123456789ab.dfu');
    writeFileSync(foreign, 'x');
    writeFileSync(recordPath(foreign), JSON.stringify({ ...record, order: 40 }));
    expect(await nextOrder(folder)).toBe(41);
    expect(await nextOrder(path.join(folder, 'none'))).toBe(1);
  });
});
