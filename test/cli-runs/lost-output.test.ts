// What is told may get lost; what is done to a board may not.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { cliEventSchema } from '../../shared/cli-events.ts';
import * as v from 'valibot';
import { program } from '../support/rig.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'rekindle-lost-'));
const bin = path.join(folder, 'firmware.bin');
writeFileSync(bin, program(20_000));
let runs = 0;

/** A flash of a virtual board, run by a shell with what comes after it; its trace tells how far it came. */
function flash(
  around: (command: string) => string,
): Promise<{ code: number | null; text: string; trace: string }> {
  const trace = path.join(folder, `trace-${runs++}.ndjson`);
  const command =
    `"${process.execPath}" dist/cli.js flash "${bin}" --address 0x08000000 --as-raw --no-backup ` +
    `--bench nanovna-h --time-scale 0 --yes --trace "${trace}"`;
  return new Promise((resolve) => {
    const child = spawn('bash', ['-c', around(command)], {
      env: { ...process.env, REKINDLE_DATA: path.join(folder, 'data') },
    });
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (text += chunk.toString()));
    child.on('close', (code) => resolve({ code, text, trace: readFileSync(trace, 'utf8') }));
  });
}

/** DNLOAD requests in a trace: what reached the board. */
const downloads = (trace: string): number =>
  trace.split('\n').filter((line) => /"out class interface 1 /.test(line)).length;

describe.skipIf(process.platform === 'win32')('a flash is finished', () => {
  it('when its reader has seen enough', async () => {
    const whole = await flash((command) => `${command} > /dev/null`);
    expect(whole.code).toBe(0);
    expect(downloads(whole.trace)).toBeGreaterThan(10);
    const cut = await flash((command) => `${command} | head -1 > /dev/null; exit \${PIPESTATUS[0]}`);
    expect(cut.code).toBe(0);
    expect(downloads(cut.trace)).toBe(downloads(whole.trace));
  });

  it.skipIf(!existsSync('/dev/full'))('on a full disk under its output, which it admits', async () => {
    const whole = await flash((command) => `${command} > /dev/null`);
    const full = await flash((command) => `${command} > /dev/full`);
    expect(full.code).toBe(73);
    expect(downloads(full.trace)).toBe(downloads(whole.trace));
  });

  it('when its trace can grow no further', async () => {
    const run = await flash((command) => `ulimit -f 4; ${command}`);
    expect(run.text).toContain('The trace ends here');
    expect(run.text).toContain('[x] written  [x] compared');
    expect(run.code).toBe(0);
  });
});

describe('without a job', () => {
  it('a command line that cannot be understood is a line of JSON for programs', async () => {
    const run = await new Promise<{ code: number | null; text: string }>((resolve) => {
      const child = spawn(process.execPath, ['dist/cli.js', 'flash', bin, '--address', '12z', '--json']);
      let text = '';
      child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
      child.on('close', (code) => resolve({ code, text }));
    });
    expect(run.code).toBe(64);
    expect(v.parse(cliEventSchema, JSON.parse(run.text))).toMatchObject({
      event: 'error',
      exitCode: 64,
      code: 'usage',
    });
  });
});
