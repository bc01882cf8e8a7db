import { spawn, type ChildProcess } from 'node:child_process';
import type { AgentMessage, SpawnResult, SpawnWish } from '../messages.ts';
import { accounts } from './accounts.ts';

const running = new Map<number, ChildProcess>();

/** Runs a program, sends its output as it comes, resolves when it has ended and its output is through. */
export function spawnFor(
  id: number,
  wish: SpawnWish,
  send: (message: AgentMessage) => void,
): Promise<SpawnResult> {
  const [file, ...args] = commandFor(wish);
  const started = performance.now();
  // Its own process group, so that a kill reaches its children as well.
  const child = spawn(file ?? '', args, { cwd: wish.cwd, env: environmentFor(wish), detached: true });
  running.set(id, child);
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    signalGroup(child, 'SIGKILL');
  }, wish.timeoutMs);
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].on('data', (chunk: Buffer) => {
      send({ id, kind: 'output', stream, base64: chunk.toString('base64') });
    });
  }
  // A program may end without reading what it was given.
  child.stdin.on('error', () => undefined);
  child.stdin.end(Buffer.from(wish.stdinBase64, 'base64'));
  return new Promise((resolve, reject) => {
    child.on('error', (error) => {
      clearTimeout(timer);
      running.delete(id);
      reject(error);
    });
    child.on('close', (exitCode, signal) => {
      clearTimeout(timer);
      running.delete(id);
      resolve({ exitCode, signal, timedOut, durationMs: performance.now() - started });
    });
  });
}

/** Sends a signal to a program of `spawnFor` and its children; one that has ended is left alone. */
export function killSpawned(id: number, signal: NodeJS.Signals): void {
  const child = running.get(id);
  if (child !== undefined) signalGroup(child, signal);
}

/** Runs a small program of the agent's own to its end, whatever its status. */
export function runToEnd(file: string, args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    spawn(file, args, { stdio: 'ignore' })
      .on('error', reject)
      .on('close', () => resolve());
  });
}

function commandFor(wish: SpawnWish): readonly string[] {
  if (wish.user === 'root') return wish.argv;
  const { name } = accounts[wish.user];
  return ['setpriv', `--reuid=${name}`, `--regid=${name}`, '--init-groups', '--', ...wish.argv];
}

function environmentFor(wish: SpawnWish): NodeJS.ProcessEnv {
  const account = wish.user === 'root' ? { name: 'root', home: '/root' } : accounts[wish.user];
  return { ...process.env, HOME: account.home, USER: account.name, LOGNAME: account.name, ...wish.env };
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // Already gone.
  }
}
