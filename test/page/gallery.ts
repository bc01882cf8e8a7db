import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { pagePolicy } from '../../shared/page-policy.ts';

const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
const types: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

/** Why there is no browser here; undefined where there is one. */
export const noBrowser = existsSync(executablePath) ? undefined : `no Chromium at ${executablePath}`;

/** Builds the gallery where it is older than its sources. Throws where that fails. */
export function buildGallery(): void {
  const built = spawnSync('node', ['scripts/build.mjs', '--gallery', '--quiet'], { encoding: 'utf8' });
  if (built.status !== 0) throw new Error(`The gallery was not built:\n${built.stdout}${built.stderr}`);
}

/** Starts the browser; as root in a container it cannot have its sandbox. */
export async function startBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath, chromiumSandbox: false });
}

/** The gallery in a page of its own. */
export interface OpenGallery extends AsyncDisposable {
  readonly page: Page;
  /** What was thrown, printed as an error or stopped by the policy so far. */
  readonly troubles: readonly string[];
}

/**
 * Opens the gallery under the page's policy at the smallest size we promise.
 * @param options `trusted` lets scripts of the test into the page, which the policy forbids
 */
export async function openGallery(
  browser: Browser,
  options: { theme?: 'light' | 'dark'; trusted?: boolean; reducedMotion?: boolean } = {},
): Promise<OpenGallery> {
  const context = await browser.newContext({
    viewport: { width: 1024, height: 640 },
    bypassCSP: options.trusted ?? false,
    reducedMotion: options.reducedMotion === true ? 'reduce' : 'no-preference',
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  const troubles: string[] = [];
  const page = await context.newPage();
  page.on('pageerror', (error) => troubles.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') troubles.push(message.text());
  });
  // A secure origin, as both shells have, or there is no clipboard.
  await context.route('https://gallery.test/**', (route) => {
    const name = new URL(route.request().url()).pathname;
    return route.fulfill({
      body: readFileSync(path.join('dist/gallery', path.normalize(name))),
      contentType: types[path.extname(name)] ?? 'application/octet-stream',
      headers: { 'content-security-policy': pagePolicy },
    });
  });
  await page.goto(`https://gallery.test/gallery.html?theme=${options.theme ?? 'light'}`);
  await page.locator('main').waitFor();
  return { page, troubles, [Symbol.asyncDispose]: () => context.close() };
}
