// The real page against a real studio with virtual boards, over the loopback server.
import { spawnSync } from 'node:child_process';
import type { Browser, Page } from 'playwright-core';
import { realClock } from '../../main/base/clock.ts';
import { startServer } from '../../main/server/http.ts';
import { readPage } from '../../main/server/page-files.ts';
import { makeStudio, type StudioRig } from '../contract/studio-rig.ts';

/** Builds the page where it is older than its sources. Throws where that fails. */
export function buildPage(): void {
  const built = spawnSync('node', ['scripts/build.mjs', '--page', '--quiet'], { encoding: 'utf8' });
  if (built.status !== 0) throw new Error(`The page was not built:\n${built.stdout}${built.stderr}`);
}

/** A page on a studio of its own. */
export interface OpenPage extends AsyncDisposable {
  readonly page: Page;
  readonly rig: StudioRig;
  /** What was thrown, printed as an error or stopped by the policy so far. */
  readonly troubles: readonly string[];
  /** Ends the page's connection; it makes another by itself. */
  cutConnection(): Promise<void>;
}

/**
 * Opens the page at the smallest size we promise.
 * @param options `trusted` lets scripts of the test into the page, which the policy forbids
 */
export async function openPage(
  browser: Browser,
  options: { theme?: 'light' | 'dark'; trusted?: boolean } = {},
): Promise<OpenPage> {
  const rig = await makeStudio();
  const server = await startServer({
    studio: rig.studio,
    files: readPage('dist/renderer'),
    clock: realClock,
    log: { write: () => undefined },
  });
  const context = await browser.newContext({
    viewport: { width: 1024, height: 640 },
    bypassCSP: options.trusted ?? false,
    colorScheme: options.theme ?? 'light',
  });
  const troubles: string[] = [];
  const page = await context.newPage();
  page.on('pageerror', (error) => troubles.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') troubles.push(message.text());
  });
  await page.addInitScript(() => {
    const sockets: WebSocket[] = [];
    Object.assign(globalThis, { sockets });
    globalThis.WebSocket = class extends WebSocket {
      constructor(url: string | URL, protocols?: string | string[]) {
        super(url, protocols);
        sockets.push(this);
      }
    };
  });
  await page.goto(server.newAddress());
  await page.getByRole('navigation').waitFor();
  return {
    page,
    rig,
    troubles,
    cutConnection: () =>
      page.evaluate(() => {
        for (const socket of (globalThis as unknown as { sockets: WebSocket[] }).sockets) socket.close();
      }),
    async [Symbol.asyncDispose]() {
      await context.close();
      await server[Symbol.asyncDispose]();
      await rig[Symbol.asyncDispose]();
    },
  };
}
