import type { Locator } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { buildGallery, openGallery } from './gallery.ts';
import { describeInBrowser } from './in-browser.ts';
import { axeFinds, copy } from './looks.ts';

function hasFocus(one: Locator): Promise<void> {
  return expect.poll(() => one.evaluate((element) => element === document.activeElement)).toBe(true);
}

describeInBrowser("the page's kit", buildGallery, (shared) => {
  describe.each(['light', 'dark'] as const)('in the %s theme', (theme) => {
    it('throws nothing, breaks no policy and never needs to be scrolled sideways', async () => {
      await using gallery = await openGallery(shared.browser, { theme });
      await gallery.page.getByRole('button', { name: 'Toast', exact: true }).click();
      await gallery.page.getByText('The log could not be saved').waitFor();
      expect(await gallery.page.evaluate(() => document.documentElement.scrollWidth)).toBe(1024);
      expect(gallery.troubles).toEqual([]);
    });

    it('has nothing that axe finds', async () => {
      await using gallery = await openGallery(shared.browser, { theme, trusted: true });
      await gallery.page.getByRole('button', { name: 'Addresses as a table' }).first().click();
      await gallery.page.getByRole('button', { name: 'Details' }).click();
      expect(await axeFinds(gallery.page)).toEqual([]);
      await gallery.page.getByRole('button', { name: 'Type the name' }).click();
      await gallery.page.getByRole('dialog').waitFor();
      expect(await axeFinds(gallery.page, undefined, '[role=dialog]')).toEqual([]);
    });
  });

  it('asks for the very name before the worst, and gives the focus back', async () => {
    await using gallery = await openGallery(shared.browser);
    const { page } = gallery;
    const opener = page.getByRole('button', { name: 'Type the name' });
    await opener.focus();
    await page.keyboard.press('Enter');
    const yes = page.getByRole('dialog').getByRole('button', { name: 'Erase everything' });
    // The dialog takes the focus a moment after it is there.
    await hasFocus(page.getByLabel('Type NanoVNA-H to go on'));
    await page.keyboard.type('NanoVNA');
    expect(await yes.isEnabled()).toBe(false);
    await page.keyboard.press('Enter');
    expect(await page.getByRole('dialog').isVisible()).toBe(true);
    await page.keyboard.type('-H');
    expect(await yes.isEnabled()).toBe(true);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await hasFocus(opener);
    await page.keyboard.press('Enter');
    expect(await page.getByLabel('Type NanoVNA-H to go on').inputValue()).toBe('');
  });

  it('answers an ordinary question with one key', async () => {
    await using gallery = await openGallery(shared.browser);
    const { page } = gallery;
    await page.getByRole('button', { name: 'Confirm', exact: true }).click();
    await hasFocus(page.getByRole('dialog').locator('[data-first]'));
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  });

  it('lets the keyboard choose from a list, tabs and segments', async () => {
    await using gallery = await openGallery(shared.browser);
    const { page } = gallery;
    const level = page.getByRole('combobox', { name: 'Level', exact: true });
    await level.focus();
    await page.keyboard.press('ArrowDown');
    await page.getByRole('listbox').locator('[data-highlighted]').waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await expect.poll(() => level.textContent()).toContain('Every request');
    await page.getByRole('tab', { name: 'Plan' }).focus();
    await page.keyboard.press('ArrowRight');
    await page.getByText('Panel memory').waitFor();
    await page.getByRole('radio', { name: 'As the system' }).focus();
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => page.getByRole('radio', { name: 'Light' }).isChecked()).toBe(true);
  });

  it('takes files from the picker and by drop, and a stray one never replaces the page', async () => {
    await using gallery = await openGallery(shared.browser);
    const { page } = gallery;
    const zone = page.getByRole('button', { name: 'Drop firmware here' });
    const taken = page.locator('[data-taken]');
    const chooser = page.waitForEvent('filechooser');
    await zone.focus();
    await page.keyboard.press('Enter');
    const file = { name: 'a.bin', mimeType: '', buffer: Buffer.from('a') };
    await (await chooser).setFiles(file);
    await expect.poll(() => taken.textContent()).toBe('a.bin');

    const transfer = await page.evaluateHandle(() => {
      const data = new DataTransfer();
      data.items.add(new File(['b'], 'b.hex'));
      data.items.add(new File(['c'], 'c.hex'));
      return data;
    });
    await zone.dispatchEvent('dragover', { dataTransfer: transfer });
    // Its name is what it says now.
    const ready = page.getByRole('button', { name: 'Let go to open it' });
    await ready.dispatchEvent('drop', { dataTransfer: transfer });
    await expect.poll(() => taken.textContent()).toBe('b.hex, c.hex');

    const stray = await page
      .locator('h1')
      .first()
      .evaluate((heading, data) => {
        const event = new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true });
        heading.dispatchEvent(event);
        return event.defaultPrevented;
      }, transfer);
    expect(stray).toBe(true);
    expect(await taken.textContent()).toBe('b.hex, c.hex');
  });

  it('copies, and says so', async () => {
    await using gallery = await openGallery(shared.browser);
    const { page } = gallery;
    await copy(page, 'Copy report');
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('report');
  });

  it('holds two thousand lines with a few rows, follows the end until the hand scrolls up', async () => {
    await using gallery = await openGallery(shared.browser);
    const { page } = gallery;
    const list = page.getByRole('log', { name: 'Log' });
    await list.scrollIntoViewIfNeeded();
    await page.getByText('DNLOAD block 0 ').waitFor();
    expect(await list.locator('code').count()).toBeLessThan(60);
    await page.getByRole('switch', { name: 'Follow' }).click();
    await page.getByText('DNLOAD block 1999 ').waitFor();
    await page.getByRole('button', { name: 'Add a line' }).click();
    await page.getByText('DNLOAD block 2000 ').waitFor();
    await list.hover();
    await page.mouse.wheel(0, -4000);
    await page.getByText('DNLOAD block 2000 ').waitFor({ state: 'detached' });
    await expect.poll(() => page.getByRole('switch', { name: 'Follow' }).isChecked()).toBe(false);
    await page.getByRole('button', { name: 'Add a line' }).click();
    await page.waitForTimeout(200);
    expect(await page.getByText('DNLOAD block 2001 ').count()).toBe(0);
    await list.focus();
    await page.keyboard.press('End');
    await expect.poll(() => page.getByRole('switch', { name: 'Follow' }).isChecked()).toBe(true);
  });

  it('reads the memory map out under the pointer and as a table', async () => {
    await using gallery = await openGallery(shared.browser);
    const { page } = gallery;
    const map = page.locator('[data-sheet=maps] figure').first();
    const drawing = map.getByRole('img');
    expect(await drawing.getAttribute('aria-label')).toBe(
      'Internal Flash: 16 KB unchanged, 2.0 KB kept, 78.0 KB written, 32 KB not touched',
    );
    await drawing.hover({ position: { x: 970, y: 50 } });
    await map.getByText('Sector 64 of 64, 0x0801F800-0x0801FFFF, 2 KB: not touched').waitFor();
    await map.getByRole('button', { name: 'Addresses as a table' }).click();
    await expect.poll(() => map.getByRole('row').count()).toBe(5);
  });

  it('keeps still for those who asked for it', async () => {
    await using gallery = await openGallery(shared.browser, { reducedMotion: true });
    const running = await gallery.page.evaluate(
      () => document.getAnimations().filter((animation) => animation.playState === 'running').length,
    );
    expect(running).toBe(0);
  });
});
