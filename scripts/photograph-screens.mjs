// Photographs every screen, wide and narrow, in both themes, into dist/screens, to be looked at by people.
import { mkdirSync, readFileSync } from 'node:fs';
import { nanovnaProgram } from '../main/bench/boards/nanovna-program.ts';
import { startBrowser } from '../test/page/gallery.ts';
import { dfuFile } from '../test/e2e/firmware-files.ts';
import { profiles } from './profiles.mjs';

// What a bundle has built in.
globalThis.REKINDLE_PROFILES = JSON.parse(profiles());
globalThis.REKINDLE_UDEV_RULE = readFileSync('assets/udev/70-rekindle.rules', 'utf8');
globalThis.REKINDLE_VERSION = 'test';
globalThis.REKINDLE_LIBRARIES = 'usb test, libusb test';
const { buildPage, card, chooseFirmware, mainButton, openApp } = await import('../test/e2e/app.ts');
const { standInSources } = await import('../test/contract/stand-in-sources.ts');
const { leaveKilledBatch, leaveKilledFlash } = await import('../test/support/past-jobs.ts');

const out = 'dist/screens';
const widths = [1280, 420];

/** The page scrolls within itself: a window as high as all of it shows all of it. */
async function shoot(page, name) {
  for (const width of widths) {
    await page.setViewportSize({ width, height: 800 });
    await page.evaluate(() => globalThis.document.activeElement?.blur());
    const height = await page.evaluate(() => {
      const main = globalThis.document.querySelector('main');
      return (main?.scrollHeight ?? 0) + (main?.getBoundingClientRect().top ?? 0);
    });
    await page.setViewportSize({ width, height: Math.min(3_000, Math.max(640, Math.ceil(height))) });
    await page.mouse.move(0, 0);
    const wider = await page.evaluate(() => {
      const all = [globalThis.document.documentElement, globalThis.document.querySelector('main')];
      return all.some((one) => one !== null && one.scrollWidth > one.clientWidth);
    });
    if (wider) console.log(`${name} at ${width}: wider than its window`);
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme });
      await page.waitForTimeout(300);
      await page.screenshot({ path: `${out}/${name}-${width}-${colorScheme}.png` });
    }
  }
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize({ width: 1280, height: 800 });
}

async function go(page, hash) {
  await page.evaluate((to) => (globalThis.location.hash = to), hash);
  await page.waitForTimeout(300);
}

async function pick(page, name = 'Choose firmware', file = dfuFile()) {
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name }).click();
  await (await chooser).setFiles(file);
}

