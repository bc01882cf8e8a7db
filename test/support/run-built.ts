// The built command line as a child process. Not spawnSync: servers of the test answer from this process.
import { spawn, type ChildProcess } from 'node:child_process';
import * as v from 'valibot';
import { cliEventSchema } from '../../shared/cli-events.ts';

export interface BuiltRun {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** With `--json`: every line, held against its schema. */
  readonly lines: readonly Record<string, unknown>[];
}

/** @param whileRunning called with all that was written to standard output so far */
export async function runBuilt(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  whileRunning?: (child: ChildProcess, stdout: string) => void,
): Promise<BuiltRun> {
  const child = spawn(process.execPath, ['dist/cli.js', ...args], { env: { ...process.env, ...env } });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (part: Buffer) => {
    stdout += part.toString();
    whileRunning?.(child, stdout);
  });
  child.stderr.on('data', (part: Buffer) => (stderr += part.toString()));
  const status = await new Promise<number | null>((resolve) => child.once('close', resolve));
  const lines = args.includes('--json')
    ? stdout
        .trim()
        .split('\n')
        .map((line) => v.parse(cliEventSchema, JSON.parse(line)) as Record<string, unknown>)
    : [];
  return { status, stdout, stderr, lines };
}
