import type { AgentLink } from './agent-link.ts';
import type { GuestUser, SpawnResult } from './messages.ts';

/** How a program is run in the guest. */
export interface RunOptions {
  /** Added to the agent's environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** `/tmp` when not given. */
  readonly cwd?: string;
  readonly user?: GuestUser;
  readonly stdin?: Uint8Array | string;
  /** After this it is killed with its children, ms; 60 s when not given. */
  readonly timeoutMs?: number;
}

/** How a program ended and what it printed (as UTF-8; `stdoutBytes` as it came). */
export interface RunResult extends SpawnResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly stdoutBytes: Uint8Array;
}

/** A program that runs in the guest. */
export interface GuestProgram {
  /** What it has printed so far. */
  stdout(): string;
  stderr(): string;
  /** To the program and its children. */
  kill(signal?: 'SIGTERM' | 'SIGINT' | 'SIGKILL'): Promise<void>;
  /**
   * Waits until standard output and error, put together, match.
   * @throws Error with both when it ends first or the time is over
   */
  waitForOutput(pattern: RegExp, limitMs: number): Promise<void>;
  readonly ended: Promise<RunResult>;
}

/** Starts a program through the agent. */
export function startProgram(
  link: AgentLink,
  argv: readonly string[],
  options: RunOptions = {},
): GuestProgram {
  const printed = { stdout: [] as Uint8Array[], stderr: [] as Uint8Array[] };
  const watchers = new Set<() => void>();
  const wish = {
    argv,
    env: options.env ?? {},
    cwd: options.cwd ?? '/tmp',
    user: options.user ?? 'root',
    stdinBase64: Buffer.from(options.stdin ?? '').toString('base64'),
    timeoutMs: options.timeoutMs ?? 60_000,
  } as const;
  const { id, answer } = link.ask('spawn', wish, (stream, bytes) => {
    printed[stream].push(bytes);
    for (const watcher of [...watchers]) watcher();
  });
  const text = (stream: 'stdout' | 'stderr'): string => Buffer.concat(printed[stream]).toString('utf8');
  const ended = answer.then((result) => ({
    ...result,
    stdout: text('stdout'),
    stderr: text('stderr'),
    stdoutBytes: new Uint8Array(Buffer.concat(printed.stdout)),
  }));
  // Who never asks for the end must not bring the test run down when the guest is closed.
  ended.catch(() => undefined);
  return {
    stdout: () => text('stdout'),
    stderr: () => text('stderr'),
    ended,
    async kill(signal = 'SIGTERM') {
      await link.ask('kill', { spawnId: id, signal }).answer;
    },
    waitForOutput(pattern, limitMs) {
      return new Promise((resolve, reject) => {
        const all = (): string => `${text('stdout')}${text('stderr')}`;
        const fail = (why: string): void => {
          stop();
          reject(new Error(`${why} before ${String(pattern)} was printed:\n${all()}`));
        };
        const look = (): void => {
          if (!pattern.test(all())) return;
          stop();
          resolve();
        };
        const timer = setTimeout(() => fail(`${limitMs} ms went by`), limitMs);
        const stop = (): void => {
          clearTimeout(timer);
          watchers.delete(look);
        };
        watchers.add(look);
        ended.then(
          () => {
            look();
            fail('the program ended');
          },
          (error: unknown) => fail(String(error)),
        );
        look();
      });
    },
  };
}
