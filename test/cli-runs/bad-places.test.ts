// A data folder that cannot be used, under the real program: clear words, boards safe, and nothing dropped in silence.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { program } from '../support/rig.ts';

const root = mkdtempSync(path.join(tmpdir(), 'rekindle-places-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const file = path.join(root, 'firmware.bin');
writeFileSync(file, program(9_000));

interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function rekindle(data: string, ...args: string[]): Run {
  const env = { ...process.env, REKINDLE_DATA: data };
  const { status, stdout, stderr } = spawnSync(process.execPath, ['dist/cli.js', ...args], {
    env,
    encoding: 'utf8',
    timeout: 60_000,
  });
  return { code: status, stdout, stderr };
}

function flash(data: string, ...more: string[]): Run {
  const bench = ['--bench', 'nanovna-h', '--time-scale', '0'];
  return rekindle(data, 'flash', file, '--address', '0x08000000', ...bench, '--yes', ...more);
}

const holders: ChildProcess[] = [];
afterEach(() => {
  for (const holder of holders.splice(0)) holder.kill('SIGKILL');
});

describe('a history another program keeps locked', () => {
  it('is said once, the board is flashed, and the job is in the history when it is let go', async () => {
    const data = mkdtempSync(path.join(root, 'locked-'));
    rekindle(data, 'history');
    const script = `
      const { DatabaseSync } = require('node:sqlite');
      const db = new DatabaseSync(process.argv[1]);
      db.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
      console.log('held');
      setInterval(() => undefined, 1_000);`;
    const holder = spawn(process.execPath, ['--no-warnings', '-e', script, path.join(data, 'rekindle.db')]);
    holders.push(holder);
    await new Promise((resolve) => holder.stdout.once('data', resolve));
    const run = flash(data);
    expect(run.code).toBe(0);
    expect(run.stdout.match(/Another program kept the history locked for 2(\.\d)? s/g)).toHaveLength(1);
    expect(run.stdout).toContain('kept beside the history');
    const asked = rekindle(data, 'history');
    expect(asked.code).toBe(73);
    expect(asked.stderr).toContain('Another program kept the history locked');

    const gone = new Promise((resolve) => holder.once('exit', resolve));
    holder.kill('SIGKILL');
    await gone;
    expect(rekindle(data, 'history').stdout.match(/flash of firmware\.bin/g)).toHaveLength(1);
    expect(readdirSync(data).filter((name) => name.includes('unrecorded'))).toEqual([]);
  });
});

const small = path.join(root, 'small');
mkdirSync(small);
const canMount =
  process.platform === 'linux' &&
  spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=32m', 'tmpfs', small]).status === 0;
if (!canMount) console.warn('skipped: a small disk can only be made as root on Linux');
afterAll(() => canMount && spawnSync('umount', ['-l', small]));

describe.skipIf(!canMount)('a disk', () => {
  it('that is full: no flash without its backup, with words; one without a backup is done and said', () => {
    const filler = path.join(small, 'filler');
    spawnSync('dd', ['if=/dev/zero', `of=${filler}`, 'bs=1k'], { stdio: 'ignore' });
    const refused = flash(small);
    expect(refused.code).toBe(73);
    expect(`${refused.stdout}${refused.stderr}`).toContain('There is no room');
    expect(`${refused.stdout}${refused.stderr}`).toContain('The board is unchanged.');
    const done = flash(small, '--no-backup');
    expect(done.code).toBe(0);
    expect(done.stdout).toContain('There is no room');
    rmSync(filler);
    const whole = flash(small);
    expect(whole.code).toBe(0);
    expect(whole.stdout).not.toContain('There is no room');
    expect(rekindle(small, 'history').stdout).toContain('flash of firmware.bin');
    expect(rekindle(small, 'resume').stdout).toBe('No job is open.\n');
  });

  it('that may only be read: the same, and what was there is read', () => {
    const before = rekindle(small, 'history').stdout;
    expect(spawnSync('mount', ['-o', 'remount,ro', small]).status).toBe(0);
    try {
      const refused = flash(small);
      expect(refused.code).toBe(73);
      const done = flash(small, '--no-backup');
      expect(done.code).toBe(0);
      expect(done.stdout).toContain('The history cannot be written to');
      expect(rekindle(small, 'history').stdout).toBe(before);
    } finally {
      spawnSync('mount', ['-o', 'remount,rw', small]);
    }
    expect(flash(small).code).toBe(0);
  });
});

describe('the history as a file', () => {
  const python = spawnSync('python3', ['-c', 'import sqlite3']).status === 0;
  if (!python) console.warn('skipped: there is no python3 to open the history with');

  it.skipIf(!python)('opens in another program, with the columns that are documented', () => {
    const data = mkdtempSync(path.join(root, 'open-'));
    expect(flash(data).code).toBe(0);
    const script = `
import json, sqlite3, sys
db = sqlite3.connect(sys.argv[1])
tables = [row[0] for row in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")]
print(json.dumps({
  'check': db.execute('PRAGMA integrity_check').fetchone()[0],
  'version': db.execute('PRAGMA user_version').fetchone()[0],
  'columns': {table: [row[1] for row in db.execute('PRAGMA table_info(' + table + ')')] for table in tables},
  'job': db.execute('SELECT kind, outcome, content, virtual FROM job').fetchall(),
  'steps': db.execute("SELECT count(*) FROM step WHERE state = 'done'").fetchone()[0] > 3,
}))`;
    const { stdout, stderr } = spawnSync('python3', ['-c', script, path.join(data, 'rekindle.db')], {
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    const told = JSON.parse(stdout) as { columns: Record<string, string[]> } & Record<string, unknown>;
    expect(told).toMatchObject({
      check: 'ok',
      job: [['flash', 'done', 'verified', 1]],
      steps: true,
    });
    const ours = new DatabaseSync(path.join(data, 'rekindle.db'), { readOnly: true });
    expect(told['version']).toBe(ours.prepare('PRAGMA user_version').get()?.['user_version']);
    ours.close();
    const documented = readDocument();
    for (const [table, columns] of Object.entries(told.columns)) {
      expect(documented).toContain(`\`${table}\``);
      for (const column of columns)
        expect([table, column, documented.includes(`\`${column}\``)]).toEqual([table, column, true]);
    }
  });
});

function readDocument(): string {
  return readFileSync('docs/history.md', 'utf8');
}
