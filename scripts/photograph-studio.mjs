// Photographs the studio for the README, from the real page on a virtual NanoVNA, into assets/screenshots.
/* global document, NodeFilter -- what is evaluated runs in the page */
import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { startBrowser } from '../test/page/gallery.ts';
import { dfuFile } from '../test/e2e/firmware-files.ts';
import { profiles } from './profiles.mjs';

// What a bundle has built in.
globalThis.REKINDLE_PROFILES = JSON.parse(profiles());
globalThis.REKINDLE_UDEV_RULE = readFileSync('assets/udev/70-rekindle.rules', 'utf8');
const { buildPage, card, chooseFirmware, mainButton, openApp } = await import('../test/e2e/app.ts');

const out = 'assets/screenshots';
const mostBytes = 150 * 1024;
const size = { width: 1100, height: 760 };

async function shoot(page, name) {
  // The pointer's own marks are no part of the picture.
  await page.mouse.move(0, size.height - 1);
  await page.evaluate(() => document.activeElement?.blur());
  // A reader's backups lie at home, not in this run's temporary folder.
  await page.evaluate(() => {
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode() !== null) {
      const { data } = texts.currentNode;
      if (data.includes('rekindle-studio-'))
        texts.currentNode.data = data.replace(/\S*rekindle-studio-[^/]*/, '~/.local/share/rekindle');
    }
  });
  const file = `${out}/${name}.png`;
  await page.screenshot({ path: file });
  const { size: bytes } = statSync(file);
  if (bytes > mostBytes) throw new Error(`${file} has ${bytes} bytes, more than ${mostBytes}`);
  console.log(`${file} (${Math.round(bytes / 1024)} KB)`);
}

/** From the list to three ticks. */
async function story(browser, theme, names) {
  await using app = await openApp(browser, { timeScale: 1.5 });
  await using opened = await app.open({ theme, size });
  const { page } = opened;
  await page.getByRole('button', { name: 'Good', exact: true }).click();
  const board = app.plug('nanovna-h');
  await card(page, board.portPath).waitFor();
  app.plug('stm32f405');
  await page.getByText('STM32F405').first().waitFor();
  if (names.boards !== undefined) await shoot(page, names.boards);
  await chooseFirmware(page, board.portPath, dfuFile());
  await mainButton(page).waitFor();
  if (names.plan !== undefined) await shoot(page, names.plan);
  await mainButton(page).click();
  const bar = page.getByRole('progressbar', { name: 'Writing' });
  await bar.waitFor();
  while (Number(await bar.getAttribute('aria-valuenow')) < 40) await page.evaluate(() => undefined);
  if (names.running !== undefined) await shoot(page, names.running);
  await page.locator('[data-tick=returned].yes').waitFor({ timeout: 60_000 });
  if (names.done !== undefined) await shoot(page, names.done);
}

buildPage();
mkdirSync(out, { recursive: true });
await using browser = await startBrowser();
await story(browser, 'light', { boards: 'boards', plan: 'plan', running: 'running', done: 'done' });
await story(browser, 'dark', { running: 'running-dark' });
