// Getting ready for a board that is not there: which way in, which port, which chip, what may turn out, a backup to be put
// back, and being let in before the window is open.
import { expect, it } from 'vitest';
import { practiceImage } from '../../main/bench/practice-image.ts';
import { describeInBrowser } from '../page/in-browser.ts';
import { profileNamed } from '../support/family-boards.ts';
import { rightsInFolder } from '../support/rights-in-folder.ts';
import type { Page } from 'playwright-core';
import type { UsbBus } from '../../main/transports/usb/usb-device.ts';
import { buildPage, card, chooseBoard, chooseFirmware, mainButton, openApp, ticks } from './app.ts';
import { dfuFile, newProgram, pickedFile, type PickedFile } from './firmware-files.ts';
import { Hand } from './hand.ts';
import { axeFinds, photograph } from '../page/looks.ts';

/** Plans are long, and seen whole in the photographs. */
const tall = { width: 1024, height: 1400 };

async function give(page: Page, file: PickedFile): Promise<void> {
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Choose firmware' }).click();
  await (await chooser).setFiles(file);
}

async function select(page: Page, label: string, option: string | RegExp): Promise<void> {
  await page.getByRole('combobox', { name: label, exact: true }).click();
  await page.getByRole('option', { name: option }).click();
}

function begin(page: Page) {
  return page.getByRole('button', { name: /^Get ready, then/ });
}

/** Boards under other ids: no virtual one is known by name only. */
function shownAs(vendorId: number, productId: number) {
  return (bus: UsbBus): UsbBus => ({
    name: bus.name,
    virtual: bus.virtual,
    list: async (wait) => (await bus.list(wait)).map((facts) => ({ ...facts, vendorId, productId })),
    watch: (changed) => bus.watch(changed),
    open: (facts, wait) => bus.open(facts, wait),
  });
}

