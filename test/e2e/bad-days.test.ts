// The bad days: stopped, pulled out, reloaded, watched twice, the wrong file. What the page says is held against the
// board's flash.
import { expect, it } from 'vitest';
import { describeInBrowser } from '../page/in-browser.ts';
import { buildPage, card, chooseFirmware, mainButton, openApp, ticks } from './app.ts';
import { dfuFile, newProgram, pickedFile } from './firmware-files.ts';
import { copy } from '../page/looks.ts';

describeInBrowser('bad days, end to end', buildPage, (shared) => {
  it('says what stopping leaves, stops half-way, and repairs by one button', async () => {
    await using app = await openApp(shared.browser);
    await using opened = await app.open();
    const { page } = opened;
    const board = app.plug('nanovna-h');
    await chooseFirmware(page, board.portPath, dfuFile());
    app.halt(() => board.statistics.blocks >= 5);
    await mainButton(page).click();
    await page.getByRole('progressbar', { name: 'Writing' }).waitFor();
    // It stands: the end that is asked for comes at its next block, and not at once.
    await expect.poll(() => board.statistics.blocks).toBe(5);
    await page.getByRole('button', { name: 'Stop', exact: true }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText(/The board then has no working firmware; you can continue at any time/).waitFor();
    await dialog.getByRole('button', { name: 'Stop it' }).click();
    await page.getByRole('status').filter({ hasText: 'Stopping' }).waitFor();
    app.goOn();
    await page.getByRole('heading', { name: 'Stopped, as you asked' }).waitFor();
    await page.getByText(/No working firmware right now\. Old firmware is backed up/).waitFor();
    expect(board.flash.subarray(0, 2048)).toEqual(newProgram.subarray(0, 2048));
    const unfinished = board.flash.subarray(newProgram.length - 2048, newProgram.length);
    expect(unfinished).not.toEqual(newProgram.subarray(newProgram.length - 2048));
    const writtenBefore = board.statistics.dataBytes;
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.locator('[data-tick=returned].yes').waitFor();
    expect(await ticks(page)).toEqual(['yes', 'yes', 'yes']);
    expect(board.flash.subarray(0, newProgram.length)).toEqual(newProgram);
    // It went on from what the board held.
    expect(board.statistics.dataBytes - writtenBefore).toBeLessThan(newProgram.length);
    expect(opened.troubles).toEqual([]);
  });

  it('tells the truth about a board pulled at 40 %, and goes on when it is back', async () => {
    const pulledAt = Math.round(newProgram.length * 0.4);
    await using app = await openApp(shared.browser);
    await using opened = await app.open();
    const { page } = opened;
    const board = app.plug('nanovna-h', {
      faults: [{ kind: 'vanish', at: { what: 'byte', index: pulledAt } }],
    });
    await chooseFirmware(page, board.portPath, dfuFile());
    await mainButton(page).click();
    const problem = page.getByRole('region', { name: 'The board is gone from USB' });
    await problem.waitFor();
    await problem.getByText(/^Stopped after 3\d(\.\d)? KB\. No working firmware right now/).waitFor();
    await problem.getByRole('button', { name: 'Details' }).click();
    await problem.getByText(/^Written: 0x08000000-/).waitFor();
    expect(board.flash.subarray(0, pulledAt - 2048)).toEqual(newProgram.subarray(0, pulledAt - 2048));
    expect(board.flash.subarray(60_000, 62_000).every((byte) => byte === 0xff)).toBe(true);
    await problem.getByRole('button', { name: 'Continue' }).click();
    await page.getByText('Waiting for the board ...').waitFor();
    app.rig.bench.replug(board.portPath);
    await page.locator('[data-tick=returned].yes').waitFor();
    expect(board.flash.subarray(0, newProgram.length)).toEqual(newProgram);
    expect(opened.troubles).toEqual([]);
  });

  it('finds a job running after a reload, and a second page sees the same', async () => {
    await using app = await openApp(shared.browser);
    await using opened = await app.open();
    await using other = await app.open();
    const { page } = opened;
    const board = app.plug('nanovna-h');
    await chooseFirmware(page, board.portPath, dfuFile());
    app.halt(() => board.statistics.erases >= 5);
    await mainButton(page).click();
    await page.getByRole('list', { name: 'Steps' }).getByText('Erasing', { exact: true }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: 'Installing nanovna.dfu' }).waitFor();
    app.halt(() => board.statistics.blocks >= 5);
    await page.getByRole('progressbar', { name: 'Writing' }).waitFor();
    await card(other.page, board.portPath).getByText('Writing', { exact: true }).waitFor();
    await card(other.page, board.portPath).click();
    await other.page.getByRole('progressbar', { name: 'Writing' }).waitFor();
    app.goOn();
    expect(await ticks(page)).toEqual(['yes', 'yes', 'yes']);
    expect(await ticks(other.page)).toEqual(['yes', 'yes', 'yes']);
    expect(board.flash.subarray(0, newProgram.length)).toEqual(newProgram);
    expect([...opened.troubles, ...other.troubles]).toEqual([]);
  });

  it.each([
    [
      'for another device',
      dfuFile({ vendorId: 0x1209 }),
      /^nanovna\.dfu \(1209:df11\) is for another device; this board is 0483:df11$/,
    ],
    [
      'outside the memory',
      dfuFile({ address: 0x08010000 }),
      /^Part of the image lies where this board has no memory: 0x08020000-/,
    ],
    ['cut short', pickedFile('half.dfu', dfuFile().buffer.subarray(0, 50_000)), /^half\.dfu /],
  ])('refuses a file %s before anything is erased, with the reason', async (_what, file, title) => {
    await using app = await openApp(shared.browser);
    await using opened = await app.open();
    const { page } = opened;
    const board = app.plug('nanovna-h');
    const before = board.flash.slice();
    await chooseFirmware(page, board.portPath, file);
    const problem = page.getByRole('region', { name: title });
    await problem.getByText('Nothing was changed on the board.').waitFor();
    expect(await mainButton(page).count()).toBe(0);
    await copy(problem, 'Copy report');
    expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(/^### Rekindle: /);
    await problem.getByRole('button', { name: 'Another file' }).click();
    await page.getByRole('button', { name: 'Choose firmware' }).waitFor();
    expect(board.flash).toEqual(before);
    expect(board.statistics.erases).toBe(0);
    expect(opened.troubles).toEqual([]);
  });

  it('asks before it installs without a backup, and takes no for an answer', async () => {
    await using app = await openApp(shared.browser);
    await using opened = await app.open();
    const { page } = opened;
    const board = app.plug('nanovna-h');
    const before = board.flash.slice();
    await chooseFirmware(page, board.portPath, dfuFile());
    await page.getByRole('button', { name: 'Options' }).click();
    await page.getByRole('switch', { name: 'Back up first' }).click();
    await page.getByText('No backup is made: what is on the board now will be gone.').waitFor();
    const install = page.getByRole('button', { name: /^Install nanovna\.dfu on this virtual/ });
    await install.click();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(board.flash).toEqual(before);
    await install.click();
    await page.getByRole('dialog').getByRole('button', { name: 'Install without a backup' }).click();
    expect(await ticks(page)).toEqual(['yes', 'yes', 'yes']);
    expect(board.flash.subarray(0, newProgram.length)).toEqual(newProgram);
    expect(opened.troubles).toEqual([]);
  });
});
