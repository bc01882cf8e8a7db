// The database on good days and bad ones. Judged by SQLite itself and by what lies in the folder afterwards.
import { spawn, type ChildProcess } from 'node:child_process';
import {
  utimesSync,
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase, type DatabaseOptions, type OpenedDatabase } from '../../main/store/database.ts';
import { migrations, type Migration } from '../../main/store/migrations.ts';
import { isFlashError, type FlashError } from '../../shared/errors/flash-error.ts';

const root = mkdtempSync(path.join(tmpdir(), 'rekindle-db-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

let folder: string;
let file: string;
const opened: OpenedDatabase[] = [];
beforeEach(() => {
  folder = mkdtempSync(path.join(root, 'a-'));
  file = path.join(folder, 'rekindle.db');
});
afterEach(() => {
  for (const { db } of opened.splice(0)) if (db.isOpen) db.close();
});

function open(changes: Partial<DatabaseOptions> = {}): OpenedDatabase {
  const one = openDatabase(file, { busyMs: 300, now: () => new Date('2026-11-21T12:00:00Z'), ...changes });
  opened.push(one);
  return one;
}

function refusal(changes: Partial<DatabaseOptions> = {}): FlashError | undefined {
  try {
    open(changes);
    return undefined;
  } catch (error) {
    if (!isFlashError(error)) throw error;
    return error;
  }
}

const first: Migration = { name: 'one', sql: 'CREATE TABLE a (x INTEGER) STRICT' };
const second: Migration = { name: 'two', sql: 'ALTER TABLE a ADD COLUMN y TEXT' };
const broken: Migration = {
  name: 'broken',
  sql: 'CREATE TABLE b (z INTEGER) STRICT; ALTER TABLE nowhere ADD COLUMN y TEXT',
};

function put(text: string): void {
  const { db } = open({ migrations: [first] });
  db.exec(text);
  db.close();
}

function count(sql: string): unknown {
  const db = new DatabaseSync(file, { readOnly: true });
  try {
    return Object.values(db.prepare(sql).get() ?? {})[0];
  } finally {
    db.close();
  }
}

describe('the database', () => {
  it('is made where there is none, folder included, and is synced to the disk', () => {
    file = path.join(folder, 'deep', 'er', 'rekindle.db');
    const { db, readOnly, notices } = open();
    expect({ readOnly, notices }).toEqual({ readOnly: undefined, notices: [] });
    expect(db.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' });
    expect(db.prepare('PRAGMA synchronous').get()).toEqual({ synchronous: 2 });
    expect(db.prepare('PRAGMA user_version').get()).toEqual({ user_version: migrations.length });
    expect(readdirSync(path.dirname(file))).not.toContain('rekindle.db.repair');
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('is copied before its schema changes, and only then', () => {
    put('INSERT INTO a VALUES (7)');
    expect(readdirSync(folder)).toEqual(['rekindle.db']);
    const { db } = open({ migrations: [first, second] });
    expect(db.prepare('SELECT * FROM a').all()).toEqual([{ x: 7, y: null }]);
    const copy = path.join(folder, 'rekindle-before-2-20261121T120000Z.db');
    const old = new DatabaseSync(copy, { readOnly: true });
    expect(old.prepare('SELECT * FROM a').all()).toEqual([{ x: 7 }]);
    expect(old.prepare('PRAGMA user_version').get()).toEqual({ user_version: 1 });
    old.close();
    open({ migrations: [first, second] });
    expect(readdirSync(folder).filter((name) => name.includes('before'))).toHaveLength(1);
  });

  it('stays as it was when a change of its schema fails', () => {
    put('INSERT INTO a VALUES (7)');
    expect(refusal({ migrations: [first, broken] })?.code).toBe('store.failed');
    expect(count('PRAGMA user_version')).toBe(1);
    expect(count("SELECT count(*) FROM sqlite_schema WHERE name = 'b'")).toBe(0);
    expect(count('SELECT x FROM a')).toBe(7);
  });

  it('of a newer program is read and never written to', () => {
    open({ migrations: [first, second] }).db.close();
    const before = readFileSync(file);
    const { db, readOnly, notices } = open({ migrations: [first] });
    expect(readOnly).toMatchObject({ code: 'store.newer', params: { found: 2, known: 1 } });
    expect(notices).toMatchObject([{ code: 'store.newer' }]);
    expect(db.prepare('SELECT count(*) AS n FROM a').get()).toEqual({ n: 0 });
    expect(() => db.exec('INSERT INTO a VALUES (1, NULL)')).toThrow(/readonly/);
    db.close();
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  it.each([
    ['something else', () => Buffer.from('this is a letter to my aunt, and no database at all'.repeat(40))],
    ['cut short', () => readFileSync(file).subarray(0, 5_000)],
    [
      'with a page overwritten',
      () => {
        const bytes = readFileSync(file);
        bytes.fill(0x5a, 4096, 8192);
        return bytes;
      },
    ],
  ])('that is %s is put aside, never deleted, and a new one begun', (_what, damage) => {
    put(
      `CREATE TABLE big (t TEXT); INSERT INTO big SELECT hex(randomblob(3000)) FROM (VALUES (1), (2), (3), (4), (5))`,
    );
    const bytes = damage();
    writeFileSync(file, bytes);
    const { db, notices } = open({ migrations: [first] });
    const aside = path.join(folder, 'rekindle-damaged-20261121T120000Z.db');
    expect(notices).toEqual([{ code: 'store.damaged', params: { path: file, aside } }]);
    expect(readFileSync(aside).equals(bytes)).toBe(true);
    db.exec('INSERT INTO a VALUES (1)');
    expect(readdirSync(folder).filter((name) => name.endsWith('.repair'))).toEqual([]);
    db.close();
    // The next one damaged in the same second gets another name.
    writeFileSync(file, bytes);
    open({ migrations: [first] });
    expect(readdirSync(folder)).toContain('rekindle-damaged-20261121T120000Z-2.db');
  });

  it('of another program is put aside as well', () => {
    const theirs = new DatabaseSync(file);
    theirs.exec('CREATE TABLE cookies (name TEXT)');
    theirs.close();
    expect(open().notices).toMatchObject([{ code: 'store.damaged' }]);
  });

  it('survives a stale mark of a repair that died', () => {
    writeFileSync(file, 'no database '.repeat(100));
    writeFileSync(`${file}.repair`, '');
    expect(refusal()?.code).toBe('store.damaged');
    const old = new Date(Date.now() - 120_000);
    utimesSync(`${file}.repair`, old, old);
    expect(open().notices).toHaveLength(1);
  });
});

describe('a database another process holds', () => {
  const children: ChildProcess[] = [];
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
  });

  /** A real process with a transaction open. */
  async function holder(forMs: number): Promise<void> {
    const script = `
      const { DatabaseSync } = require('node:sqlite');
      const db = new DatabaseSync(process.argv[1]);
      db.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
      console.log('held');
      setTimeout(() => process.exit(0), Number(process.argv[2]));`;
    const child = spawn(process.execPath, ['--no-warnings', '-e', script, file, String(forMs)]);
    children.push(child);
    await new Promise<void>((resolve, reject) => {
      child.stdout.once('data', () => resolve());
      child.once('exit', () => reject(new Error('the holder ended')));
    });
  }

  it('is waited for as long as we said, and then it is said who is not to blame', async () => {
    put('');
    await holder(20_000);
    const started = performance.now();
    expect(refusal({ migrations: [first] })).toMatchObject({
      code: 'store.locked',
      params: { waitedMs: 300 },
    });
    expect(performance.now() - started).toBeLessThan(5_000);
    expect(readdirSync(folder).some((name) => name.includes('damaged'))).toBe(false);
  });

  it('is used as soon as it is free', async () => {
    put('');
    await holder(300);
    expect(refusal({ migrations: [first], busyMs: 10_000 })).toBeUndefined();
  });
});

describe('several processes that start at the same moment', () => {
  const script = `
    const { openDatabase } = await import(process.argv[1]);
    const { db, notices } = openDatabase(process.argv[2], { busyMs: 15_000, now: () => new Date() });
    db.exec("INSERT INTO run VALUES ('" + process.pid + "', 1, '', 0, '', '', '', '')");
    console.log(JSON.stringify(notices.map((one) => one.code)));
    process.exit(0);`;
  const module = path.resolve('main/store/database.ts');

  async function startAll(): Promise<string[]> {
    return await Promise.all(
      [1, 2, 3, 4].map(
        () =>
          new Promise<string>((resolve) => {
            const child = spawn(process.execPath, [
              '--no-warnings',
              '--input-type=module',
              '-e',
              script,
              module,
              file,
            ]);
            let output = '';
            child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
            child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
            child.on('close', () => resolve(output.trim()));
          }),
      ),
    );
  }

  it('make one database', async () => {
    expect(await startAll()).toEqual(['[]', '[]', '[]', '[]']);
    expect(count('SELECT count(*) FROM run')).toBe(4);
  }, 60_000);

  it('put a damaged one aside once, and never the new one', async () => {
    writeFileSync(file, 'no database '.repeat(1_000));
    const told = await startAll();
    expect(told.filter((one) => one.includes('store.damaged'))).toHaveLength(1);
    expect(told.filter((one) => one === '[]')).toHaveLength(3);
    expect(count('SELECT count(*) FROM run')).toBe(4);
    expect(readdirSync(folder).filter((name) => name.includes('damaged'))).toHaveLength(1);
  }, 60_000);
});

const asRoot = process.getuid?.() === 0;

describe('a place that cannot be written to', () => {
  it.skipIf(asRoot)('is read where there is something to read', () => {
    put('INSERT INTO a VALUES (7)');
    chmodSync(file, 0o400);
    chmodSync(folder, 0o500);
    try {
      const { db, readOnly } = open({ migrations: [first] });
      expect(readOnly?.code).toBe('store.read-only');
      expect(db.prepare('SELECT x FROM a').get()).toEqual({ x: 7 });
    } finally {
      chmodSync(folder, 0o700);
    }
  });

  it('says so where there is nothing', () => {
    writeFileSync(path.join(folder, 'in-the-way'), '');
    file = path.join(folder, 'in-the-way', 'rekindle.db');
    expect(refusal()?.code).toBe('store.read-only');
    mkdirSync(path.join(folder, 'taken.db'));
    file = path.join(folder, 'taken.db');
    expect(refusal()?.code).toMatch(/^store\./);
    expect(statSync(file).isDirectory()).toBe(true);
  });
});
