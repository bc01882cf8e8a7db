// The coach from unplugged to written, by the keys and buttons of the practice page: each board by its own way, and each
// wrong move with its word.
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { describeInBrowser } from '../page/in-browser.ts';
import { buildPage, card, openApp } from './app.ts';
import { stillHeld } from './hand.ts';
import { axeFinds } from '../page/looks.ts';
import { hastyClock } from '../support/hasty-clock.ts';

/** A Pytrack's flash mode lasts seven seconds: at half the speed a busy computer has time to say the word in them. */
const clock = hastyClock(0.5);

/** To the practice of a board, as people go there. */
async function practise(page: Page, search: string, profile: string): Promise<void> {
  await page
    .getByRole('link', { name: 'Choose my board' })
    .or(page.getByRole('button', { name: 'Choose my board' }))
    .first()
    .click();
  await page.getByRole('searchbox').fill(search);
  await page.locator(`[data-profile="${profile}"] a`).click();
  await page.getByRole('link', { name: 'Practise first' }).click();
  await page.locator('[data-due]').waitFor();
}

async function press(page: Page, name: string | RegExp): Promise<void> {
  await page.getByRole('button', { name }).click();
}

/** What is due now. */
function due(page: Page, words: RegExp): Promise<void> {
  return page.locator('[data-due]').filter({ hasText: words }).waitFor();
}

function remark(page: Page, code: string): Promise<void> {
  return page.locator(`[data-remark=${code}]`).waitFor();
}

async function written(page: Page): Promise<void> {
  await page.locator('[data-tick=written].yes').waitFor();
  await page.getByText('The moment was right: it was caught').waitFor();
}

/** Counts the tones that begin from here on. */
async function listen(page: Page): Promise<() => Promise<number>> {
  await page.evaluate(() => {
    const tones = document.documentElement.dataset;
    tones['tones'] = '0';
    OscillatorNode.prototype.start = function (this: OscillatorNode, when) {
      tones['tones'] = String(Number(tones['tones']) + 1);
      AudioScheduledSourceNode.prototype.start.call(this, when);
    };
  });
  return () => page.evaluate(() => Number(document.documentElement.dataset['tones']));
}

/** A Pytrack in practice, from the cable on the table to its end. */
async function catchPytrack(page: Page): Promise<void> {
  await due(page, /Hold the MCLR button/);
  await page.keyboard.down(' ');
  await page.keyboard.press('p');
  await page.locator('[data-hold=now]').waitFor();
  await page.keyboard.up(' ');
  await written(page);
}

