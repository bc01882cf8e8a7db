// One child process with a deadline, a signal and a bound on what it may say.
import { spawn } from 'node:child_process';
import type { Clock } from '../base/clock.ts';
import { remaining, type Wait } from '../base/wait.ts';
import { limits } from '../../shared/limits.ts';

/** How a process ended, or why we stopped waiting for it. */
export type BoundedRun =
  | {
      readonly kind: 'ended';
      /** Undefined when a signal ended it. */
      readonly exitCode: number | undefined;
      readonly stdout: string;
      readonly stderr: string;
    }
  | { readonly kind: 'timed-out' | 'stopped' }
  | { readonly kind: 'cannot-start'; readonly reason: string };

/** After we asked it to end: one that runs as root by then cannot be ended by us, and is left to its own limits. */
const graceMs = 2_000;

/** Runs a program with no input and exactly this environment. Never rejects. */
export function runBounded(
  command: readonly [file: string, ...args: string[]],
  env: Readonly<Record<string, string>>,
  clock: Clock,
  wait: Wait,
): Promise<BoundedRun> {
  const [file, ...args] = command;
  return new Promise((resolve) => {
    if (wait.signal.aborted) {
      resolve({ kind: 'stopped' });
      return;
    }
    const child = spawn(file, args, { cwd: '/', env, stdio: ['ignore', 'pipe', 'pipe'] });
    const said = { stdout: '', stderr: '' };
    for (const stream of ['stdout', 'stderr'] as const) {
      child[stream].setEncoding('utf8').on('data', (chunk: string) => {
        said[stream] = (said[stream] + chunk).slice(0, limits.childOutputChars);
      });
    }
    let cancelGrace: (() => void) | undefined;
    const finish = (run: BoundedRun): void => {
      cancelDeadline();
      cancelGrace?.();
      wait.signal.removeEventListener('abort', onAbort);
      resolve(run);
    };
    const giveUp = (kind: 'timed-out' | 'stopped'): void => {
      child.kill('SIGTERM');
      cancelGrace ??= clock.after(graceMs, () => {
        child.kill('SIGKILL');
        child.stdout.destroy();
        child.stderr.destroy();
        child.unref();
        finish({ kind });
      });
      child.once('close', () => finish({ kind }));
    };
    const onAbort = (): void => giveUp('stopped');
    const cancelDeadline = clock.after(remaining(wait, clock), () => giveUp('timed-out'));
    wait.signal.addEventListener('abort', onAbort, { once: true });
    child.once('error', (error: NodeJS.ErrnoException) => {
      if (child.pid === undefined) finish({ kind: 'cannot-start', reason: error.code ?? error.message });
    });
    child.once('close', (exitCode) => {
      if (cancelGrace === undefined) finish({ kind: 'ended', exitCode: exitCode ?? undefined, ...said });
    });
  });
}
