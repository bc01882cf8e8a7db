// The other end of a real terminal line, so that the serial library meets the system and not a stand-in.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { TestContext } from 'vitest';
import { needsTool } from './tools.ts';

export interface PseudoTerminal extends AsyncDisposable {
  readonly path: string;
  /** Does one thing and waits until it is done; `speed` answers with the line's speed as termios has it. */
  tell(order: 'exclusive' | 'lock' | 'vanish' | 'speed' | `send ${string}`): Promise<string>;
  /** All that has arrived so far, as text. */
  readonly received: string;
  /** Waits until what has arrived contains something. */
  until(text: string): Promise<void>;
}

/** Opens one; skips the test, with the reason, where there is none to be had. */
export async function openPseudoTerminal(context: TestContext): Promise<PseudoTerminal> {
  if (process.platform === 'win32') {
    console.warn('skipped: Windows has no pseudo-terminals of this kind');
    context.skip();
  }
  needsTool(context, 'python3');
  const child = spawn('python3', ['test/support/pseudo-terminal.py'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const answers: string[] = [];
  const waiting: (() => void)[] = [];
  let received = '';
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (line.startsWith('got ')) received += Buffer.from(line.slice(4), 'hex').toString('latin1');
    else answers.push(line);
    for (const wake of waiting.splice(0)) wake();
  });
  const when = async (happened: () => boolean): Promise<void> => {
    while (!happened()) await new Promise<void>((resolve) => waiting.push(resolve));
  };
  await when(() => answers.length > 0);
  const path = answers.shift() ?? '';
  return {
    path,
    async tell(order) {
      child.stdin.write(`${order}\n`);
      await when(() => answers.length > 0);
      return answers.shift() ?? '';
    },
    get received() {
      return received;
    },
    until: (text) => when(() => received.includes(text)),
    async [Symbol.asyncDispose]() {
      const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
      child.stdin.end();
      await ended;
    },
  };
}
