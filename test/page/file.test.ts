// The page of a file: what it is, its bytes, what differs, and what would stand against flashing it.
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { writeIntelHex } from '../../main/images/formats/ihex-write.ts';
import { program } from '../support/rig.ts';
import { zipFile } from '../support/maker-files.ts';
import { describeInBrowser } from './in-browser.ts';
import { axeFinds } from './looks.ts';
import { buildPage, openPage } from './studio-page.ts';

const settings = new Uint8Array(40);
settings.set(new TextEncoder().encode('Needle in 0x0801F804'));

/** A program and, behind a gap, settings that do not begin at a full row. */
function twoSegments(change?: (bytes: Uint8Array) => void): Buffer {
  const bytes = program(50_000);
  change?.(bytes);
  return Buffer.from(
    writeIntelHex([
      { start: 0x08000000, bytes },
      { start: 0x0801f804, bytes: settings },
    ]),
  );
}

async function choose(page: Page, button: string, name: string, buffer: Buffer): Promise<void> {
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: button }).click();
  await (await chooser).setFiles({ name, mimeType: '', buffer });
}

async function openFile(page: Page, name: string, buffer: Buffer): Promise<void> {
  await page.getByRole('link', { name: 'File', exact: true }).click();
  await choose(page, 'Choose a firmware file', name, buffer);
}

function rowAt(page: Page, address: string) {
  return page.locator(`[role=row][data-address="${address}"]`);
}

/** The row as it is written: two digits a byte. */
function hexOf(bytes: Uint8Array): string {
  const pairs = [...bytes].map((byte) => byte.toString(16).toUpperCase().padStart(2, '0'));
  return `${pairs.slice(0, 8).join(' ')}  ${pairs.slice(8).join(' ')}`;
}