describeInBrowser('the coach, end to end', buildPage, (shared) => {
  it('catches a Pytrack in its window: space held before the cable, and let go when it says so', async () => {
    await using app = await openApp(shared.browser, { timeScale: 0.5, clock });
    await using opened = await app.open();
    const { page } = opened;
    await practise(page, 'pytrack', 'pycom-pytrack');
    app.halt(stillHeld(app.rig.bench));
    await due(page, /Hold the MCLR button/);
    await page.keyboard.down(' ');
    await page.keyboard.press('p');
    await page.locator('[data-hold=now]').waitFor();
    await page.getByText('Let go now: the MCLR button (S1).').first().waitFor();
    await page.keyboard.up(' ');
    await written(page);
    expect(opened.troubles).toEqual([]);
  });

  it('beeps when it is time to let go, once, and only where that was switched on', async () => {
    await using app = await openApp(shared.browser, { timeScale: 0.1, clock });
    await using opened = await app.open();
    const { page } = opened;
    await practise(page, 'pytrack', 'pycom-pytrack');
    app.halt(stillHeld(app.rig.bench));
    const tones = await listen(page);
    const isKept = (on: boolean): Promise<void> =>
      expect
        .poll(() => JSON.parse(readFileSync(app.rig.host.paths.settings, 'utf8')) as object)
        .toMatchObject({ sound: on });
    const sound = page.getByRole('switch', { name: 'Beep when it is time to let go' });
    expect(await sound.getAttribute('aria-checked')).toBe('false');
    // What it sounds like is heard at once. The click takes no space bar away from the board.
    await sound.click();
    expect(await tones()).toBe(1);
    await isKept(true);
    await catchPytrack(page);
    expect(await tones()).toBe(2);
    await press(page, 'Practise again');
    await sound.click();
    await isKept(false);
    await catchPytrack(page);
    expect(await tones()).toBe(2);
    expect(opened.troubles).toEqual([]);
  });

  it.each([
    ['moves', 'no-preference', /\.svg#plugging-held$/],
    ['holds still', 'reduce', /\.svg#plugging-held-still$/],
  ] as const)('%s in its drawing where the system says %s of motion', async (_does, stillness, address) => {
    await using app = await openApp(shared.browser, { timeScale: 0.1 });
    await using opened = await app.open({ stillness });
    const { page } = opened;
    await practise(page, 'pytrack', 'pycom-pytrack');
    const drawing = page.locator('img[data-state]');
    await expect.poll(() => drawing.getAttribute('src')).toMatch(address);
    // Shown with its address; its file comes when it comes.
    await expect
      .poll(() => drawing.evaluate((image: HTMLImageElement) => image.naturalWidth))
      .toBeGreaterThan(0);
    expect(opened.troubles).toEqual([]);
  });

  it('tells who let go too early, who is at another port, and whose board it is not', async () => {
    await using app = await openApp(shared.browser, { timeScale: 0.1, clock });
    await using opened = await app.open();
    const { page } = opened;
    await practise(page, 'pytrack', 'pycom-pytrack');
    app.halt(stillHeld(app.rig.bench));
    await page.keyboard.down(' ');
    await page.keyboard.press('p');
    await page.keyboard.up(' ');
    await remark(page, 'let-go-too-early');
    // The same key pulls it once the page knows that it is in.
    await page.locator('[data-cable]').filter({ hasText: 'Unplug' }).waitFor();
    await page
      .getByText(/let go too early/)
      .first()
      .waitFor();
    await page.keyboard.press('p');
    await due(page, /Hold the MCLR button/);
    const stranger = app.plug('nanovna-h');
    await remark(page, 'wrong-board');
    app.rig.bench.unplug(stranger.portPath);
    app.plug('pytrack');
    await remark(page, 'other-port');
    await page.locator('[data-cable]').filter({ hasText: 'Plug in' }).waitFor();
    await page.keyboard.down(' ');
    await page.keyboard.press('p');
    await page.locator('[data-hold=now]').waitFor();
    await page.keyboard.up(' ');
    await written(page);
    expect(opened.troubles).toEqual([]);
  });

  it('takes a NanoVNA-H by its menu', async () => {
    await using app = await openApp(shared.browser, { timeScale: 0.1 });
    await using opened = await app.open();
    const { page } = opened;
    await practise(page, 'nanovna', 'nanovna-h');
    await page.getByRole('button', { name: 'Plug in' }).click();
    await press(page, 'CONFIG > DFU > RESET AND ENTER DFU');
    await written(page);
    expect(opened.troubles).toEqual([]);
  });

  it('takes a NanoVNA-H4 by its jog switch, another way than the first', async () => {
    await using app = await openApp(shared.browser, { timeScale: 0.1 });
    await using opened = await app.open();
    const { page } = opened;
    await practise(page, 'nanovna-h4', 'nanovna-h4');
    await press(page, 'Jog switch instead');
    await due(page, /Switch the board off|Hold the jog switch/);
    await page.getByRole('button', { name: 'Plug in' }).click();
    await due(page, /Switch the board off/);
    await press(page, 'Switch off');
    await due(page, /Hold the jog switch/);
    await page.getByRole('button', { name: 'Hold jog switch' }).focus();
    await page.keyboard.down(' ');
    await press(page, 'Switch on');
    await page.keyboard.up(' ');
    await written(page);
    expect(opened.troubles).toEqual([]);
  });

  it('takes an ODrive whose switch is at DFU', async () => {
    await using app = await openApp(shared.browser, { timeScale: 0.02 });
    await using opened = await app.open();
    const { page } = opened;
    await practise(page, 'odrive v3', 'odrive-v3');
    await press(page, 'Switch off');
    await press(page, /Set .* to DFU/);
    await page.getByRole('button', { name: 'Plug in' }).click();
    await press(page, 'Switch on');
    await written(page);
    expect(opened.troubles).toEqual([]);
  });

  it('asks which board it is where several show the same, and a word settles it', async () => {
    await using app = await openApp(shared.browser);
    await using opened = await app.open();
    const { page } = opened;
    const { portPath } = app.plug('pytrack');
    await card(page, portPath).click();
    await page.getByRole('heading', { name: 'Which board is this?' }).waitFor();
    await page.getByRole('img', { name: 'Pytrack 2X' }).waitFor();
    await page.getByRole('button', { name: 'It is Pytrack', exact: true }).click();
    await page.getByRole('heading', { name: 'Which board is this?' }).waitFor({ state: 'detached' });
    await page.getByText('May also be', { exact: false }).waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Choose firmware' }).click();
    await page.getByRole('heading', { name: 'Get ready for Pytrack' }).waitFor();
    expect(opened.troubles).toEqual([]);
  });

  it('finds an STM32 by what is pressed on it, and gets ready for whichever chip it has', async () => {
    await using app = await openApp(shared.browser);
    await using opened = await app.open();
    const { page } = opened;
    await page.getByRole('button', { name: 'Choose my board' }).click();
    await page.getByRole('searchbox').fill('boot0');
    await page.locator('[data-profile="stm32-rom"] a').click();
    await page.getByRole('heading', { name: 'Get ready for STM32 bootloader' }).waitFor();
    await page.getByRole('button', { name: 'Choose firmware' }).waitFor();
    expect(opened.troubles).toEqual([]);
  });

  it.each(['light', 'dark'] as const)('has nothing that axe finds in the %s theme', async (theme) => {
    await using app = await openApp(shared.browser, { timeScale: 0.1 });
    await using opened = await app.open({ theme, trusted: true });
    const { page } = opened;
    const look = async (): Promise<void> => {
      expect(await axeFinds(page)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(1024);
    };
    await page.getByRole('button', { name: 'Choose my board' }).click();
    await page.getByRole('searchbox').waitFor();
    await look();
    await page.locator('[data-profile="pycom-pytrack"] a').click();
    await page.getByRole('heading', { name: 'Is it this one?' }).waitFor();
    await look();
    await page.getByRole('link', { name: 'Practise first' }).click();
    await page.locator('[data-due]').waitFor();
    await look();
  });
});
