// One click from "1.3.0 is available" to three ticks: with a server, without one, and back again.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { nanovnaProgram } from '../../main/bench/boards/nanovna-program.ts';
import { openSources } from '../../main/offers/sources.ts';
import { startFirmwareServer, type FirmwareServer } from '../support/firmware-server.ts';
import { indexAt, indexBytes, makeUpdatesRig, release } from '../support/updates-rig.ts';
import { describeInBrowser } from '../page/in-browser.ts';
import { axeFinds } from '../page/looks.ts';
import { buildPage, card, openApp, ticks } from './app.ts';

const newer = nanovnaProgram({ family: 'dislord', model: 'NanoVNA-H', version: '1.3.0' }, 90_000, 5);
const notes = 'Sweeps faster.\n<img src=x onerror="document.title=1">\n' + 'A long line. '.repeat(40);

/** A person's own source at this server, as `rekindle sources` would write it. */
function sourcesAt(server: FirmwareServer) {
  const { services } = makeUpdatesRig(server);
  mkdirSync(services.folder, { recursive: true });
  const own = { sources: [{ board: 'nanovna-h', source: indexAt(server.origin) }], keys: [] };
  writeFileSync(path.join(services.folder, 'sources.json'), JSON.stringify(own));
  server.on('/index.json', indexBytes({ version: '1.3.0', content: newer, entry: { notes } }));
  server.on('/rocket_1.3.0.bin', newer);
  return openSources(services);
}

/** Three clicks, and no other. */
async function update(page: Page, portPath: string): Promise<Locator[]> {
  const mine = card(page, portPath).locator('..');
  const clicks = [
    mine.getByRole('button', { name: /^Look (for updates|again)$/ }),
    mine.getByRole('button', { name: 'Update to 1.3.0' }),
    page.getByRole('button', { name: /^Back up, then install 1\.3\.0 on this virtual / }),
  ];
  for (const one of clicks) await one.click();
  return clicks;
}

