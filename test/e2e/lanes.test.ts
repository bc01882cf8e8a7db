// Many boards from the page: one recipe, lanes side by side, and what a person does about them. Judged by the boards' flash.
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { Fault } from '../../main/bench/faults.ts';
import { leaveKilledBatch } from '../support/past-jobs.ts';
import { describeInBrowser } from '../page/in-browser.ts';
import { axeFinds } from '../page/looks.ts';
import { buildPage, card, chooseFirmware, mainButton, openApp } from './app.ts';
import { dfuFile } from './firmware-files.ts';
import { goButton, holdsIt, lane, openSeveral, pick, plug } from './many-boards.ts';

/** Fails at its third block, every time it is asked to write it. */
const broken: Fault = { kind: 'status', at: 'block', index: 3, code: 3 };

describeInBrowser('many boards, end to end', buildPage, (shared) => {
  it('flashes all with one recipe; one that fails touches no other lane, and alone is tried again', async () => {
    await using app = await openApp(shared.browser);
    const boards = plug(app, 4, (index) => (index === 1 ? [broken] : []));
    await using opened = await app.open();
    const { page } = opened;
    await openSeveral(page, 'virtual-4');
    await page.getByRole('checkbox', { name: 'STM32F072, port virtual-4' }).uncheck();
    const before = boards[3]?.flash.slice();
    await goButton(page).filter({ hasText: 'on these 3 virtual boards' }).click();
    const batch = page.getByRole('region', { name: 'nanovna.dfu' });
    await batch.getByText('Over.').waitFor();
    await batch.getByText('of 3 done').waitFor();
    await expect.poll(() => batch.locator('dd').allTextContents()).toEqual(['2', '1']);
    await lane(page, 'virtual-2')
      .getByText(/The board reported an error at write/)
      .waitFor();
    await lane(page, 'virtual-2')
      .getByText(/No working firmware right now/)
      .waitFor();
    for (const port of ['virtual-1', 'virtual-3'])
      await lane(page, port).getByText('Installed: written, compared, started again').waitFor();
    expect(boards.map(holdsIt)).toEqual([true, false, true, false]);
    const requests = [0, 2].map((index) => boards[index]?.statistics.dataBytes);
    await batch.getByRole('button', { name: 'Try the failed one again' }).click();
    await lane(page, 'virtual-2').getByText('Installed: written, compared, started again').waitFor();
    await expect.poll(() => batch.locator('dd').allTextContents()).toEqual(['3', '0']);
    expect(boards.map(holdsIt)).toEqual([true, true, true, false]);
    // Only the failed one had another turn, and the one that was left out none.
    expect([0, 2].map((index) => boards[index]?.statistics.dataBytes)).toEqual(requests);
    expect(boards[3]?.flash).toEqual(before);
    const saved = page.waitForEvent('download');
    await batch.getByRole('button', { name: 'Save as a table' }).click();
    const rows = readFileSync(await (await saved).path(), 'utf8')
      .trimEnd()
      .split('\r\n');
    expect(rows[0]).toBe('time,board,port,serial,sha256,result,error,seconds');
    expect(rows.slice(1).map((row) => row.split(',')[5])).toEqual(
      expect.arrayContaining(['done', 'done', 'failed', 'done']) as string[],
    );
    // A virtual board says so in every table.
    expect(rows.slice(1).every((row) => row.split(',')[1]?.startsWith('virtual '))).toBe(true);
    expect(rows).toHaveLength(5);
    expect(opened.troubles).toEqual([]);
  });

  it('lets one at a time run, in the order that is wished, and pauses between blocks', async () => {
    await using app = await openApp(shared.browser);
    const boards = plug(app, 3);
    await using opened = await app.open();
    const { page } = opened;
    await openSeveral(page, 'virtual-3');
    // The limit is chosen where the lanes are.
    await page.evaluate(() => (location.hash = '#/lanes'));
    await page.getByRole('combobox', { name: 'At a time' }).click();
    await page.getByRole('option', { name: '1', exact: true }).click();
    await page.getByRole('button', { name: 'Flash several boards' }).click();
    await pick(page);
    // Each stands still in the middle until it was looked at.
    app.halt((port) => port === 'virtual-1' && (boards[0]?.statistics.blocks ?? 0) >= 5);
    await goButton(page).click();
    await lane(page, 'virtual-1').getByRole('progressbar').waitFor();
    await lane(page, 'virtual-2').getByText('Next in line.').waitFor();
    await lane(page, 'virtual-3').getByText('Number 2 in line.').waitFor();
    await page.getByRole('button', { name: 'Earlier, port virtual-3' }).click();
    await lane(page, 'virtual-3').getByText('Next in line.').waitFor();
    // Paused, it holds no place: the next begins. It goes on when one is free.
    await page.getByRole('button', { name: 'Pause, port virtual-1' }).click();
    await lane(page, 'virtual-1')
      .getByText(/Paus(ing|ed)/)
      .first()
      .waitFor();
    app.halt((port) => port === 'virtual-3' && (boards[2]?.statistics.blocks ?? 0) >= 5);
    await lane(page, 'virtual-1').getByText('Paused').waitFor();
    await lane(page, 'virtual-3').getByRole('progressbar').waitFor();
    await lane(page, 'virtual-2').getByText('Next in line.').waitFor();
    const atRest = boards[0]?.statistics.dataBytes;
    await page.getByRole('button', { name: 'Take out of the line, port virtual-2' }).click();
    await lane(page, 'virtual-2').getByText('Stopped before anything was changed').first().waitFor();
    app.goOn();
    await lane(page, 'virtual-3').getByText('Installed: written').waitFor();
    expect(boards[0]?.statistics.dataBytes).toEqual(atRest);
    await page.getByRole('button', { name: 'Go on, port virtual-1' }).click();
    await lane(page, 'virtual-1').getByText('Installed: written').waitFor();
    expect(boards.map(holdsIt)).toEqual([true, false, true]);
    expect(opened.troubles).toEqual([]);
  });

  it('asks before it leaves half a board, and stops that one alone', async () => {
    await using app = await openApp(shared.browser);
    const boards = plug(app, 2);
    await using opened = await app.open();
    const { page } = opened;
    await openSeveral(page, 'virtual-2');
    app.halt((port) => port === 'virtual-1' && (boards[0]?.statistics.blocks ?? 0) >= 5);
    await goButton(page).click();
    await lane(page, 'virtual-1').getByText('Writing').waitFor();
    // It stands: the end that is asked for comes at its next block, and not at once.
    await expect.poll(() => boards[0]?.statistics.blocks).toBe(5);
    await page.getByRole('button', { name: 'Stop, port virtual-1' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Let it run' }).click();
    await page.getByRole('button', { name: 'Stop, port virtual-1' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Stop it' }).click();
    await lane(page, 'virtual-1').getByText('Stopping').waitFor();
    app.goOn();
    await lane(page, 'virtual-1').getByRole('button', { name: 'Try again' }).waitFor();
    await lane(page, 'virtual-2').getByText('Installed: written').waitFor();
    expect(boards.map(holdsIt)).toEqual([false, true]);
    await lane(page, 'virtual-1').getByRole('button', { name: 'Try again' }).click();
    await lane(page, 'virtual-1').getByText('Installed: written').waitFor();
    expect(boards.map(holdsIt)).toEqual([true, true]);
  });

  it('takes the boards that are plugged in next, and stops after as many as were wished', async () => {
    await using app = await openApp(shared.browser);
    await using opened = await app.open();
    const { page } = opened;
    await page.getByRole('heading', { name: 'Plug in a board, or choose it' }).waitFor();
    await page.evaluate(() => (location.hash = '#/several'));
    await page.getByRole('radio', { name: 'Those I plug in next' }).click();
    await page.getByRole('combobox', { name: 'Kind of board' }).click();
    await page.getByRole('option', { name: 'NanoVNA or NanoVNA-H' }).click();
    await page.getByRole('textbox', { name: 'Stop after' }).fill('2');
    await pick(page);
    await page.getByRole('button', { name: /install nanovna\.dfu on the next 2 boards/ }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'I know. Go on all the same' }).click();
    await page.getByText('Plug in the next board. The lane that waits says what to do with it.').waitFor();
    await page.getByText('Any port').waitFor();
    const boards = plug(app, 2);
    const batch = page.getByRole('region', { name: 'nanovna.dfu' });
    await batch.getByText('Over.').waitFor();
    await expect.poll(() => batch.locator('dd').allTextContents()).toEqual(['2', '0']);
    expect(boards.map(holdsIt)).toEqual([true, true]);
    // Enough is enough.
    const third = app.plug('nanovna-h');
    const before = third.flash.slice();
    await lane(page, third.portPath).getByText('Nothing to do').waitFor();
    expect(third.flash).toEqual(before);
    expect(third.statistics.dataBytes).toBe(0);
    expect(opened.troubles).toEqual([]);
  });

  it('does the next board with the same image, and leaves alone what stands there', async () => {
    await using app = await openApp(shared.browser);
    const [first, other] = plug(app, 2);
    if (first === undefined || other === undefined) throw new Error('no boards');
    await using opened = await app.open();
    const { page } = opened;
    await chooseFirmware(page, first.portPath, dfuFile());
    await mainButton(page).click();
    await page.getByRole('button', { name: 'Next board, same image' }).click();
    const batch = page.getByRole('region', { name: 'nanovna.dfu' });
    await batch.getByText(/What is plugged in already is left alone/).waitFor();
    const next = app.plug('nanovna-h');
    await lane(page, next.portPath).getByText('Installed: written, compared, started again').waitFor();
    await batch.getByText('Over.').waitFor();
    expect([first, other, next].map(holdsIt)).toEqual([true, false, true]);
    expect(other.statistics.dataBytes).toBe(0);
    // And one more, with one button; another kind of board is not what was agreed to.
    await batch.getByRole('button', { name: 'Next board, same image' }).click();
    await batch.getByText(/What is plugged in already is left alone/).waitFor();
    const stranger = app.plug('stm32f405');
    const before = stranger.flash.slice();
    await batch.getByText('left as they were', { exact: true }).waitFor();
    expect(stranger.flash).toEqual(before);
    const third = app.plug('nanovna-h');
    await lane(page, third.portPath).getByText('Installed: written, compared, started again').waitFor();
    expect(holdsIt(third)).toBe(true);
    expect(holdsIt(other)).toBe(false);
    expect(opened.troubles).toEqual([]);
  });

  it('says what was under way when the program was killed, and goes on only when told to', async () => {
    await using app = await openApp(shared.browser);
    const { name, buffer } = dfuFile();
    await leaveKilledBatch(app.rig.host.paths, { name, bytes: new Uint8Array(buffer) });
    const boards = plug(app, 2);
    await using opened = await app.open();
    const { page } = opened;
    const left = page.getByRole('region', { name: 'Boards that were under way when Rekindle ended' });
    await left.getByText('nanovna.dfu: 1 of 3 done, 1 in doubt, 1 not begun.').waitFor();
    await left.getByRole('button', { name: 'Each board' }).click();
    await left.getByRole('link', { name: 'What is known of it' }).waitFor();
    expect(boards.map(({ statistics }) => statistics.dataBytes)).toEqual([0, 0]);
    await left.getByRole('button', { name: 'Go on' }).click();
    await goButton(page).filter({ hasText: 'Install nanovna.dfu on these 2 virtual boards' }).waitFor();
    expect(boards.map(({ statistics }) => statistics.dataBytes)).toEqual([0, 0]);
    await goButton(page).click();
    // It was without a backup then, and that is asked again.
    await page.getByRole('dialog').getByRole('button', { name: 'Install without a backup' }).click();
    await page.getByRole('region', { name: 'nanovna.dfu' }).getByText('Over.').waitFor();
    expect(boards.map(holdsIt)).toEqual([true, true]);
    await page.getByRole('link', { name: 'All boards' }).click();
    await page.getByRole('heading', { name: 'Boards', level: 1 }).waitFor();
    await card(page, 'virtual-1').waitFor();
    await left.waitFor({ state: 'detached' });
    expect(opened.troubles).toEqual([]);
  });

  it.each(['light', 'dark'] as const)(
    'has nothing in which axe finds anything serious, %s',
    async (theme) => {
      await using app = await openApp(shared.browser);
      const boards = plug(app, 3, (index) => (index === 1 ? [broken] : []));
      await using opened = await app.open({ theme, trusted: true });
      const { page } = opened;
      const found: Record<string, string[]> = {};
      const look = async (screen: string): Promise<void> => {
        const bad = await axeFinds(page, ['serious', 'critical']);
        if (bad.length > 0) found[screen] = bad;
      };
      await openSeveral(page, 'virtual-3');
      await look('several');
      const stand = (...ports: readonly string[]): void =>
        app.halt((port) =>
          boards.some(
            ({ portPath, statistics }) => portPath === port && ports.includes(port) && statistics.blocks >= 5,
          ),
        );
      stand('virtual-1', 'virtual-3');
      await goButton(page).click();
      await page.getByRole('button', { name: 'Pause, port virtual-3' }).click();
      await lane(page, 'virtual-3')
        .getByText(/Paus(ing|ed)/)
        .first()
        .waitFor();
      stand('virtual-1');
      await lane(page, 'virtual-3').getByText('Paused').waitFor();
      await look('lanes at work');
      app.goOn();
      await page.getByRole('button', { name: 'Go on, port virtual-3' }).click();
      await page.getByText('Over.').waitFor();
      await look('lanes at their ends');
      expect(found).toEqual({});
    },
  );

  it('is led by keys alone', async () => {
    await using app = await openApp(shared.browser);
    const boards = plug(app, 2);
    await using opened = await app.open();
    const { page } = opened;
    await card(page, 'virtual-2').waitFor();
    await page.getByRole('link', { name: 'Flash several boards' }).focus();
    await page.keyboard.press('Enter');
    const chooser = page.waitForEvent('filechooser');
    await page.getByRole('button', { name: 'Choose firmware' }).focus();
    await page.keyboard.press('Enter');
    await (await chooser).setFiles(dfuFile());
    await page.getByRole('checkbox', { name: 'STM32F072, port virtual-2' }).focus();
    await page.keyboard.press('Space');
    app.halt(() => (boards[0]?.statistics.blocks ?? 0) >= 5);
    await goButton(page).filter({ hasText: 'on this one virtual board' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Pause, port virtual-1' }).focus();
    await page.keyboard.press('Enter');
    await lane(page, 'virtual-1')
      .getByText(/Paus(ing|ed)/)
      .first()
      .waitFor();
    app.goOn();
    await lane(page, 'virtual-1').getByText('Paused').waitFor();
    await page.getByRole('button', { name: 'Go on, port virtual-1' }).focus();
    await page.keyboard.press('Enter');
    await lane(page, 'virtual-1').getByText('Installed: written').waitFor();
    expect(boards.map(holdsIt)).toEqual([true, false]);
  });
});
