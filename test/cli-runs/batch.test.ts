// Many boards on the built command line.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { cliEventSchema } from '../../shared/cli-events.ts';
import { program } from '../support/rig.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'rekindle-batch-'));
const env = { ...process.env, REKINDLE_DATA: path.join(folder, 'data') };
const file = path.join(folder, 'firmware.bin');
writeFileSync(file, program(20_000));
const recipe = [
  'batch',
  file,
  '--address',
  '0x08000000',
  '--yes',
  '--no-backup',
  '--no-leave',
  '--time-scale',
  '0',
];

function rekindle(...args: readonly string[]): { code: number | null; stdout: string; stderr: string } {
  const run = spawnSync(process.execPath, ['dist/cli.js', ...recipe, ...args], { encoding: 'utf8', env });
  return { code: run.status, stdout: run.stdout, stderr: run.stderr };
}

describe('a batch on the command line', () => {
  it('flashes all that are there, with a line and a row for each', () => {
    const log = path.join(folder, 'units.csv');
    const bench = ['--bench', 'nanovna-h,nanovna-h,nanovna-h', '--count', '3', '--log', log];
    const { code, stdout, stderr } = rekindle(...bench);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(stdout).toContain('3 of 3 done');
    const rows = readFileSync(log, 'utf8').trimEnd().split('\r\n');
    expect(rows[0]).toBe('time,board,port,serial,sha256,result,error,seconds');
    expect(rows.slice(1).map((row) => row.split(',')[5])).toEqual(['done', 'done', 'done']);
    expect(new Set(rows.slice(1).map((row) => row.split(',')[2])).size).toBe(3);
    // The next batch goes on with the same table.
    expect(rekindle('--bench', 'nanovna-h', '--count', '1', '--log', log).code).toBe(0);
    expect(readFileSync(log, 'utf8').trimEnd().split('\r\n')).toHaveLength(5);
  });

  it('tells programs the same, and waits for a board by its name', () => {
    const { code, stdout } = rekindle(
      '--bench',
      'nanovna-h,nanovna-h',
      '--count',
      '2',
      '--accept',
      'unnamed-board',
      '--board',
      'nanovna-h',
      '--json',
    );
    const events = stdout
      .trimEnd()
      .split('\n')
      .map((line) => v.parse(cliEventSchema, JSON.parse(line)));
    expect(events.filter(({ event }) => event === 'unit')).toHaveLength(2);
    expect(events.at(-1)).toMatchObject({ event: 'batch', batch: { state: 'ended', counts: { done: 2 } } });
    expect(code).toBe(0);
  });

  it('ends at a word after those that run, and its exit code says that some failed', async () => {
    const faults = path.join(folder, 'faults.json');
    writeFileSync(faults, JSON.stringify([{ kind: 'vanish', at: { what: 'block', index: 2 } }]));
    const args = ['dist/cli.js', ...recipe, '--bench', 'nanovna-h', '--faults', faults, '--count', '2'];
    const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    for await (const chunk of child.stdout) {
      said += String(chunk);
      if (/FAILED.*\n/.test(said)) break;
    }
    child.kill('SIGINT');
    const [code] = (await once(child, 'exit')) as [number];
    expect(said).toMatch(/: FAILED: The board is gone from USB \(usb\.gone\), [\d.]+ s\n/);
    expect(code).toBe(74);
  });

  it('told to end by the system, stops the board that runs at its next block', async () => {
    const slow = ['--bench', 'nanovna-h', '--time-scale', '20', '--count', '2', '--json'];
    const args = ['dist/cli.js', ...recipe, ...slow];
    const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for await (const chunk of child.stdout) {
      said += String(chunk);
      // A second one would abort.
      if (!child.killed && said.includes('"for":"next"')) child.kill('SIGTERM');
    }
    const units = said
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { event: string })
      .filter(({ event }) => event === 'unit');
    // Whether it had been found by then is left to chance; at the end of its 20-fold time it would be done.
    expect(units).toMatchObject([
      {
        unit: {
          state: expect.stringMatching(/^(stopped|failed)$/) as string,
          error: { code: expect.stringMatching(/^job\.(stopped|aborted)$/) as string },
        },
      },
    ]);
  });

  it('refuses what cannot be meant, and a table that is somebody else’s', () => {
    const other = path.join(folder, 'notes.csv');
    writeFileSync(other, 'my notes\n'.repeat(20));
    expect(rekindle('--bench', 'nanovna-h', '--count', '1', '--log', other).code).toBe(73);
    expect(readFileSync(other, 'utf8')).toBe('my notes\n'.repeat(20));
    expect(rekindle('--bench', 'nanovna-h', '--count', '0').code).toBe(64);
    expect(rekindle('--bench', 'nanovna-h', '--count', '1', '--device', '1-1').code).toBe(64);
    expect(
      rekindle('--bench', 'nanovna-h', '--count', '1', '--accept', 'unnamed-board', '--board', 'nothing')
        .code,
    ).toBe(64);
  });
});
