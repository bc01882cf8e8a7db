// One SQLite file for all of a person's shells: opened, brought up to date, and never lost. Synchronous: for the store's thread.
import { accessSync, closeSync, constants, existsSync, mkdirSync, openSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { DatabaseSync } from 'node:sqlite';
import { FlashError } from '../../shared/errors/flash-error.ts';
import type { StoreNotice } from '../../shared/history.ts';
import { isBusy, isDamage, isReadOnly, storeError } from './database-errors.ts';
import { copyBefore, inodeOf, putAside } from './database-files.ts';
import { applicationId, migrations, type Migration } from './migrations.ts';

export interface DatabaseOptions {
  /** How long another process is waited for, ms. */
  readonly busyMs: number;
  readonly now: () => Date;
  /** The schema's steps; others only in tests. */
  readonly migrations?: readonly Migration[];
}

export interface OpenedDatabase {
  readonly db: DatabaseSync;
  /** Why nothing can be written to it; undefined when it can. */
  readonly readOnly: FlashError | undefined;
  /** What a person should know: a damaged file put aside, a newer one left as it is. */
  readonly notices: readonly StoreNotice[];
}

/** A damaged file is put aside at most this often before we give up: a disk that damages each new one is no place. */
const mostRepairs = 3;
const pauseMs = 20;

/**
 * Opens the database, makes it where there is none, and brings its schema up to date; a copy is made before. A damaged
 * file is renamed and a new one begun; a newer one is opened for reading.
 * @throws FlashError `store.locked`, `store.read-only`, `store.damaged`, `store.failed`, `file.disk-full`
 */
export function openDatabase(file: string, options: DatabaseOptions): OpenedDatabase {
  const notices: StoreNotice[] = [];
  const deadline = performance.now() + options.busyMs;
  let repairs = 0;
  for (;;) {
    const inode = inodeOf(file);
    try {
      const opened = openOnce(file, options);
      return { ...opened, notices: [...notices, ...opened.notices] };
    } catch (error) {
      if (isBusy(error) && performance.now() < deadline) {
        pause();
        continue;
      }
      if (!isDamage(error) || inode === undefined || repairs >= mostRepairs)
        throw storeError(error, file, options.busyMs);
      repairs++;
      const aside = setAside(file, inode, options);
      if (aside !== undefined) notices.push({ code: 'store.damaged', params: { path: file, aside } });
      else pause();
    }
  }
}

function setAside(file: string, inode: bigint, { now, busyMs }: DatabaseOptions): string | undefined {
  try {
    return putAside(file, inode, now());
  } catch (error) {
    throw storeError(error, file, busyMs);
  }
}

function openOnce(file: string, options: DatabaseOptions): OpenedDatabase {
  const { busyMs, migrations: steps = migrations } = options;
  makeFolder(file);
  const db = openForWriting(file, busyMs);
  if (db === undefined)
    return openForReading(file, busyMs, new FlashError('store.read-only', { path: file }));
  try {
    const found = versionOf(db);
    if (found > steps.length) {
      db.close();
      const newer = { path: file, found, known: steps.length };
      const opened = openForReading(file, busyMs, new FlashError('store.newer', newer));
      return { ...opened, notices: [{ code: 'store.newer', params: newer }] };
    }
    // What is durable is so after a power cut too: synchronous FULL, in write-ahead mode where the file system has it.
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
    if (found > 0 && found < steps.length) copyBefore(db, file, steps.length, options.now());
    if (found < steps.length) migrate(db, steps);
    return { db, readOnly: undefined, notices: [] };
  } catch (error) {
    if (db.isOpen) db.close();
    // The file can be read, its folder or disk not be written.
    if (isReadOnly(error) && existsSync(file))
      return openForReading(file, busyMs, storeError(error, file, busyMs));
    throw error;
  }
}

/** @throws FlashError `store.read-only`, `file.disk-full`, `store.failed` */
function makeFolder(file: string): void {
  try {
    mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  } catch (error) {
    if (existsSync(file)) return;
    throw storeError(error, file, 0);
  }
}

/** Undefined for a file that is there and may only be read. */
function openForWriting(file: string, busyMs: number): DatabaseSync | undefined {
  try {
    if (existsSync(file)) accessSync(file, constants.W_OK);
    // Names of boards and files are nobody else's business; what SQLite puts beside it gets the same rights.
    else closeSync(openSync(file, 'a', 0o600));
  } catch (error) {
    if (!existsSync(file)) throw storeError(error, file, busyMs);
    return undefined;
  }
  return new DatabaseSync(file, { timeout: busyMs });
}

function openForReading(file: string, busyMs: number, why: FlashError): OpenedDatabase {
  try {
    const db = new DatabaseSync(file, { readOnly: true, timeout: busyMs });
    try {
      versionOf(db);
      return { db, readOnly: why, notices: [] };
    } catch (error) {
      db.close();
      throw error;
    }
  } catch (error) {
    if (isDamage(error) || isBusy(error)) throw error;
    // Without write access SQLite cannot make the files that several processes share; then nobody else writes either.
    const url = pathToFileURL(file);
    url.searchParams.set('immutable', '1');
    const db = new DatabaseSync(url, { readOnly: true });
    versionOf(db);
    return { db, readOnly: why, notices: [] };
  }
}

/** The schema's number; 0 for a new file. Something that is no database of ours counts as damaged. */
function versionOf(db: DatabaseSync): number {
  const tables = Number(db.prepare('SELECT count(*) AS count FROM sqlite_schema').get()?.['count'] ?? 0);
  const id = Number(db.prepare('PRAGMA application_id').get()?.['application_id'] ?? 0);
  if (tables > 0 && id !== applicationId) throw damage('a database of another program');
  const [first] = db.prepare('PRAGMA quick_check(1)').all();
  const verdict = Object.values(first ?? {})[0];
  if (verdict !== 'ok') throw damage(String(verdict));
  return Number(db.prepare('PRAGMA user_version').get()?.['user_version'] ?? 0);
}

function damage(reason: string): Error {
  return Object.assign(new Error(reason), { code: 'ERR_SQLITE_ERROR', errcode: 11 });
}

function migrate(db: DatabaseSync, steps: readonly Migration[]): void {
  db.exec('BEGIN IMMEDIATE');
  try {
    // Another process may have been quicker.
    const now = Number(db.prepare('PRAGMA user_version').get()?.['user_version'] ?? 0);
    for (const step of steps.slice(now)) db.exec(step.sql);
    db.exec(
      `PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${Math.max(now, steps.length)};`,
    );
    db.exec('COMMIT');
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK');
    throw error;
  }
}

/** In the store's thread nobody else waits. */
function pause(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pauseMs);
}
