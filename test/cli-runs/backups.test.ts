// The library of backups on the built command line, and the question a restore on another board raises.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as v from 'valibot';
import { beforeAll, describe, expect, it } from 'vitest';
import { cliEventSchema } from '../../shared/cli-events.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'rekindle-backups-'));
const bench = ['--bench', 'nanovna-h', '--time-scale', '0'];

function rekindle(...args: readonly string[]): { code: number | null; stdout: string; stderr: string } {
  const run = spawnSync(process.execPath, ['dist/cli.js', ...args], {
    encoding: 'utf8',
    env: { ...process.env, REKINDLE_DATA: path.join(folder, 'data') },
  });
  return { code: run.status, stdout: run.stdout, stderr: run.stderr };
}

function events(...args: readonly string[]): Record<string, unknown>[] {
  const { stdout } = rekindle(...args, '--json');
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const parsed: unknown = JSON.parse(line);
      v.parse(cliEventSchema, parsed);
      return parsed as Record<string, unknown>;
    });
}

describe('backups on the command line', () => {
  let id = '';
  beforeAll(() => {
    expect(rekindle('backup', ...bench, '--twice').code).toBe(0);
    id = String(events('backups')[0]?.['id']);
  });

  it('lists, names, notes and shows them', () => {
    expect(rekindle('backups', 'change', id, '--name', 'Before 1.3', '--note', 'calibrated').code).toBe(0);
    const { stdout } = rekindle('backups', 'show', id);
    expect(stdout).toContain('Name: Before 1.3');
    expect(stdout).toMatch(/Read twice over DfuSe by Rekindle \S+, with the same bytes both times\./);
    expect(stdout).toContain('Chip: stm32f072');
    expect(stdout).toContain('Its file is what was saved.');
    expect(rekindle('backups').stdout).toContain('"Before 1.3"');
  });

  it('notes which board it was, and that its program’s number is no number of its own', () => {
    expect(rekindle('backup', '--bench', 'nanovna-h:app', '--time-scale', '0').code).toBe(0);
    const [newest] = events('backups');
    expect(newest).toMatchObject({
      record: {
        board: 'NanoVNA-H',
        profile: 'nanovna-h',
        unit: { portPath: '1-1', serial: '400', chip: 'stm32f072' },
      },
    });
    const shown = rekindle('backups', 'show', String(newest?.['id'])).stdout;
    expect(shown).toContain('From: on port 1-1; it has no serial number of its own');
    rekindle('backups', 'remove', String(newest?.['id']));
  });

  it('exports to other formats, and takes them in again', () => {
    const [hex, bin] = [path.join(folder, 'out.hex'), path.join(folder, 'out.bin')];
    expect(rekindle('backups', 'export', id, hex).code).toBe(0);
    expect(rekindle('backups', 'export', id, bin).code).toBe(0);
    expect(readFileSync(bin)).toHaveLength(128 * 1024);
    expect(rekindle('backups', 'export', id, path.join(folder, 'out.txt')).code).not.toBe(0);
    expect(rekindle('backups', 'export', id, hex).code).not.toBe(0);
    const [imported] = events('backups', 'import', hex, '--of', 'NanoVNA-H');
    expect(rekindle('backups', 'show', String(imported?.['id'])).stdout).toMatch(
      /Taken in as a file by Rekindle \S+; how it was read is not known\./,
    );
    const again = path.join(folder, 'again.bin');
    expect(rekindle('backups', 'export', String(imported?.['id']), again).code).toBe(0);
    expect(readFileSync(again)).toEqual(readFileSync(bin));
  });

  it('gives one without addresses an address where its new format needs one', () => {
    expect(rekindle('backup', '--bench', 'plain-dfu', '--time-scale', '0').code).toBe(0);
    const plain = String(events('backups')[0]?.['id']);
    const [bin, hex, dfu] = ['plain.bin', 'plain.hex', 'plain.dfu'].map((name) => path.join(folder, name));
    expect(rekindle('backups', 'export', plain, bin ?? '').code).toBe(0);
    const refused = rekindle('backups', 'export', plain, hex ?? '');
    expect(refused.code).toBe(78);
    expect(refused.stderr).toContain('--address');
    for (const out of [hex, dfu])
      expect(rekindle('backups', 'export', plain, out ?? '', '--address', '0x08004000').code).toBe(0);
    expect(readFileSync(hex ?? '', 'utf8').split(/\r?\n/, 2)).toEqual([
      ':020000040800F2',
      expect.stringMatching(/^:..4000/),
    ]);
    expect(
      readFileSync(dfu ?? '')
        .subarray(0, 5)
        .toString(),
    ).toBe('DfuSe');
    rekindle('backups', 'remove', plain);
  });

  it('puts one back by its id, and says that nobody can tell whose it is', () => {
    const run = rekindle('restore', id, ...bench, '--yes');
    expect(run.code).toBe(0);
    expect(run.stdout).toContain('nobody can say whether this backup');
    // Made in the same second or not: what a person noted is still there.
    expect(rekindle('backups', 'show', id).stdout).toContain('Name: Before 1.3');
  });

  it('compares one with a board: the same, not the same, and damaged itself', () => {
    const same = rekindle('backups', 'compare', id, ...bench);
    expect(same.code).toBe(0);
    expect(same.stdout).toContain('The board holds what the backup holds.');
    expect(same.stdout).toContain('Read and looked at: 0x08000000-0x0801FFFF (128 KB)');
    expect(same.stdout).toContain('Whether this is a backup of this very board, nobody can say');
    const file = path.join(folder, 'one-off.bin');
    expect(rekindle('backups', 'export', id, file).code).toBe(0);
    const bytes = readFileSync(file);
    writeFileSync(
      file,
      bytes.map((byte, index) => (index === 5_000 ? byte ^ 1 : byte)),
    );
    const differs = rekindle('backups', 'compare', file, ...bench, '--address', '0x08000000');
    expect(differs.code).toBe(1);
    expect(differs.stdout).toContain('something else than the backup, in 1 of 64 sectors (1 byte).');
    expect(differs.stdout).toContain('Differs at: 0x08001388-0x08001388 (1 B)');
    const told = events('backups', 'compare', file, ...bench, '--address', '0x08000000').at(-1);
    expect(told).toMatchObject({
      event: 'result',
      exitCode: 1,
      verdict: 'holds-something-else',
      result: { outcome: 'done', comparison: { differentBytes: 1, differentSectors: 1 } },
    });
    const kept = path.join(folder, 'data', 'backups', id);
    const whole = readFileSync(kept);
    writeFileSync(kept, whole.subarray(1));
    expect(rekindle('backups', 'compare', id, ...bench).code).toBe(65);
    writeFileSync(kept, whole);
  });

  it('asks before it goes on another board, and takes the answer from the command line', () => {
    const file = path.join(folder, 'other.dfu');
    rekindle('backups', 'export', id, file);
    const kept = JSON.parse(readFileSync(path.join(folder, 'data', 'backups', `${id}.json`), 'utf8')) as {
      unit: object;
    };
    writeFileSync(
      `${file}.json`,
      JSON.stringify({ ...kept, unit: { ...kept.unit, serial: '2079358F4230' } }),
    );
    const own = path.join(folder, 'f405');
    const f405 = ['--bench', 'stm32f405', '--time-scale', '0'];
    expect(rekindle('backup', ...f405, own).code).toBe(0);
    writeFileSync(`${own}.json`, JSON.stringify({ ...kept, unit: { ...kept.unit, serial: '2079358F4230' } }));
    const asked = rekindle('restore', own, ...f405, '--yes');
    expect(asked.code).not.toBe(0);
    expect(asked.stderr + asked.stdout).toContain('--accept other-unit');
    expect(rekindle('restore', own, ...f405, '--yes', '--accept', 'other-unit').code).toBe(0);
  });

  it('refuses one whose file was changed since', () => {
    const file = path.join(folder, 'data', 'backups', id);
    const bytes = readFileSync(file);
    writeFileSync(
      file,
      bytes.map((byte, index) => (index === 5_000 ? byte ^ 1 : byte)),
    );
    expect(rekindle('backups', 'show', id).code).not.toBe(0);
    const run = rekindle('restore', id, ...bench, '--yes');
    expect(run.code).not.toBe(0);
    expect(run.stderr).toContain('is not what was saved');
    writeFileSync(file, bytes);
  });

  it('keeps no backup of a board that reads differently each time', () => {
    const faults = path.join(folder, 'faults.json');
    writeFileSync(faults, JSON.stringify([{ kind: 'wrong-bytes', index: 80 }]));
    const before = events('backups').length;
    const run = rekindle('backup', ...bench, '--twice', '--faults', faults);
    expect(run.code).not.toBe(0);
    expect(run.stdout + run.stderr).toContain('read twice');
    expect(events('backups')).toHaveLength(before);
  });

  it('prunes by count, says beforehand what would go, and removes one by name', () => {
    // Two more of the same board, with other content each: the older one may go.
    const source = path.join(folder, 'data', 'backups', id);
    for (const [time, byte] of [
      ['20250101T000000Z', '0'],
      ['20250102T000000Z', '1'],
    ]) {
      const copy = path.join(folder, 'data', 'backups', `virtual-stm32f072-${time}-${byte?.repeat(12)}.dfu`);
      const record = JSON.parse(readFileSync(`${source}.json`, 'utf8')) as object;
      writeFileSync(copy, 'old');
      writeFileSync(`${copy}.json`, JSON.stringify({ ...record, name: '', note: '' }));
    }
    expect(rekindle('backups', 'prune').code).toBe(64);
    expect(events('backups', 'prune', '--older-than', '36500', '--dry-run')).toEqual([]);
    const wouldGo = events('backups', 'prune', '--keep', '1', '--dry-run');
    expect(wouldGo.map((one) => one['dryRun'])).toEqual([true, true]);
    expect(events('backups', 'prune', '--keep', '1').map((one) => one['dryRun'])).toEqual([false, false]);
    expect(events('backups').map((one) => one['id'])).toContain(id);
    expect(rekindle('backups', 'remove', id).code).toBe(0);
    expect(rekindle('backups', 'show', id).code).not.toBe(0);
    expect(rekindle('backups', 'remove', '../../etc/passwd').code).not.toBe(0);
  });
});
