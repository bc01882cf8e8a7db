// What becomes known without a click: the daily look's one notice, a folder's new file, and the maker's page behind its link.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { realClock, type Clock } from '../../main/base/clock.ts';
import { nanovnaProgram } from '../../main/bench/boards/nanovna-program.ts';
import { openSources } from '../../main/offers/sources.ts';
import { startFirmwareServer, type FirmwareServer } from '../support/firmware-server.ts';
import { indexAt, indexBytes, makeUpdatesRig } from '../support/updates-rig.ts';
import { describeInBrowser } from '../page/in-browser.ts';
import { buildPage, card, openApp } from './app.ts';
import { axeFinds } from '../page/looks.ts';

const program = (version: string) =>
  nanovnaProgram({ family: 'dislord', model: 'NanoVNA-H', version }, 90_000, 5);

/** The pause between two days, and between two looks into a folder, is short; the calendar is the test's. */
const clock: Clock = {
  now: () => realClock.now(),
  after: (milliseconds, action) =>
    realClock.after(milliseconds === 10 * 60_000 || milliseconds === 3_000 ? 50 : milliseconds, action),
};

function offer(server: FirmwareServer, version: string, sequence: number): void {
  const content = program(version);
  server.on('/index.json', indexBytes({ version, content, sequence }));
  server.on(`/rocket_${version}.bin`, content);
}

/** A person's own sources: an index, a folder and a page of the maker's. */
function openAll(server: FirmwareServer) {
  const rig = makeUpdatesRig(server);
  const folder = mkdtempSync(path.join(tmpdir(), 'rekindle-daily-'));
  mkdirSync(rig.services.folder, { recursive: true });
  const sources = [
    indexAt(server.origin),
    { kind: 'folder', id: 'mine', folder, assets: [{ name: 'H_{version}.bin' }], source: 'test' },
    {
      kind: 'page',
      id: 'web',
      address: 'https://maker.example/firmware',
      take: 'Take the .dfu.',
      source: 'test',
    },
  ].map((source) => ({ board: 'nanovna-h', source }));
  writeFileSync(path.join(rig.services.folder, 'sources.json'), JSON.stringify({ sources }));
  return {
    rig,
    folder,
    sources: openSources({ ...rig.services, clock }),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}

describeInBrowser('what becomes known without a click', buildPage, (shared) => {
  it('is shown on cards, and said once', async () => {
    await using server = await startFirmwareServer();
    using all = openAll(server);
    offer(server, '1.2.3', 1);
    await using app = await openApp(shared.browser, { sources: all.sources });
    await using opened = await app.open({ size: { width: 1024, height: 900 }, trusted: true });
    const { page } = opened;
    const board = app.plug('nanovna-h', { startIn: 'app', firmwareVersion: '1.2.3' });
    const mine = card(page, board.portPath).locator('..');
    await mine.getByRole('button', { name: 'Look for updates' }).click();
    await mine.getByText(/^Nothing newer found/).waitFor();

    // A folder that was looked into: its new file comes by itself, without a notice.
    writeFileSync(path.join(all.folder, 'H_1.2.9.bin'), program('1.2.9'));
    await mine.getByText('1.2.9 is available').waitFor();
    const notice = page.getByRole('status', { name: 'News of firmware' });
    expect(await notice.textContent()).toBe('');

    // A day goes by, and the maker publishes; it is not switched on.
    offer(server, '1.3.0', 2);
    const asked = server.asked.length;
    all.rig.date = new Date(Date.now() + 2 * 24 * 60 * 60_000);
    await page.waitForTimeout(500);
    expect(server.asked).toHaveLength(asked);
    await page.getByRole('link', { name: 'Settings' }).click();
    await page.getByRole('switch', { name: 'Look for firmware once a day' }).click();
    await notice.getByText('Newer firmware is known: 1.3.0 for NanoVNA-H.').waitFor();
    expect(await axeFinds(page, ['serious', 'critical'])).toEqual([]);
    const shots = process.env['REKINDLE_SHOTS'];
    if (shots !== undefined) await page.screenshot({ path: `${shots}/daily-notice.png` });
    await notice.getByRole('link', { name: 'Show the boards' }).click();
    await mine.getByRole('button', { name: 'Update to 1.3.0' }).waitFor();
    await notice.getByRole('button', { name: 'Understood' }).click();
    await expect.poll(() => notice.textContent()).toBe('');

    // A board that comes later shows what is kept.
    const later = app.plug('nanovna-h', { startIn: 'app', firmwareVersion: '1.2.3' });
    await card(page, later.portPath)
      .locator('..')
      .getByText(/^Which version it holds is not known; 2 are available \(looked on /)
      .waitFor();
    expect(await notice.textContent()).toBe('');
    expect(opened.troubles).toEqual([]);
  });

  it("leads to the maker's page in another tab, which learns nothing of this one", async () => {
    await using server = await startFirmwareServer();
    using all = openAll(server);
    offer(server, '1.3.0', 1);
    await using app = await openApp(shared.browser, { sources: all.sources });
    await using opened = await app.open();
    const { page } = opened;
    const told: Record<string, string>[] = [];
    await page.context().route('https://maker.example/**', async (route) => {
      told.push(await route.request().allHeaders());
      await route.fulfill({ contentType: 'text/html', body: '<title>The maker</title>' });
    });
    const board = app.plug('nanovna-h', { startIn: 'app', firmwareVersion: '1.2.3' });
    const mine = card(page, board.portPath).locator('..');
    await mine.getByRole('button', { name: 'Look for updates' }).click();
    await mine.getByRole('button', { name: 'More of its firmware' }).click();
    const coming = page.context().waitForEvent('page');
    await mine.getByRole('link', { name: 'https://maker.example/firmware' }).click();
    const other = await coming;
    await other.waitForLoadState();
    expect(await other.title()).toBe('The maker');
    expect(await other.evaluate(() => window.opener === null && document.referrer === '')).toBe(true);
    expect(told).toHaveLength(1);
    expect(told[0]?.['referer']).toBeUndefined();
    // This one stayed where it was.
    await mine.getByRole('button', { name: 'Update to 1.3.0' }).waitFor();
    expect(new URL(page.url()).origin).toBe(app.server.origin);
    expect(opened.troubles).toEqual([]);
  });

  it('has the shell open it where the page may open nothing itself', async () => {
    await using server = await startFirmwareServer();
    using all = openAll(server);
    offer(server, '1.3.0', 1);
    const addresses: string[] = [];
    const openAddress = (address: string): Promise<void> => {
      addresses.push(address);
      return Promise.resolve();
    };
    await using app = await openApp(shared.browser, { sources: all.sources, actions: { openAddress } });
    await using opened = await app.open();
    const { page } = opened;
    const board = app.plug('nanovna-h', { startIn: 'app', firmwareVersion: '1.2.3' });
    const mine = card(page, board.portPath).locator('..');
    await mine.getByRole('button', { name: 'Look for updates' }).click();
    await mine.getByRole('button', { name: 'More of its firmware' }).click();
    const link = mine.getByRole('link', { name: 'https://maker.example/firmware' });
    await link.click();
    await expect.poll(() => addresses).toEqual(['https://maker.example/firmware']);
    await link.focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => addresses).toHaveLength(2);
    expect(page.context().pages()).toHaveLength(1);
    expect(opened.troubles).toEqual([]);
  });
});