/** @type {Record<string, (browser: import('playwright-core').Browser) => Promise<void>>} */
const stories = {
  async empty(browser) {
    await using app = await openApp(browser);
    await using opened = await app.open();
    const { page } = opened;
    await page.getByRole('heading', { name: 'Plug in a board, or choose it' }).waitFor();
    await shoot(page, 'empty-boards');
    await go(page, '#/choose');
    await shoot(page, 'empty-choose');
    for (const view of ['backups', 'history', 'lanes', 'several', 'settings', 'logs', 'file']) {
      await go(page, `#/${view}`);
      await shoot(page, `empty-${view}`);
    }
  },

  async updates(browser) {
    const sources = standInSources();
    const program = (version) =>
      nanovnaProgram({ family: 'dislord', model: 'NanoVNA-H', version }, 90_000, 5);
    await using app = await openApp(browser, { sources });
    await using opened = await app.open();
    const { page } = opened;
    const board = app.plug('nanovna-h', { startIn: 'app', firmwareVersion: '1.2.3' });
    const plain = app.plug('nanovna-h4', { startIn: 'app', firmwareVersion: '1.2.3' });
    app.plug('stm32f405');
    app.plug('runtime-dfu');
    app.plug('pytrack');
    await card(page, 'virtual-5').waitFor();
    await page.getByRole('button', { name: 'Good', exact: true }).click();
    await shoot(page, 'updates-boards');
    const mine = card(page, board.portPath).locator('..');
    sources.offers = [
      sources.offer('1.3.0', program('1.3.0')),
      sources.offer('1.2.3', program('1.2.3')),
      sources.offer('1.1.0', program('1.1.0'), { channel: 'beta' }),
    ];
    await mine.getByRole('button', { name: 'Look for updates' }).click();
    await mine.getByText('1.3.0 is available').waitFor();
    sources.offers = [];
    const other = card(page, plain.portPath).locator('..');
    await other.getByRole('button', { name: 'Look for updates' }).click();
    await other.getByText('found').first().waitFor();
    await shoot(page, 'updates-card');
    await mine.getByRole('button', { name: 'More of its firmware' }).click();
    await shoot(page, 'updates-more');
    await mine.getByRole('button', { name: 'Update to 1.3.0' }).click();
    await page.getByRole('heading', { name: 'What will happen' }).waitFor();
    await shoot(page, 'updates-page');
  },

  async board(browser) {
    await using app = await openApp(browser, { timeScale: 0 });
    await using opened = await app.open();
    const { page } = opened;
    const board = app.plug('nanovna-h', { timeScale: 4 });
    app.plug('runtime-dfu');
    await card(page, board.portPath).click();
    await page.getByRole('button', { name: 'Choose firmware' }).waitFor();
    await shoot(page, 'board');
    await page.getByRole('button', { name: 'About this board' }).click();
    await shoot(page, 'board-facts');
    await go(page, '#/boards');
    await chooseFirmware(page, board.portPath, dfuFile());
    await mainButton(page).waitFor();
    await page.getByRole('button', { name: 'Options' }).click();
    await shoot(page, 'board-plan');
    await mainButton(page).click();
    await page.getByRole('progressbar', { name: 'Writing' }).waitFor({ timeout: 60_000 });
    await shoot(page, 'job-running');
    await page.getByRole('button', { name: 'Stop', exact: true }).click();
    await shoot(page, 'job-stop');
    await page.getByRole('button', { name: 'Stop it' }).click();
    await page.getByRole('heading', { name: 'Stopped, as you asked' }).waitFor();
    await shoot(page, 'job-stopped');
    await go(page, '#/boards');
    await shoot(page, 'boards-open');
    const quick = app.plug('nanovna-h');
    await card(page, quick.portPath).waitFor();
    await chooseFirmware(page, quick.portPath, dfuFile());
    await mainButton(page).click();
    await page.locator('[data-tick=returned].yes').waitFor();
    await shoot(page, 'job-done');
    await go(page, '#/boards');
    await shoot(page, 'boards-ended');
    await go(page, '#/backups');
    await shoot(page, 'backups');
    await page.getByRole('button', { name: 'Details' }).first().click();
    await page.getByRole('dialog').waitFor();
    await page.waitForTimeout(300);
    await shoot(page, 'backups-details');
    await page.keyboard.press('Escape');
    await go(page, '#/history');
    await shoot(page, 'history');
    await page.getByRole('link', { name: 'Flash of nanovna.dfu' }).first().click();
    await page.getByRole('list', { name: 'Steps' }).waitFor();
    await shoot(page, 'history-job');
    await page.locator('dl').getByRole('link').first().click();
    await page.getByRole('heading', { name: 'Backups of it' }).waitFor();
    await shoot(page, 'history-unit');
    await go(page, '#/logs');
    await shoot(page, 'logs');
    await go(page, '#/file');
    await pick(page, 'Choose a firmware file');
    await page.getByRole('grid').waitFor();
    await shoot(page, 'file');
  },

  async lanes(browser) {
    await using app = await openApp(browser, { timeScale: 0 });
    const broken = { kind: 'status', at: 'block', index: 3, code: 3 };
    for (let at = 0; at < 10; at++)
      app.plug('nanovna-h', { timeScale: at < 3 ? 0 : 6, faults: at === 1 ? [broken] : [] });
    await using opened = await app.open();
    const { page } = opened;
    await card(page, 'virtual-10').waitFor();
    await shoot(page, 'lanes-boards');
    await go(page, '#/several');
    await pick(page);
    await page.getByRole('heading', { name: 'Boards that are plugged in' }).waitFor();
    await page.waitForTimeout(1_500);
    await shoot(page, 'lanes-several');
    await page.getByRole('button', { name: /install nanovna\.dfu on th/i }).click();
    await page.getByText('Installed: written').first().waitFor({ timeout: 60_000 });
    await page.locator('[data-lane="virtual-4"]').getByText('Writing').waitFor({ timeout: 60_000 });
    await page.getByRole('button', { name: 'Pause, port virtual-5' }).click();
    await shoot(page, 'lanes');
    await go(page, '#/boards');
    await shoot(page, 'lanes-boards-busy');
  },

  async coach(browser) {
    await using app = await openApp(browser, { timeScale: 0.1 });
    await using opened = await app.open();
    const { page } = opened;
    for (const id of ['pycom-pytrack', 'nanovna-h', 'stm32-rom', 'odrive-v3']) {
      await go(page, `#/ready/${id}`);
      await page.getByRole('heading', { level: 1 }).waitFor();
      await shoot(page, `ready-${id}`);
    }
    await go(page, '#/practise/pycom-pytrack');
    await page.locator('[data-due]').waitFor();
    await shoot(page, 'practise');
    await go(page, '#/ready/nanovna-h');
    await pick(page);
    await page.getByRole('button', { name: /^Get ready, then/ }).waitFor();
    await shoot(page, 'ready-plan');
    await page.getByRole('button', { name: /^Get ready, then/ }).click();
    const dialog = page.getByRole('dialog');
    await page.locator('[data-due]').or(dialog).first().waitFor();
    if (await dialog.isVisible()) await dialog.getByRole('button', { name: /Install/ }).click();
    await page.locator('[data-due]').waitFor();
    await shoot(page, 'coach');
  },

  async left(browser) {
    await using app = await openApp(browser);
    const { name, buffer } = dfuFile();
    await leaveKilledBatch(app.rig.host.paths, { name, bytes: new Uint8Array(buffer) });
    app.plug('nanovna-h');
    await using opened = await app.open();
    const { page } = opened;
    await page.getByRole('button', { name: 'Each board' }).click();
    await shoot(page, 'left-batch');
  },

  async killed(browser) {
    await using app = await openApp(browser);
    await leaveKilledFlash(app.rig.host.paths);
    app.plug('nanovna-h');
    await using opened = await app.open();
    const { page } = opened;
    await page.locator('[data-open-job]').first().waitFor();
    await shoot(page, 'left-boards');
    await page.locator('[data-open-job]').first().getByRole('link', { name: 'What is known' }).click();
    await page.locator('figure').first().waitFor();
    await shoot(page, 'left-job');
    await go(page, '#/history');
    await shoot(page, 'left-history');
  },
};

buildPage();
mkdirSync(out, { recursive: true });
await using browser = await startBrowser();
const wanted = process.argv.slice(2);
for (const [name, story] of Object.entries(stories)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  try {
    await story(browser);
  } catch (error) {
    console.error(`${name}: ${error.message}`);
    process.exitCode = 1;
  }
}
console.log(`Photographs in ${out}.`);
