// The database is people's own: docs/history.md names every table and column there is, and no other table.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { afterAll, expect, it } from 'vitest';
import { openDatabase } from '../../main/store/database.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'rekindle-docs-'));
const { db } = openDatabase(path.join(folder, 'rekindle.db'), { busyMs: 300, now: () => new Date(0) });
afterAll(() => {
  db.close();
  rmSync(folder, { recursive: true, force: true });
});

/** What is said of each table, from its name at the beginning of a line to the next one's. */
function described(): Map<string, string> {
  const [, tables = ''] = readFileSync('docs/history.md', 'utf8').split(/^## Tables$/m);
  const parts = tables.split(/^`([a-z_]+)`: /m).slice(1);
  return new Map(parts.flatMap((name, at) => (at % 2 === 0 ? [[name, parts[at + 1] ?? '']] : [])));
}

function namesIn(database: DatabaseSync, sql: string): string[] {
  return database
    .prepare(sql)
    .all()
    .map(({ name }) => String(name));
}

it('names the tables there are', () => {
  const there = namesIn(
    db,
    `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`,
  );
  expect([...described().keys()].toSorted()).toEqual(there.toSorted());
});

it.each([...described()])('names every column of %s', (table, text) => {
  const columns = namesIn(db, `SELECT name FROM pragma_table_info('${table}')`);
  expect(columns.length).toBeGreaterThan(0);
  expect(columns.filter((column) => !text.includes(`\`${column}\``))).toEqual([]);
});

it('says which format it is', () => {
  const format = db.prepare('PRAGMA user_version').get()?.['user_version'];
  expect(readFileSync('docs/history.md', 'utf8')).toContain(
    `is the number of the format, ${String(format)} here`,
  );
});
