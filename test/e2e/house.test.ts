// What surrounds a flash: keyboard, screen readers, settings, logs, connections.
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import type { Channel, Studio } from '../../main/studio.ts';
import { makeStudio } from '../contract/studio-rig.ts';
import { haltedBus } from '../support/halted-bus.ts';
import { describeInBrowser } from '../page/in-browser.ts';
import {
  backUp,
  buildPage,
  card,
  chooseFirmware,
  mainButton,
  openApp,
  openPage,
  serve,
  ticks,
} from './app.ts';
import { dfuFile, newProgram, pickedFile } from './firmware-files.ts';
import { axeFinds, copy } from '../page/looks.ts';

/** Goes on with Tab until what has the focus is called so. */
async function tabTo(page: Page, name: RegExp): Promise<void> {
  for (let presses = 0; presses < 40; presses++) {
    await page.keyboard.press('Tab');
    const focused = await page.evaluate(() => {
      const element = document.activeElement;
      return element?.getAttribute('aria-label') ?? element?.textContent.trim() ?? '';
    });
    if (name.test(focused)) return;
  }
  throw new Error(`Tab never came to ${name.source}`);
}

describeInBrowser('the house, end to end', buildPage, (shared) => {
  it('is led from the first key to three ticks without a pointer', async () => {
    await using app = await openApp(shared.browser);
    const board = app.plug('nanovna-h');
    await using opened = await app.open();
    const { page } = opened;
    await card(page, board.portPath).waitFor();
    // Listened for well before: the browser takes a moment to hand its file dialogue over.
    const chooser = page.waitForEvent('filechooser');
    await tabTo(page, /^STM32F072/);
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Choose firmware' }).waitFor();
    await tabTo(page, /^Choose firmware/);
    await page.keyboard.press('Enter');
    await (await chooser).setFiles(dfuFile());
    await mainButton(page).waitFor();
    await tabTo(page, /^Back up, then install/);
    await page.keyboard.press('Enter');
    expect(await ticks(page)).toEqual(['yes', 'yes', 'yes']);
    expect(board.flash.subarray(0, newProgram.length)).toEqual(newProgram);
    await tabTo(page, /^Next board/);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Boards', level: 1 }).waitFor();
  });

  it.each(['light', 'dark'] as const)(
    'has no screen in which axe finds anything serious, %s',
    async (theme) => {
      await using app = await openApp(shared.browser);
      await using opened = await app.open({ theme, trusted: true });
      const { page } = opened;
      const found: Record<string, string[]> = {};
      const look = async (screen: string): Promise<void> => {
        const violations = await axeFinds(page, ['serious', 'critical']);
        if (violations.length > 0) found[screen] = violations;
      };
      await page.getByRole('heading', { name: 'Plug in a board, or choose it' }).waitFor();
      await look('no board');
      const board = app.plug('nanovna-h');
      await card(page, board.portPath).waitFor();
      await look('boards');
      await chooseFirmware(page, board.portPath, pickedFile('raw.bin', newProgram.slice(0, 40_000)));
      await page.getByRole('heading', { name: 'Where does raw.bin go?' }).waitFor();
      await look('address question');
      await page.getByRole('button', { name: 'Put it at 0x08000000' }).click();
      await mainButton(page).waitFor();
      await page.getByRole('button', { name: 'Options' }).click();
      await look('plan');
      app.halt(() => board.statistics.blocks >= 5);
      await mainButton(page).click();
      await page.getByRole('progressbar', { name: 'Writing' }).waitFor();
      await look('running job');
      await expect.poll(() => board.statistics.blocks).toBe(5);
      await page.getByRole('button', { name: 'Stop', exact: true }).click();
      await page.getByRole('dialog').waitFor();
      await look('stop dialog');
      await page.getByRole('button', { name: 'Stop it' }).click();
      await page.getByRole('status').filter({ hasText: 'Stopping' }).waitFor();
      app.goOn();
      await page.getByRole('heading', { name: 'Stopped, as you asked' }).waitFor();
      await look('stopped job');
      await page.getByRole('link', { name: 'Backups' }).click();
      await page.getByRole('list', { name: 'Backups, newest first' }).waitFor();
      await look('backups');
      await page.getByRole('link', { name: 'Logs' }).click();
      await page.getByRole('log', { name: 'Logs' }).getByText('a page came').first().waitFor();
      await look('logs');
      await page.getByRole('link', { name: 'Settings' }).click();
      await page.getByRole('heading', { name: 'Access to boards' }).waitFor();
      await look('settings');
      expect(found).toEqual({});
    },
  );

  it('keeps settings, and tells the other page', async () => {
    await using app = await openApp(shared.browser);
    await using first = await app.open();
    await using second = await app.open();
    const themeOf = (page: Page) => page.evaluate(() => document.documentElement.dataset['theme']);
    await first.page.getByRole('link', { name: 'Settings' }).click();
    await first.page.getByRole('radio', { name: 'Dark' }).click();
    await first.page.getByRole('radio', { name: 'Only when I say so' }).click();
    await expect.poll(() => themeOf(second.page)).toBe('dark');
    // What is kept is in force: a plan is made by it.
    await expect
      .poll(() => JSON.parse(readFileSync(app.rig.host.paths.settings, 'utf8')) as object)
      .toMatchObject({ theme: 'dark', backup: 'never' });
    const board = app.plug('nanovna-h');
    await chooseFirmware(second.page, board.portPath, dfuFile());
    await second.page.getByText('No backup is made: what is on the board now will be gone.').waitFor();
    await first.page.reload();
    await expect.poll(() => first.page.getByRole('radio', { name: 'Dark' }).isChecked()).toBe(true);
    expect(await themeOf(first.page)).toBe('dark');
  });

  it('shows the log, and follows it', async () => {
    await using app = await openApp(shared.browser);
    await using opened = await app.open();
    const { page } = opened;
    const board = app.plug('nanovna-h');
    await backUp(page, board.portPath);
    await page.getByRole('link', { name: 'Logs' }).click();
    const log = page.getByRole('log', { name: 'Logs' });
    await log.getByText('backup begins').waitFor();
    app.rig.host.log.write('warn', 'test', 'a line written while somebody looks');
    await log.getByText('a line written while somebody looks').waitFor();
    await page.getByRole('combobox', { name: 'At least' }).click();
    await page.getByRole('option', { name: 'Warning' }).click();
    await log.getByText('backup begins').waitFor({ state: 'detached' });
    await log.getByText('a line written while somebody looks').waitFor();
    await copy(page, 'Copy');
    expect(await page.evaluate(() => navigator.clipboard.readText())).toContain('a line written while');
    expect(opened.troubles).toEqual([]);
  });

  it('says that the connection is lost, finds it again, and the job went on', async () => {
    let stands = true;
    await using rig = await makeStudio({
      wrap: haltedBus(() => stands && (rig.bench.ports[0]?.board?.statistics.blocks ?? 0) >= 5),
    });
    const channels: Channel[] = [];
    const studio: Studio = {
      ...rig.studio,
      serve(channel) {
        channels.push(channel);
        return rig.studio.serve(channel);
      },
    };
    await using server = await serve({ studio, host: rig.host });
    await using opened = await openPage(shared.browser, server.newAddress());
    const { page } = opened;
    await page.getByRole('button', { name: 'Plug in', exact: true }).click();
    await chooseFirmware(page, 'virtual-1', dfuFile());
    await mainButton(page).click();
    await page.getByRole('progressbar', { name: 'Writing' }).waitFor();
    const lost = page.getByRole('status').filter({ hasText: 'The connection to Rekindle is lost' });
    // It tries again after a second: who looks for it only then may come too late.
    const said = lost.getByText('Jobs that run go on without this page.').waitFor();
    for (const channel of channels.splice(0)) channel.close('pulled by a test');
    await said;
    stands = false;
    await lost.waitFor({ state: 'detached' });
    expect(await ticks(page)).toEqual(['yes', 'yes', 'yes']);
    expect(rig.bench.ports[0]?.board?.flash.subarray(0, newProgram.length)).toEqual(newProgram);
  });

  it('says that Rekindle ended, and after a new start why this page is not let in', async () => {
    await using rig = await makeStudio();
    const server = await serve(rig);
    await using opened = await openPage(shared.browser, server.newAddress());
    const { page } = opened;
    await page.getByRole('heading', { name: 'Plug in a board, or choose it' }).waitFor();
    await server[Symbol.asyncDispose]();
    await page.getByText('Rekindle is not running any more').waitFor();
    await using again = await serve(rig, Number(new URL(server.origin).port));
    await page.getByText('Rekindle did not let this page in').waitFor();
    await page.getByText(/It belongs to an earlier start of Rekindle/).waitFor();
    // A new address, in the same tab, lets it in again.
    await page.goto('about:blank');
    await page.goto(again.newAddress());
    await page.getByRole('heading', { name: 'Plug in a board, or choose it' }).waitFor();
  });

  it('lets a start code in once, and tells the second page why not', async () => {
    await using app = await openApp(shared.browser);
    const address = app.server.newAddress();
    await using first = await openPage(shared.browser, address);
    await first.page.getByRole('heading', { name: 'Plug in a board, or choose it' }).waitFor();
    await using second = await openPage(shared.browser, address);
    await second.page.getByRole('heading', { name: 'This page needs its start address' }).waitFor();
    expect(app.rig.logged.some((line) => line.includes('wrong start code'))).toBe(true);
    expect(await second.page.getByRole('navigation').count()).toBe(0);
  });
});
