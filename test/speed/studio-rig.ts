// The built server with a page in Chromium, and a second connection of the same session to drive it from here.
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser, CDPSession, Page } from 'playwright-core';
import { WebSocket } from 'ws';
import { connect, type StudioClient } from '../../renderer/client/connect.ts';
import type { CoreFigures } from './core-probe.ts';

/** A server that was started. */
export interface StudioServer extends AsyncDisposable {
  readonly address: string;
  /** Begins its figures anew. */
  reset(): void;
  figures(): Promise<CoreFigures>;
}

const startLimitMs = 20_000;

/** Starts `dist/server.js` on virtual boards of data-sheet timing, and waits for the address it prints. */
export async function startServer(options: { probed: boolean }): Promise<StudioServer> {
  const folder = mkdtempSync(path.join(tmpdir(), 'rekindle-speed-'));
  const probe = path.join(import.meta.dirname, 'core-probe.ts');
  const child = fork('dist/server.js', ['--no-window', '--only-virtual'], {
    env: { ...process.env, REKINDLE_DATA: folder },
    execArgv: options.probed ? ['--expose-gc', '--import', probe] : [],
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  return {
    address: await printedAddress(child),
    reset: () => void child.send('reset'),
    async figures() {
      child.send('figures');
      const [answer] = (await once(child, 'message')) as [CoreFigures];
      return answer;
    },
    async [Symbol.asyncDispose]() {
      child.kill();
      if (child.exitCode === null) await once(child, 'exit');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function printedAddress(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let printed = '';
    const timer = setTimeout(
      () => reject(new Error(`the server printed no address: ${printed}`)),
      startLimitMs,
    );
    child.stdout?.on('data', (chunk: Buffer) => {
      printed += chunk.toString();
      const address = /^http:\S+#code=\S+$/m.exec(printed)?.[0];
      if (address === undefined) return;
      clearTimeout(timer);
      resolve(address);
    });
    child.once('exit', () => reject(new Error(`the server ended: ${printed}`)));
  });
}

/** A page that shows a server's boards. */
export interface StudioPage extends AsyncDisposable {
  readonly page: Page;
  readonly session: CDPSession;
  /** Another connection with the page's own token. */
  readonly client: StudioClient;
}

/** Opens the address; resolves once the boards page can be used. */
export async function openPage(browser: Browser, address: string): Promise<StudioPage> {
  const page = await browser.newPage({ viewport: { width: 1200, height: 800 } });
  await page.goto(address);
  await usable(page);
  const token = String(await page.evaluate('sessionStorage.getItem("rekindle-token")'));
  const socket = await openSocket(new URL(address).origin, token);
  return {
    page,
    session: await page.context().newCDPSession(page),
    client: clientOver(socket),
    async [Symbol.asyncDispose]() {
      socket.close();
      await page.close();
    },
  };
}

/** The ports were looked at, and the first button can be pressed. */
export async function usable(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Plug in' }).click({ trial: true });
}

async function openSocket(origin: string, token: string): Promise<WebSocket> {
  const protocols = ['rekindle', `rekindle.token.${token}`];
  const socket = new WebSocket(`${origin.replace('http:', 'ws:')}/socket`, protocols, { origin });
  await once(socket, 'open');
  return socket;
}

function clientOver(socket: WebSocket): StudioClient {
  return connect({
    post: (frame) => socket.send(frame),
    onFrame: (listener) =>
      void socket.on('message', (data: Buffer, isBinary: boolean) =>
        listener(isBinary ? new Uint8Array(data) : data.toString('utf8')),
      ),
    onClose: (listener) => void socket.once('close', listener),
    close: () => socket.close(),
  });
}