describeInBrowser('getting ready', buildPage, (shared) => {
  it('by the way and at the port that were chosen, and no other', async () => {
    await using app = await openApp(shared.browser);
    await using opened = await app.open({ size: tall });
    const { page } = opened;
    const mine = app.plug('nanovna-h', { startIn: 'app' });
    const other = app.plug('nanovna-h', { startIn: 'app' });
    await chooseBoard(page, 'nanovna-h');
    await select(page, 'Way into flash mode', 'Jumper');
    await select(page, 'Port', new RegExp(`^Only ${mine.portPath} `));
    await give(page, dfuFile());
    await begin(page).waitFor();
    await page.getByRole('heading', { name: 'Settled beforehand' }).waitFor();
    expect(await axeFinds(page)).toEqual([]);
    await photograph(page, 'ready', 'nanovna-plan');
    await begin(page).click();
    const dialog = page.getByRole('dialog');
    await page.locator('[data-due]').or(dialog).first().waitFor();
    if (await dialog.isVisible()) await dialog.getByRole('button', { name: /Install|Go on/ }).click();
    await page.getByText('The way you are shown: Jumper.').waitFor();
    await photograph(page, 'ready', 'nanovna-coach');
    const hand = new Hand(page, app.rig.bench, mine.portPath, profileNamed('nanovna-h'));
    await hand.follow();
    expect(await ticks(page)).toEqual(['yes', 'yes', 'yes']);
    expect(hand.did).toContain('close-jumper');
    expect(other.statistics.getStatus).toBe(0);
    expect(opened.troubles).toEqual([]);
  });

  it('for a board of several chips: whichever comes, or the one that is named', async () => {
    await using app = await openApp(shared.browser);
    await using opened = await app.open({ size: tall });
    const { page } = opened;
    await chooseBoard(page, 'stm32-rom');
    await photograph(page, 'ready', 'stm32-choices');
    await give(page, dfuFile());
    await page.getByText('Which chip the board has is known once it is there').waitFor();
    await page.getByText('If the board cannot be read, it is left as it is.').waitFor();
    expect(await axeFinds(page)).toEqual([]);
    await photograph(page, 'ready', 'stm32-open');
    await page.getByRole('switch', { name: /^Write it also if it cannot be read/ }).click();
    await page
      .getByText('If the board cannot be read, it is written without a backup, and not compared.')
      .waitFor();
    await select(page, 'Chip', 'STM32F405 or F407');
    await page.getByRole('button', { name: /on this STM32F405 or F407$/ }).waitFor();
    await page.getByText('Which chip the board has is known once it is there').waitFor({ state: 'detached' });
    await select(page, 'Chip', 'Whichever it turns out to have');
    await begin(page).click();
    await page.locator('[data-due]').waitFor();
    const board = app.plug('stm32f405', { startIn: 'dfu' });
    await page.locator('[data-tick=written].yes').waitFor();
    expect(await ticks(page)).toEqual(['yes', 'yes', 'yes']);
    expect(Buffer.compare(board.flash.subarray(0, 94_049), newProgram)).toBe(0);
    expect(opened.troubles).toEqual([]);
  });

  it('puts a backup back, on a board that comes', async () => {
    await using app = await openApp(shared.browser);
    await using opened = await app.open({ size: tall });
    const { page } = opened;
    const board = app.plug('nanovna-h', { startIn: 'dfu' });
    const before = board.flash.slice();
    await chooseFirmware(page, board.portPath, dfuFile());
    await mainButton(page).click();
    await page.locator('[data-tick=written].yes').waitFor();
    app.rig.bench.unplug(board.portPath);
    await page.goto(new URL('#/', page.url()).href);
    await chooseBoard(page, 'nanovna-h');
    await page.getByRole('button', { name: 'Restore', exact: false }).first().click();
    const dialog = page.getByRole('dialog');
    await photograph(page, 'ready', 'restore');
    await dialog.getByRole('button', { name: 'Restore' }).first().click();
    await page.getByText('If the backup is from another board of this kind, it is left as it is.').waitFor();
    await begin(page).click();
    await page.locator('[data-due]').waitFor();
    app.rig.bench.act(board.portPath, { act: 'close-jumper', control: 'BOOT0' });
    app.rig.bench.act(board.portPath, { act: 'plug' });
    await page.locator('[data-tick=written].yes').waitFor();
    expect(Buffer.compare(board.flash, before)).toBe(0);
    expect(opened.troubles).toEqual([]);
  });

  it('is let in before anybody holds a button: a rule for the running program only, one click, and caught', async () => {
    using folder = rightsInFolder('ATTRS{idVendor}=="04d8", ATTRS{idProduct}=="f013", MODE="0666"\n');
    await using app = await openApp(shared.browser, { rights: folder.rights });
    await using opened = await app.open();
    const { page } = opened;
    const profile = profileNamed('pycom-pytrack');
    const board = app.lay('pytrack', { closing: 'gone', windowMs: 600_000 });
    const { name, bytes } = practiceImage('pytrack');
    await chooseBoard(page, profile.id);
    await give(page, pickedFile(name, bytes));
    await page.getByText(/your account may not open its flash mode \(04d8:f014\)/).waitFor();
    expect(await begin(page).count()).toBe(0);
    await photograph(page, 'ready', 'no-access');
    await page.getByRole('button', { name: 'Let me in' }).click();
    await begin(page).click();
    const dialog = page.getByRole('dialog');
    await page.locator('[data-due]').or(dialog).first().waitFor();
    if (await dialog.isVisible()) await dialog.getByRole('button', { name: /Install|Go on/ }).click();
    const hand = new Hand(page, app.rig.bench, board.portPath, profile);
    await hand.follow();
    expect(await ticks(page)).toEqual(['yes', 'open', 'yes']);
    expect(opened.troubles).toEqual([]);
  });

  it('of a board that is known by name only: what to do today, what can go wrong, and nothing to begin', async () => {
    await using app = await openApp(shared.browser, { wrap: shownAs(0x2b04, 0xd01a) });
    await using opened = await app.open({ size: tall, trusted: true });
    const { page } = opened;
    const profile = profileNamed('particle-tracker');
    const today =
      "Update it with Particle's own tools: the Particle command line, or Device Restore USB in a browser.";
    const board = app.lay('stm32f405', { startIn: 'dfu' });
    await page.getByRole('button', { name: 'Choose my board' }).click();
    await page.getByRole('searchbox').fill('tracker som');
    const row = page.locator(`[data-profile="${profile.id}"]`);
    await row.getByText(today).waitFor();
    expect(await axeFinds(page)).toEqual([]);
    await row.getByRole('link').click();
    await page.getByRole('heading', { name: profile.name, exact: true }).waitFor();
    await page.getByText('Particle. Rekindle knows it by name only.').waitFor();
    await page.getByRole('region', { name: 'What you can do today' }).getByText(today).waitFor();
    const dangers = page.getByRole('region', { name: 'To know before' }).getByRole('listitem');
    expect(profile.dangers.length).toBeGreaterThan(0);
    expect(await dangers.allTextContents()).toEqual(profile.dangers);
    expect(await page.getByRole('main').getByRole('button').allTextContents()).toEqual([]);
    expect(await axeFinds(page)).toEqual([]);
    await photograph(page, 'ready', 'named');
    // The same of one that is plugged in, in its flash mode.
    app.rig.bench.act(board.portPath, { act: 'plug' });
    await page.goto(new URL('#/', page.url()).href);
    await card(page, board.portPath).click();
    await page.getByText('In flash mode; Rekindle knows it by name only').waitFor();
    await page.getByRole('region', { name: 'What you can do today' }).getByText(today).waitFor();
    expect(await page.getByRole('button', { name: /Choose firmware|Back up now|Restore/ }).count()).toBe(0);
    await photograph(page, 'ready', 'named-plugged');
    expect(board.statistics.download).toBe(0);
    expect(opened.troubles).toEqual([]);
  });
});
