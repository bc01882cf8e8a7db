// A disk that fills up while the page is open: clear words where a person looks, and no board erased without its backup.
import { expect, it } from 'vitest';
import { describeInBrowser } from '../page/in-browser.ts';
import { makeSmallDisk } from '../support/small-disk.ts';
import { buildPage, chooseFirmware, mainButton, openApp, ticks } from './app.ts';
import { dfuFile, newProgram } from './firmware-files.ts';

describeInBrowser('a full disk', buildPage, (shared) => {
  it('is said, leaves the settings and the board as they are, and is no trouble any more with room', async (context) => {
    using disk = makeSmallDisk('24m');
    if (disk === undefined) {
      context.skip();
      return;
    }
    await using app = await openApp(shared.browser, { root: disk.root });
    await using opened = await app.open();
    const { page } = opened;
    const board = app.plug('nanovna-h');
    const before = board.flash.slice();
    await page.getByRole('link', { name: 'Settings' }).click();
    await page.getByRole('radio', { name: 'Dark', checked: false }).waitFor();
    disk.fill();
    await page.getByRole('radio', { name: 'Dark' }).click();
    await page
      .getByText(/There is no room/)
      .first()
      .waitFor();
    // What could not be kept is not shown as if it were.
    await page.getByRole('radio', { name: 'As the system', checked: true }).waitFor();
    await page.getByRole('radio', { name: 'Dark', checked: false }).waitFor();
    if (process.env['REKINDLE_SHOTS'] !== undefined)
      await page.screenshot({ path: `${process.env['REKINDLE_SHOTS']}/full-disk.png` });
    await page.getByRole('link', { name: 'Boards' }).last().click();
    await chooseFirmware(page, board.portPath, dfuFile());
    await mainButton(page).click();
    await page.getByRole('region', { name: /There is no room/ }).waitFor();
    expect(Buffer.from(board.flash).equals(Buffer.from(before))).toBe(true);
    disk.free();
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.locator('[data-tick=verified].yes').waitFor();
    expect(await ticks(page)).toEqual(['yes', 'yes', 'yes']);
    expect(Buffer.from(board.flash.subarray(0, newProgram.length)).equals(Buffer.from(newProgram))).toBe(
      true,
    );
    expect(opened.troubles).toEqual([]);
  });
});
