// Many boards from the page on bad days: a hub that is too weak, and a program that was ended in the middle of it.
import { expect, it } from 'vitest';
import { realClock } from '../../main/base/clock.ts';
import { HubPower } from '../../main/bench/hub-power.ts';
import { describeInBrowser } from '../page/in-browser.ts';
import { leaveKilledBatch } from '../support/past-jobs.ts';
import { buildPage, card, openApp } from './app.ts';
import { dfuFile } from './firmware-files.ts';
import { axeFinds } from '../page/looks.ts';
import { goButton, holdsIt, openSeveral, plug } from './many-boards.ts';

describeInBrowser('many boards on bad days', buildPage, (shared) => {
  it('goes on with the next boards after a restart, for as many as are left, and only when told to', async () => {
    await using app = await openApp(shared.browser);
    const { name, buffer } = dfuFile();
    const file = { name, bytes: new Uint8Array(buffer) };
    const doneAt = { portPath: 'virtual-1', serial: 'FFFFFFFEFFFF', virtual: true };
    await leaveKilledBatch(app.rig.host.paths, file, 'nanovna-h', doneAt);
    await using opened = await app.open();
    const { page } = opened;
    const left = page.getByRole('region', { name: 'Boards that were under way when Rekindle ended' });
    await left.getByText('nanovna.dfu: 1 of 3 done, 1 in doubt, 1 not begun.').waitFor();
    await left.getByRole('button', { name: 'Go on' }).click();
    await page.getByRole('radio', { name: 'Those I plug in next', checked: true }).waitFor();
    await expect.poll(() => page.getByRole('textbox', { name: 'Stop after' }).inputValue()).toBe('2');
    // The one that was done, where it stood then, and another that is there too early.
    const [done, early] = plug(app, 2);
    const go = page.getByRole('button', { name: /install nanovna\.dfu on the next 2 boards/i });
    await go.waitFor();
    expect(early?.statistics.dataBytes).toBe(0);
    expect(done?.portPath).toBe('virtual-1');
    app.rig.bench.act(early?.portPath ?? '', { act: 'unplug' });
    await go.click();
    // It was without a backup then, and what only the boards can tell is settled anew.
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /Install|Go on/ })
      .click();
    await page.getByText('Plug in the next board. The lane that waits says what to do with it.').waitFor();
    const boards = plug(app, 2);
    const batch = page.getByRole('region', { name: 'nanovna.dfu' });
    await batch.getByText('Over.').waitFor();
    await expect.poll(() => batch.locator('dd').allTextContents()).toEqual(['2', '0']);
    expect(boards.map(holdsIt)).toEqual([true, true]);
    expect(done?.statistics.dataBytes).toBe(0);
    await page.getByRole('link', { name: 'All boards' }).click();
    await card(page, boards[0]?.portPath ?? '').waitFor();
    await left.waitFor({ state: 'detached' });
    expect(opened.troubles).toEqual([]);
  });

  it('says that a hub may be too weak, lowers how many run, and takes that back when told to', async () => {
    await using app = await openApp(shared.browser, { timeScale: 1 });
    const hub = new HubPower(realClock, 1);
    const boards = Array.from({ length: 4 }, () => app.plug('nanovna-h', { hub }));
    await using opened = await app.open();
    const { page } = opened;
    await openSeveral(page, 'virtual-4');
    // All are near their first erase together, however unevenly a busy computer served them until then.
    const read = (portPath: string | undefined): number =>
      boards.find((board) => board.portPath === portPath)?.statistics.upload ?? 0;
    app.halt((port) => read(port) >= 20 && boards.some(({ portPath }) => read(portPath) < 20));
    await goButton(page).click();
    const note = page.getByRole('status').filter({ hasText: 'a hub may not give enough power' });
    await note.waitFor();
    await note.getByText(/^Only [12] at a time/).waitFor();
    await note
      .getByText(/were lost at the same moment while they were written\. The hub at virtual /)
      .waitFor();
    await page.getByRole('region', { name: 'nanovna.dfu' }).getByText('Over.').waitFor();
    expect(hub.dips).toBeGreaterThan(0);
    expect(boards.map(holdsIt)).toContain(false);
    if (process.env['REKINDLE_SHOTS'] !== undefined)
      await page.screenshot({ path: `${process.env['REKINDLE_SHOTS']}/lowered.png` });
    expect(await axeFinds(page)).toEqual([]);
    await note.getByRole('button', { name: 'Go back to 16 at a time' }).click();
    await note.waitFor({ state: 'detached' });
    expect(opened.troubles).toEqual([]);
  });
});
