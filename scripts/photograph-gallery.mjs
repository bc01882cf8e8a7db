// Photographs the gallery in both themes into dist/gallery-photos, under the page's own Content-Security-Policy.
// Ends with 1 where the policy was broken, something was thrown, or axe finds something serious.
import { AxeBuilder } from '@axe-core/playwright';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { chromium } from 'playwright-core';

const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'";
const types = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' };
const out = 'dist/gallery-photos';
const sheets = ['boards', 'maps', 'jobs', 'controls', 'overlays'];
const overlays = ['Dialog', 'Confirm', 'Type the name', 'Toast'];

if (spawnSync('node', ['scripts/build.mjs', '--gallery'], { stdio: 'inherit' }).status !== 0) process.exit(1);
mkdirSync(out, { recursive: true });
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  chromiumSandbox: false,
});
const troubles = [];
for (const theme of ['light', 'dark']) {
  // axe has to be put into the page, which only a page outside of the policy takes: looked at apart.
  for (const bypassCSP of [false, true]) {
    const context = await browser.newContext({ viewport: { width: 1024, height: 640 }, bypassCSP });
    await context.route('http://gallery.test/**', (route) => {
      const name = new URL(route.request().url()).pathname;
      return route.fulfill({
        body: readFileSync(path.join('dist/gallery', name)),
        contentType: types[path.extname(name)] ?? 'application/octet-stream',
        headers: { 'content-security-policy': policy },
      });
    });
    const page = await context.newPage();
    page.on('pageerror', (error) => troubles.push(`${theme}: ${error.message}`));
    page.on('console', (message) => {
      if (message.type() === 'error') troubles.push(`${theme}: ${message.text()}`);
    });
    await page.goto(`http://gallery.test/gallery.html?theme=${theme}`);
    await page.locator('main').waitFor();
    if (bypassCSP) {
      const { violations } = await new AxeBuilder({ page }).analyze();
      for (const { id, impact, nodes } of violations)
        troubles.push(`${theme}: axe ${impact} ${id}: ${nodes.map((node) => node.html).join('\n    ')}`);
    } else {
      for (const sheet of sheets)
        await page.locator(`[data-sheet=${sheet}]`).screenshot({ path: `${out}/${sheet}-${theme}.png` });
      for (const [at, name] of overlays.entries()) {
        await page.getByRole('button', { name, exact: true }).click();
        await page.waitForTimeout(500);
        await page.screenshot({ path: `${out}/overlay-${at}-${theme}.png` });
        await page.keyboard.press('Escape');
      }
    }
    await context.close();
  }
}
await browser.close();
for (const trouble of troubles) console.error(trouble);
console.log(`Photographs in ${out}; ${troubles.length} troubles.`);
process.exit(troubles.length > 0 ? 1 : 0);
