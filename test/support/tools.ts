// Other people's programs as oracles: objcopy, ld, dfu-suffix. Where one is missing, its tests say so and are skipped.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestContext } from 'vitest';

/** Skips the test, with the reason, when a program is not installed. */
export function needsTool(context: TestContext, tool: string): void {
  if (spawnSync(tool, ['--version']).error === undefined) return;
  console.warn(`skipped: ${tool} is not installed`);
  context.skip();
}

/** A folder that is gone when the scope ends. */
export function workFolder(): Disposable & {
  write(name: string, bytes: Uint8Array | string): string;
  read(name: string): Uint8Array;
  at(name: string): string;
} {
  const folder = mkdtempSync(path.join(tmpdir(), 'rekindle-tools-'));
  return {
    at: (name) => path.join(folder, name),
    write(name, bytes) {
      const file = path.join(folder, name);
      writeFileSync(file, bytes);
      return file;
    },
    read: (name) => new Uint8Array(readFileSync(path.join(folder, name))),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Runs a program to its good end. */
export function runTool(tool: string, ...args: readonly string[]): string {
  const run = spawnSync(tool, args, { encoding: 'utf8' });
  if (run.status !== 0) throw new Error(`${tool} ${args.join(' ')}: ${run.stderr}`);
  return run.stdout;
}