describeInBrowser('updates, end to end', buildPage, (shared) => {
  it('goes from a newer version to three ticks in three clicks, the same without a network, and back in two', async () => {
    const server = await startFirmwareServer();
    await using app = await openApp(shared.browser, { sources: sourcesAt(server) });
    await using opened = await app.open();
    const { page } = opened;
    const board = app.plug('nanovna-h', { startIn: 'app', firmwareVersion: '1.2.3' });
    const before = board.flash.slice();
    await card(page, board.portPath).waitFor();
    expect(server.asked).toEqual([]);

    const clicks = await update(page, board.portPath);
    expect(clicks).toHaveLength(3);
    expect(await ticks(page)).toEqual(['yes', 'yes', 'yes']);
    expect(board.flash.subarray(0, newer.length)).toEqual(newer);
    expect(server.asked).toEqual(
      ['/index.json', '/index.json.sig', '/rocket_1.3.0.bin'].filter((one) => server.asked.includes(one)),
    );

    // Back to what was on it: two clicks.
    await page.getByRole('button', { name: 'Back to what was on it' }).click();
    await page.getByRole('button', { name: /^Back up, then restore .* on this virtual / }).click();
    await page.getByRole('heading', { name: /^Restoring|^Installed|^Restored/ }).waitFor();
    await expect.poll(async () => (await ticks(page)).join(' ')).toBe('yes yes yes');
    expect(board.flash).toEqual(before);

    // Nobody answers any more; what was seen and fetched is kept.
    await server[Symbol.asyncDispose]();
    const other = app.plug('nanovna-h', { startIn: 'app', firmwareVersion: '1.2.3' });
    await page.getByRole('link', { name: 'Boards', exact: true }).first().click();
    await card(page, other.portPath).waitFor();
    await update(page, other.portPath);
    expect(await ticks(page)).toEqual(['yes', 'yes', 'yes']);
    expect(other.flash.subarray(0, newer.length)).toEqual(newer);
    await page.getByRole('link', { name: 'Boards', exact: true }).first().click();
    await card(page, other.portPath)
      .locator('..')
      .getByText(/^Nothing newer found \(looked on /)
      .waitFor();
    expect(opened.troubles).toEqual([]);
  });

  it('shows what is new as plain text, what changes, and who vouches for it', async () => {
    await using server = await startFirmwareServer();
    await using app = await openApp(shared.browser, { sources: sourcesAt(server) });
    await using opened = await app.open({ size: { width: 1024, height: 900 } });
    const { page } = opened;
    const board = app.plug('nanovna-h', { startIn: 'app', firmwareVersion: '1.2.3' });
    const mine = card(page, board.portPath).locator('..');
    await mine.getByRole('button', { name: 'Look for updates' }).click();
    await mine.getByText('1.3.0 is available').waitFor();
    const shots = process.env['REKINDLE_SHOTS'];
    if (shots !== undefined) await page.screenshot({ path: `${shots}/updates-card.png` });
    await mine.getByRole('button', { name: 'Update to 1.3.0' }).click();
    await page.getByRole('heading', { name: 'What will happen' }).waitFor();
    const told = page.getByRole('region', { name: 'What is new' });
    expect(await told.last().textContent()).toContain('<img src=x');
    expect(await page.title()).not.toBe('1');
    await page.getByText('1.2.3', { exact: true }).waitFor();
    await page.getByText(/Its content is what its maker.s digest says/).waitFor();
    await page.getByText(/First what is on the board is read into a file/).waitFor();
    if (shots !== undefined) {
      await page.screenshot({ path: `${shots}/updates-light.png`, fullPage: true });
      await page.emulateMedia({ colorScheme: 'dark' });
      await page.screenshot({ path: `${shots}/updates-dark.png`, fullPage: true });
    }
    expect(opened.troubles).toEqual([]);
  });

  it('says on the card what went wrong, and where to look oneself, without another click', async () => {
    await using server = await startFirmwareServer();
    await using app = await openApp(shared.browser, {
      sources: openSources(makeUpdatesRig(server).services),
    });
    await using opened = await app.open();
    const { page } = opened;
    server.on('/repos/odriverobotics/ODrive/releases', (_, response) => {
      response.writeHead(429, { 'retry-after': '60' }).end();
    });
    // Its maker has a page and nothing else.
    const nanovna = app.plug('nanovna-h', { startIn: 'app', firmwareVersion: '1.2.3' });
    const first = card(page, nanovna.portPath).locator('..');
    await first.getByRole('button', { name: 'Look for updates' }).click();
    await first.getByText('Its maker publishes on a page, for people to look at.').waitFor();
    await first.getByText('Take the file for the NanoVNA-H').waitFor();
    await first.getByRole('link', { name: 'https://github.com/DiSlord/NanoVNA-D' }).waitFor();
    // Written in flash mode alone, and looked for all the same.
    const odrive = app.plug('odrive-v3', { startIn: 'app' });
    const second = card(page, odrive.portPath).locator('..');
    await second.getByRole('button', { name: 'Look for updates' }).click();
    await second.getByText('Could not look for updates').waitFor();
    await second.getByText(/has answered too often to this network, and will again from /).waitFor();
    const long = 'A'.repeat(40);
    const asset = {
      name: 'ODriveFirmware_v3.6-56V.hex',
      size: 9,
      browser_download_url: `${server.origin}/o`,
    };
    server.on(
      '/repos/odriverobotics/ODrive/releases',
      JSON.stringify([release(long, undefined, { tag_name: `fw-v${long}`, assets: [asset] })]),
    );
    await second.getByRole('button', { name: 'Look again' }).click();
    await second.getByText(/There is firmware for v3\.6-56V, and this board has not said which/).waitFor();
    // In flash mode it says so itself; the longest version there may be stays within its card.
    const ready = app.plug('odrive-v3', { startIn: 'dfu' });
    const third = card(page, ready.portPath).locator('..');
    await third.getByRole('button', { name: 'Look for updates' }).click();
    await third.getByText(/^Which version it holds is not known; one is available/).waitFor();
    await third.getByRole('button', { name: 'More of its firmware' }).click();
    await third.getByRole('button', { name: `Install ${long}` }).waitFor();
    expect(await third.evaluate((one) => one.scrollWidth <= one.clientWidth)).toBe(true);
    expect(opened.troubles).toEqual([]);
  });

  it('is led on from the card where nobody knows which board it is: a person says so', async () => {
    await using server = await startFirmwareServer();
    await using app = await openApp(shared.browser, { sources: sourcesAt(server) });
    await using opened = await app.open({ trusted: true });
    const { page } = opened;
    const board = app.plug('nanovna-h', { startIn: 'dfu', firmwareVersion: '1.2.3' });
    const mine = card(page, board.portPath).locator('..');
    await mine.getByRole('button', { name: 'Look for updates' }).click();
    await mine.getByText(/^Nothing can be offered before it is known which board this is/).waitFor();
    expect(server.asked).toEqual([]);
    expect(await axeFinds(page, ['serious', 'critical'])).toEqual([]);
    await mine.getByRole('button', { name: 'It is NanoVNA or NanoVNA-H' }).click();
    await mine.getByText('1.3.0 is available').waitFor();
    await mine.getByRole('button', { name: 'Update to 1.3.0' }).click();
    await page.getByText('It holds 1.2.3 (read from its flash)').waitFor();
    await page.getByRole('button', { name: /^Back up, then install 1\.3\.0 on this virtual / }).click();
    expect(await ticks(page)).toEqual(['yes', 'yes', 'yes']);
    expect(board.flash.subarray(0, newer.length)).toEqual(newer);
    expect(opened.troubles).toEqual([]);
  });
});
