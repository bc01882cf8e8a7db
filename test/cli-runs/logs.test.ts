// What the built command line leaves behind for whoever looks into a problem, and that it never fails for it.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { toHex } from '../../shared/hex.ts';
import { program } from '../support/rig.ts';

const bytes = program(6_000);

function flash(data: string, ...more: string[]) {
  const image = path.join(data, 'image.bin');
  writeFileSync(image, bytes);
  const args = [
    'flash',
    image,
    '--address',
    '0x08000000',
    '--yes',
    '--bench',
    'nanovna-h',
    '--time-scale',
    '0',
  ];
  const env = { ...process.env, REKINDLE_DATA: data };
  return spawnSync(process.execPath, ['dist/cli.js', ...args, ...more], { env, encoding: 'utf8' });
}

describe('the logs of the command line', () => {
  it('name all versions, then the job and how it ended; the job has a file of its own', () => {
    const data = mkdtempSync(path.join(tmpdir(), 'rekindle-logs-'));
    const run = flash(data, '--verbose');
    expect(run.status).toBe(0);
    expect(run.stderr).toMatch(/^\[info\] session: Rekindle [^]*\[info\] job: flash begins\n/);
    const logs = path.join(data, 'logs');
    const program = readFileSync(path.join(logs, 'command-line.log'), 'utf8');
    expect(program.split(/\r?\n/)[0]).toMatch(/session: Rekindle \d.* \(command line\)/);
    expect(program).toMatch(/session: usb 2\.\d+\.\d+, libusb 1\.0\.\d+/);
    expect(program).toMatch(/job: flash on STM32F072, port 1-1: done, content verified/);
    const [name = ''] = readdirSync(path.join(logs, 'jobs'));
    const job = readFileSync(path.join(logs, 'jobs', name), 'utf8');
    expect(job).toMatch(/^Rekindle \d/);
    expect(job).toContain('debug dfu: recovery');
    // No bytes of the firmware, neither as hex nor as they are.
    for (const text of [program, job, run.stderr]) {
      expect(text).not.toContain(toHex(bytes.subarray(0, 8)));
      expect(text).not.toContain(Buffer.from(bytes.subarray(0, 8)).toString('latin1'));
    }
  });

  it('are done without where they cannot be', () => {
    const data = mkdtempSync(path.join(tmpdir(), 'rekindle-logs-'));
    writeFileSync(path.join(data, 'logs'), 'no folder');
    const run = flash(data);
    expect([run.status, run.stderr]).toEqual([0, '']);
    expect(flash(data, '--verbose').stderr).toContain('[warn] log: the log file cannot be written');
  });

  it.skipIf(process.platform !== 'linux')('are done without on a full disk', () => {
    const data = mkdtempSync(path.join(tmpdir(), 'rekindle-logs-'));
    mkdirSync(path.join(data, 'logs'));
    spawnSync('ln', ['-s', '/dev/full', path.join(data, 'logs', 'command-line.log')]);
    const run = flash(data, '--verbose');
    expect(run.status).toBe(0);
    expect(run.stderr.match(/ENOSPC/g)).toHaveLength(1);
  });
});
