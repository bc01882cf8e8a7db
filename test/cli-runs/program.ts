// The built command line as people and programs run it: a child process, virtual boards, exit codes and output.
import { spawn } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as v from 'valibot';
import { writeDfuse } from '../../main/images/formats/dfuse-write.ts';
import { cliEventSchema } from '../../shared/cli-events.ts';
import { program } from '../support/rig.ts';

export interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export const folder = mkdtempSync(path.join(tmpdir(), 'rekindle-cli-'));
export const data = path.join(folder, 'data');
export const bench = ['--bench', 'nanovna-h', '--time-scale', '0'];

export function rekindle(
  args: readonly string[],
  input?: Uint8Array,
  whileRunning?: (child: ReturnType<typeof spawn>, text: string) => void,
): Promise<Run> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['dist/cli.js', ...args], {
      env: { ...process.env, REKINDLE_DATA: data },
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString();
      whileRunning?.(child, stdout);
    });
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

export function file(name: string, bytes: Uint8Array | string): string {
  const full = path.join(folder, name);
  writeFileSync(full, bytes);
  return full;
}

export const bytes = program(20_000);
export const bin = file('firmware.bin', bytes);
export const container = writeDfuse({
  ids: { vendorId: 0x0483, productId: 0xdf11, bcdDevice: 0xffff },
  targets: [{ alternate: 0, elements: [{ address: 0x08000000, bytes }] }],
});
export const dfu = file('firmware.dfu', container);
export const address = ['--address', '0x08000000'];

export function events(run: Run): { event: string; [field: string]: unknown }[] {
  return run.stdout
    .trim()
    .split('\n')
    .map((line) => {
      const parsed: unknown = JSON.parse(line);
      v.parse(cliEventSchema, parsed);
      return parsed as { event: string };
    });
}
