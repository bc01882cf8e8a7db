// The library of backups in the page: named, checked, saved in other formats, taken in, removed, and put back.
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { describeInBrowser } from '../page/in-browser.ts';
import { backUp, buildPage, card, openApp } from './app.ts';
import { axeFinds } from '../page/looks.ts';

const list = (page: Page) => page.getByRole('list', { name: 'Backups, newest first' });

describeInBrowser('the library of backups', buildPage, (shared) => {
  it('keeps a name and a note, compares the file, saves it as .hex, and takes it in again', async () => {
    await using app = await openApp(shared.browser);
    await using opened = await app.open();
    const { page } = opened;
    const board = app.plug('nanovna-h');
    await backUp(page, board.portPath);
    await page.getByRole('link', { name: 'Backups' }).click();
    await page.getByRole('button', { name: 'Details' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('Before 1.3');
    await dialog.getByLabel('Note').fill('calibrated in May');
    await dialog.getByRole('button', { name: 'Keep the changes' }).click();
    await dialog.getByRole('button', { name: 'Compare the file now' }).click();
    await dialog.getByText('What was saved, compared just now').waitFor();
    expect(await axeFinds(page)).toEqual([]);

    await dialog.getByRole('combobox', { name: 'Save as' }).click();
    await page.getByRole('option', { name: '.hex (Intel HEX)' }).click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      dialog.getByRole('button', { name: 'Save a copy' }).click(),
    ]);
    expect(download.suggestedFilename()).toMatch(/\.hex$/);
    const hex = path.join(mkdtempSync(path.join(tmpdir(), 'rekindle-')), 'mine.hex');
    await download.saveAs(hex);
    expect(readFileSync(hex, 'utf8').startsWith(':020000040800F2')).toBe(true);
    await page.keyboard.press('Escape');
    await list(page).getByText('Before 1.3').waitFor();
    await list(page).getByText('calibrated in May').waitFor();

    await page.getByRole('button', { name: 'Take a file in' }).click();
    await page.getByLabel('What is it a backup of?').fill('NanoVNA-H');
    await page.locator('input[type=file]').setInputFiles(hex);
    await list(page).getByText('mine.hex').waitFor();
    expect(await axeFinds(page)).toEqual([]);
    expect(opened.troubles).toEqual([]);
  });

  it('are held against a board: the same, and different in words and a way to put them back', async () => {
    await using app = await openApp(shared.browser);
    await using opened = await app.open();
    const { page } = opened;
    const board = app.plug('nanovna-h');
    await backUp(page, board.portPath);
    const compare = async (): Promise<void> => {
      await page.getByRole('link', { name: 'Backups' }).click();
      await page.getByRole('button', { name: 'Compare with the board' }).click();
      await page.getByRole('dialog').getByRole('button', { name: /port/ }).click();
    };
    await compare();
    await page.getByRole('heading', { name: 'The board holds what the backup holds' }).waitFor();
    expect(await axeFinds(page)).toEqual([]);
    board.flash[5_000] = (board.flash[5_000] ?? 0) ^ 1;
    board.flash[90_000] = (board.flash[90_000] ?? 0) ^ 1;
    await compare();
    const title = 'The board holds something else than the backup, in 2 of 64 sectors (2 bytes)';
    await page.getByRole('heading', { name: title }).waitFor();
    await page.getByText('Differs at: 0x08001388-0x08001388, 0x08015F90-0x08015F90 (2 B)').waitFor();
    expect(await axeFinds(page)).toEqual([]);
    if (process.env['REKINDLE_SHOTS'] !== undefined)
      await page.screenshot({ path: `${process.env['REKINDLE_SHOTS']}/compare.png` });
    await page.getByRole('button', { name: 'Restore this backup' }).click();
    await page.getByRole('button', { name: /restore .* on this virtual/i }).waitFor();
    await page.getByRole('link', { name: 'History' }).click();
    await page
      .getByText(/^Compare with a backup/)
      .first()
      .click();
    await page.getByText(/^Differs at: 0x08001388/).waitFor();
    expect(opened.troubles).toEqual([]);
  });

  it('is verified by a second read where that is asked for', async () => {
    await using app = await openApp(shared.browser);
    await using opened = await app.open();
    const { page } = opened;
    const board = app.plug('nanovna-h');
    await card(page, board.portPath).click();
    await page.getByRole('button', { name: 'Back up, read twice' }).click();
    await page.getByRole('heading', { name: 'Backed up. The board is unchanged' }).waitFor();
    await page.getByRole('link', { name: 'Backups' }).click();
    await page.getByRole('button', { name: 'Details' }).click();
    await page
      .getByRole('dialog')
      .getByText(/^Read twice over DfuSe by Rekindle \S+, with the same bytes both times\.$/)
      .waitFor();
    expect(board.statistics.upload).toBeGreaterThanOrEqual((2 * board.flash.length) / 4096);
    expect(opened.troubles).toEqual([]);
  });

  it('are cleaned up by a policy: shown first, asked for by hand, and by itself as a setting', async () => {
    await using app = await openApp(shared.browser);
    await using opened = await app.open();
    const { page } = opened;
    const board = app.plug('nanovna-h');
    const { backups } = app.rig.host.paths;
    const ids = (): string[] => readdirSync(backups).filter((name) => !name.endsWith('.json'));
    const backUpChanged = async (): Promise<void> => {
      await page.getByRole('link', { name: 'Boards' }).last().click();
      board.flash[0x1f000] = (board.flash[0x1f000] ?? 0) - 1;
      await backUp(page, board.portPath);
    };
    for (const made of [1, 2, 3]) {
      await backUpChanged();
      expect(ids()).toHaveLength(made);
    }
    await page.getByRole('link', { name: 'Backups' }).click();
    await list(page).getByRole('button', { name: 'Details' }).nth(2).click();
    await page.getByRole('dialog').getByLabel('Name').fill('the first');
    await page.getByRole('dialog').getByRole('button', { name: 'Keep the changes' }).click();
    await page.keyboard.press('Escape');
    // Kept before it is asked what would go: a name keeps a backup.
    await list(page).getByText('the first').waitFor();
    await page.getByRole('button', { name: 'Clean up' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Nothing would go.').waitFor();
    await dialog.getByRole('combobox', { name: 'Of each board' }).click();
    await page.getByRole('option', { name: 'The newest', exact: true }).click();
    await dialog.getByText(/^1 backup would go/).waitFor();
    expect(await dialog.getByRole('list', { name: 'What would go' }).getByRole('listitem').count()).toBe(1);
    expect(await axeFinds(page)).toEqual([]);
    if (process.env['REKINDLE_SHOTS'] !== undefined)
      await page.screenshot({ path: `${process.env['REKINDLE_SHOTS']}/clean-up.png` });
    expect(ids()).toHaveLength(3);
    await dialog.getByRole('button', { name: 'Remove 1 backup' }).click();
    await expect.poll(() => list(page).getByRole('listitem').count()).toBe(2);
    await list(page).getByText('the first').waitFor();

    await page.getByRole('link', { name: 'Settings' }).click();
    await page.getByRole('radio', { name: 'Keep the newest of each board' }).click();
    await page.getByRole('combobox', { name: 'Of each board' }).click();
    await page.getByRole('option', { name: 'The newest', exact: true }).click();
    await expect
      .poll(() => JSON.parse(readFileSync(app.rig.host.paths.settings, 'utf8')) as object)
      .toMatchObject({ prune: 'count', pruneKeep: 1 });
    expect(await axeFinds(page)).toEqual([]);
    if (process.env['REKINDLE_SHOTS'] !== undefined)
      await page.screenshot({ path: `${process.env['REKINDLE_SHOTS']}/prune-settings.png` });
    const before = ids();
    await backUpChanged();
    // The named one and the new one.
    const after = ids();
    expect(after).toHaveLength(2);
    expect(after.filter((id) => before.includes(id))).toHaveLength(1);
    expect(opened.troubles).toEqual([]);
  });

  it('says when a file was damaged, and removes one only after asking', async () => {
    await using app = await openApp(shared.browser);
    await using opened = await app.open();
    const { page } = opened;
    const board = app.plug('nanovna-h');
    await backUp(page, board.portPath);
    await page.getByRole('link', { name: 'Backups' }).click();
    await page.getByRole('button', { name: 'Details' }).click();
    const dialog = page.getByRole('dialog');
    const name = await dialog.locator('dd code').last().innerText();
    const file = path.join(app.rig.host.paths.backups, name);
    const bytes = readFileSync(file);
    writeFileSync(
      file,
      bytes.map((byte, index) => (index === 4_000 ? byte ^ 1 : byte)),
    );
    await dialog.getByRole('button', { name: 'Compare the file now' }).click();
    await dialog.getByText(/Not what was saved/).waitFor();
    await dialog.getByRole('button', { name: 'Remove' }).click();
    await page.getByRole('button', { name: 'Keep it' }).click();
    // The question is gone, and with it the other button of this name.
    await expect.poll(() => page.getByRole('dialog').count()).toBe(1);
    await dialog.getByRole('button', { name: 'Remove' }).click();
    await page.getByRole('dialog').last().getByRole('button', { name: 'Remove' }).click();
    await page.getByText('No backups yet').waitFor();
    expect(opened.troubles).toEqual([]);
  });
});