describeInBrowser('the file page', buildPage, (shared) => {
  it('says what a file is, and shows its bytes and its gaps', async () => {
    await using opened = await openPage(shared.browser);
    const { page } = opened;
    await openFile(page, 'two.hex', twoSegments());
    await page.getByRole('heading', { name: 'two.hex' }).waitFor();
    await page.getByText('Intel HEX', { exact: true }).waitFor();
    await page.getByText(/begins like a program for a Cortex-M chip/).waitFor();
    await expect
      .poll(() => rowAt(page, '0x08000010').textContent())
      .toContain(hexOf(program(50_000).subarray(16, 32)));
    await page.getByRole('button', { name: /0x0801F804-0x0801F82B/ }).click();
    await page.getByText('0x0800C350-0x0801F803: 77.2 KB that are not in this file').waitFor();
    await expect
      .poll(() => rowAt(page, '0x0801F800').textContent())
      .toContain(`${' '.repeat(12)}4E 65 65 64  6C 65`);
    expect(opened.troubles).toEqual([]);
  });

  it('jumps, searches and walks by keyboard', async () => {
    await using opened = await openPage(shared.browser);
    const { page } = opened;
    await openFile(page, 'two.hex', twoSegments());
    const address = page.getByRole('textbox', { name: 'Go to address' });
    await address.fill('0x08004321');
    await address.press('Enter');
    const selected = page.locator('[role=row][aria-selected=true]');
    await expect.poll(() => selected.getAttribute('data-address')).toBe('0x08004320');
    await page.getByText('0x08004321', { exact: true }).waitFor();
    await address.fill('0x08010000');
    await address.press('Enter');
    await page.getByText('The file has nothing there; the next byte is at 0x0801F804').waitFor();
    await address.fill('zz');
    await page.getByText('An address, as 0x08000000').waitFor();

    const grid = page.getByRole('grid');
    await grid.focus();
    await page.keyboard.press('Control+Home');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowRight');
    await page.getByText('0x08000021', { exact: true }).waitFor();
    expect(await grid.getAttribute('aria-activedescendant')).toBe(await selected.getAttribute('id'));
    await page.keyboard.press('Control+End');
    await expect.poll(() => selected.getAttribute('data-address')).toBe('0x0801F820');

    const search = page.getByRole('searchbox', { name: 'Search' });
    await page.keyboard.press('Control+Home');
    await search.fill('Needle');
    await search.press('Enter');
    await page.getByText('Found at 0x0801F804', { exact: true }).waitFor();
    await expect.poll(() => selected.getAttribute('data-address')).toBe('0x0801F800');
    await search.press('Enter');
    await page.getByText('From the beginning again: found at 0x0801F804').waitFor();
    await page.getByRole('radio', { name: 'Hex' }).click();
    await search.fill('4e 6');
    await page.getByText('Two digits a byte, as DE AD BE EF').waitFor();
    await search.fill('01 01 00 08');
    await search.press('Enter');
    await page.getByText('found at 0x08000004').waitFor();
    await search.fill('ff 00 ff 00 ff 00 ff');
    await search.press('Enter');
    await page.getByText('It is nowhere in this file').waitFor();
    expect(opened.troubles).toEqual([]);
  });

  it('compares with a changed copy, difference by difference', async () => {
    await using opened = await openPage(shared.browser);
    const { page } = opened;
    await openFile(page, 'two.hex', twoSegments());
    await page.getByRole('button', { name: 'Compare with' }).click();
    const changed = twoSegments((bytes) => {
      bytes.set([0xaa, 0xbb], 0x2000);
      bytes.set([0xcc], 0x9005);
    });
    await choose(page, 'Choose a second file', 'changed.hex', changed);
    await page.getByText('They differ at 2 places.').waitFor();
    const selected = page.locator('[role=row][aria-selected=true]');
    await expect.poll(() => selected.getAttribute('data-address')).toBe('0x08002000');
    // What the other has there stands below.
    await page.getByText(/^AA BB /).waitFor();
    await page.getByRole('button', { name: 'Next difference' }).click();
    await expect.poll(() => selected.getAttribute('data-address')).toBe('0x08009000');
    await expect.poll(() => page.getByRole('button', { name: 'Next difference' }).isDisabled()).toBe(true);
    await page.getByRole('button', { name: 'Previous difference' }).click();
    await expect.poll(() => selected.getAttribute('data-address')).toBe('0x08002000');
    // The other's bytes are fetched for themselves.
    await expect.poll(() => rowAt(page, '0x08002000').locator('.changed').count()).toBeGreaterThan(0);
    await page.getByRole('button', { name: 'Stop comparing' }).click();
    await expect.poll(() => page.locator('.changed').count()).toBe(0);
    expect(opened.troubles).toEqual([]);
  });

  it('compares with a backup, and the same bytes are the same', async () => {
    await using opened = await openPage(shared.browser);
    const { page } = opened;
    await page.getByRole('button', { name: 'Plug in' }).click();
    await page.getByRole('link', { name: /STM32F072/ }).click();
    await page.getByRole('button', { name: 'Back up now' }).click();
    await page
      .getByText(/Backed up to/)
      .first()
      .waitFor();
    await openFile(page, 'blank.bin', Buffer.alloc(256, 0xff));
    await page.getByRole('button', { name: 'Compare with' }).click();
    await page.getByRole('combobox', { name: 'A backup' }).click();
    await page.getByRole('option').first().click();
    await page.getByText(/Compared with stm32f072|Compared with virtual-stm32f072/).waitFor();
    await page.getByText(/Only the other has bytes at/).waitFor();
  });

  it('checks against a chip and a virtual board, and hands the file over to it', async () => {
    await using opened = await openPage(shared.browser);
    const { page } = opened;
    await page.getByRole('button', { name: 'Plug in' }).click();
    await page.getByRole('link', { name: /STM32F072/ }).waitFor();
    await openFile(page, 'two.hex', twoSegments());
    const against = page.getByRole('combobox', { name: 'Check against' });
    await against.click();
    await page.getByRole('option', { name: 'STM32F303xC' }).click();
    await page.getByText('Nothing stands against writing it to this STM32F303xC.').waitFor();
    await against.click();
    await page.getByRole('option', { name: /STM32F072, / }).click();
    await page.getByText('Nothing stands against writing it to this STM32F072.').waitFor();
    await expect.poll(() => page.locator('[data-check=areas]').getAttribute('data-verdict')).toBe('passed');
    await page.getByRole('img', { name: /Internal Flash: .*written/ }).waitFor();
    await page.getByRole('button', { name: 'Use it on STM32F072' }).click();
    await page.getByRole('heading', { name: 'What will happen' }).waitFor();
    await page.getByRole('button', { name: /Back up, then install two.hex/ }).waitFor();
    expect(opened.troubles).toEqual([]);
  });

  it('asks where plain bytes go, and tells what does not fit', async () => {
    await using opened = await openPage(shared.browser);
    const { page } = opened;
    await openFile(page, 'large.bin', Buffer.from(program(200_000)));
    await page.getByRole('combobox', { name: 'Check against' }).click();
    await page.getByRole('option', { name: 'STM32F072' }).click();
    const where = page.getByRole('textbox', { name: 'Address', exact: true });
    await where.fill('0x08000000');
    await where.press('Enter');
    await page.getByText('It cannot be written to this STM32F072.').waitFor();
    await expect.poll(() => page.locator('[data-check=fits]').getAttribute('data-verdict')).toBe('refuse');
  });

  it('lets one choose among the files of an archive, and looks at nonsense as bytes', async () => {
    await using opened = await openPage(shared.browser);
    const { page } = opened;
    const zip = zipFile({
      'one.hex': twoSegments(),
      'two.hex': twoSegments((bytes) => bytes.fill(1, 100)),
    });
    await openFile(page, 'both.zip', Buffer.from(zip));
    await page.getByRole('button', { name: 'two.hex' }).click();
    await page.getByRole('heading', { name: 'two.hex' }).waitFor();
    await page.getByText('both.zip').waitFor();
    await choose(page, 'Choose another file', 'broken.hex', Buffer.from(':00000001FE\r\n'));
    await page.getByRole('button', { name: 'Look at its bytes as they are' }).click();
    await page.getByRole('heading', { name: 'broken.hex' }).waitFor();
    await expect.poll(() => rowAt(page, '0x00000000').textContent()).toContain('3A 30 30 30');
  });

  it('goes on after the connection was lost, with the same two files', async () => {
    await using opened = await openPage(shared.browser);
    const { page } = opened;
    const [first, second] = [program(200_000, 1), program(200_000, 2)];
    await openFile(page, 'first.bin', Buffer.from(first));
    await page.getByRole('button', { name: 'Compare with' }).click();
    await choose(page, 'Choose a second file', 'second.bin', Buffer.from(second));
    await page.getByText(/They differ at/).waitFor();
    // It tries again after a second: who looks for it only then may come too late.
    const lost = page.getByText('The connection to Rekindle is lost.').waitFor();
    await opened.cutConnection();
    await lost;
    await page.getByText('The connection to Rekindle is lost.').waitFor({ state: 'detached' });
    const address = page.getByRole('textbox', { name: 'Go to address' });
    await address.fill('0x00020000');
    await address.press('Enter');
    await expect
      .poll(() => rowAt(page, '0x00020000').textContent())
      .toContain(hexOf(first.subarray(0x20000, 0x20010)));
    await page.getByText(hexOf(second.subarray(0x20000, 0x20010)).replace('  ', ' ')).waitFor();
  });

  it('scrolls 16 MB without ever keeping the page waiting', async () => {
    await using opened = await openPage(shared.browser, { trusted: true });
    const { page } = opened;
    const bytes = Buffer.alloc(16 * 1024 * 1024);
    for (let at = 0; at < bytes.length; at += 4) bytes.writeUInt32LE(at, at);
    await openFile(page, 'sixteen.bin', bytes);
    await page.getByRole('heading', { name: 'sixteen.bin' }).waitFor({ timeout: 60_000 });
    await expect.poll(() => rowAt(page, '0x00000000').textContent()).toContain('00 00 00 00 04 00 00 00');
    const grid = page.getByRole('grid');
    await grid.scrollIntoViewIfNeeded();
    await grid.hover();
    // Processor time of the page's main thread: the clock on the wall also counts what others do on this machine.
    const devtools = await page.context().newCDPSession(page);
    await devtools.send('Performance.enable');
    const threadMs = async (): Promise<number> => {
      const { metrics } = await devtools.send('Performance.getMetrics');
      return (metrics.find(({ name }) => name === 'ThreadTime')?.value ?? NaN) * 1000;
    };
    const steps: number[] = [];
    const step = async (act: () => Promise<void>): Promise<void> => {
      const before = await threadMs();
      await act();
      await page.waitForTimeout(30);
      steps.push((await threadMs()) - before);
    };
    for (let turn = 0; turn < 20; turn++) await step(() => page.mouse.wheel(0, 3_000));
    // By the bar, all over the file.
    for (let turn = 1; turn <= 20; turn++) {
      await step(() =>
        grid.evaluate((box, part) => {
          box.scrollTop = (box.scrollHeight - box.clientHeight) * part;
        }, turn / 20),
      );
    }
    // A whole step is more than any task in it.
    expect(Math.max(...steps)).toBeLessThan(50);
    await expect.poll(() => rowAt(page, '0x00FFFFF0').textContent()).toContain('F0 FF FF 00 F4 FF FF 00');
    expect(await page.locator('[role=row]').count()).toBeLessThan(40);
    expect(await page.locator('[role=grid] *').count()).toBeLessThan(400);
  });

  it.each(['light', 'dark'] as const)('has nothing that axe finds in the %s theme', async (theme) => {
    await using opened = await openPage(shared.browser, { theme, trusted: true });
    const { page } = opened;
    await openFile(page, 'two.hex', twoSegments());
    await page.getByRole('combobox', { name: 'Check against' }).click();
    await page.getByRole('option', { name: 'STM32F072' }).click();
    await page.getByText('Nothing stands against').waitFor();
    await page.getByRole('button', { name: 'Compare with' }).click();
    await choose(
      page,
      'Choose a second file',
      'changed.hex',
      twoSegments((bytes) => bytes.fill(0, 0x2000, 0x2004)),
    );
    await page.getByText('They differ at 1 place.').waitFor();
    expect(await axeFinds(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(1024);
    const shots = process.env['REKINDLE_PHOTOS'];
    if (shots !== undefined) {
      await page.setViewportSize({ width: 1024, height: 2200 });
      await page.screenshot({ path: `${shots}/file-${theme}.png` });
    }
  });
});
