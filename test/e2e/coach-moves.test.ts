// Each wrong move on the bench, and the word for it as a person reads it; photographed into dist/coach.
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import type { BenchAction } from '../../shared/bench-action.ts';
import { describeInBrowser } from '../page/in-browser.ts';
import { profileNamed } from '../support/family-boards.ts';
import { hastyClock } from '../support/hasty-clock.ts';
import { buildPage, chooseBoard, openApp, ticks, type App, type PlacedBoard } from './app.ts';
import { getReady } from './get-ready.ts';
import { Hand, stillHeld } from './hand.ts';
import { axeFinds, photograph } from '../page/looks.ts';

const pytrack = profileNamed('pycom-pytrack');
const control = 'MCLR button (S1)';
const hold: BenchAction = { act: 'hold', control };
const letGo: BenchAction = { act: 'let-go', control };
const plug: BenchAction = { act: 'plug' };
/** All of the coach in one look. */
const size = { width: 1024, height: 900 };
const unplug: BenchAction = { act: 'unplug' };

/** The word that is said, once it is; in one look, as some are said for a while only. */
async function remark(page: Page, code: string): Promise<string> {
  return (await page.locator(`[data-remark=${code}]`).innerText()).trim();
}

/** What else the page shows with it: what is due now, and how many tries it were. */
async function dueWith(page: Page): Promise<string> {
  const due = await page.locator('[data-due]').innerText();
  return `${due.replaceAll('\n', ' ')} (${await page.locator('[data-tries]').innerText()})`;
}

/** From the first step on, as it is said, to the end. */
async function getItRight(page: Page, app: App, board: PlacedBoard): Promise<void> {
  const hand = new Hand(page, app.rig.bench, board.portPath, pytrack);
  app.halt(stillHeld(app.rig.bench));
  await hand.follow();
  expect((await ticks(page))[0]).toBe('yes');
}

describeInBrowser('the coach, wrong move by wrong move', buildPage, (shared) => {
  it('let go too early', async () => {
    await using app = await openApp(shared.browser);
    await using opened = await app.open({ trusted: true, size });
    const { page } = opened;
    const board = app.lay('pytrack', { closing: 'gone', windowMs: 600_000 });
    await getReady(page, pytrack);
    for (const action of [hold, plug, letGo]) app.rig.bench.act(board.portPath, action);
    expect(await remark(page, 'let-go-too-early')).toBe(
      'It came up running its program. The MCLR button (S1) was let go too early, or not held when the power came. ' +
        'Hold it before, and until "Let go now" is said.',
    );
    expect(await dueWith(page)).toBe('Unplug the USB cable. (Try 2)');
    await photograph(page, 'coach', 'let-go-too-early');
    expect(await axeFinds(page)).toEqual([]);
    await getItRight(page, app, board);
    expect(opened.troubles).toEqual([]);
  });

  it('too late: its flash mode was over before the job began', async () => {
    await using app = await openApp(shared.browser);
    await using opened = await app.open({ size });
    const { page } = opened;
    const faults = [{ kind: 'vanish', at: { what: 'request', index: 0 } }] as const;
    const board = app.lay('pytrack', { closing: 'gone', windowMs: 600_000, faults });
    await getReady(page, pytrack);
    for (const action of [hold, plug]) app.rig.bench.act(board.portPath, action);
    expect(await remark(page, 'too-late')).toBe(
      'It was in flash mode and left it before the job could begin. Once more, from the first step.',
    );
    expect(await dueWith(page)).toMatch(/\(Try 2\)$/);
    await photograph(page, 'coach', 'too-late');
    app.rig.bench.act(board.portPath, letGo);
    await getItRight(page, app, board);
    expect(opened.troubles).toEqual([]);
  });

  it('its window closing while it is written', async () => {
    await using app = await openApp(shared.browser);
    await using opened = await app.open({ size });
    const { page } = opened;
    const board = app.lay('pytrack', { closing: 'gone', windowMs: 600_000 });
    await getReady(page, pytrack);
    // Half-way it stands still: the word is said until all is written.
    app.halt(() => board.statistics.blocks >= 20);
    for (const action of [hold, plug]) app.rig.bench.act(board.portPath, action);
    await page.locator('[data-hold=now]').waitFor();
    app.rig.bench.act(board.portPath, letGo);
    expect(await remark(page, 'window-closing')).toMatch(
      /^Its flash mode ends by itself in about [12] s\. What is not written by then is written in the next try, by itself\.$/,
    );
    await photograph(page, 'coach', 'window-closing');
    app.goOn();
    expect((await ticks(page))[0]).toBe('yes');
    await page.locator('[data-remark]').waitFor({ state: 'detached' });
    expect(opened.troubles).toEqual([]);
  });

  it('nothing came: a cable without data, or no power', async () => {
    await using app = await openApp(shared.browser, { clock: hastyClock(8) });
    await using opened = await app.open({ size });
    const { page } = opened;
    await getReady(page, pytrack);
    expect(await remark(page, 'nothing-came')).toMatch(
      // As long as it has been when it is noticed; a computer that is busy notices it later.
      /^Nothing has come to USB for ([3-5]\d s|\d+ min( \d+ s)?)\. If the board is plugged in: use a cable that carries data, a port of the computer itself, and begin again with the first step\.$/,
    );
    await photograph(page, 'coach', 'nothing-came');
    expect(opened.troubles).toEqual([]);
  });

  it('another board, and then the right one', async () => {
    await using app = await openApp(shared.browser);
    await using opened = await app.open({ size });
    const { page } = opened;
    await getReady(page, pytrack);
    const stranger = app.plug('odrive-v3', { startIn: 'app' });
    expect(await remark(page, 'wrong-board')).toBe(
      'ODrive v3 came to port virtual-1. That is not the Pytrack; it is left alone.',
    );
    await photograph(page, 'coach', 'wrong-board');
    expect(stranger.statistics.getStatus).toBe(0);
    const board = app.lay('pytrack', { closing: 'gone', windowMs: 600_000 });
    await getItRight(page, app, board);
    expect(stranger.statistics.getStatus).toBe(0);
    expect(opened.troubles).toEqual([]);
  });

  it('the cable pulled in the middle: tried again, and repaired', async () => {
    await using app = await openApp(shared.browser);
    await using opened = await app.open({ size });
    const { page } = opened;
    const faults = [{ kind: 'vanish', at: { what: 'block', index: 100 } }] as const;
    const board = app.lay('pytrack', { closing: 'gone', windowMs: 600_000, faults });
    await getReady(page, pytrack);
    for (const action of [hold, plug]) app.rig.bench.act(board.portPath, action);
    expect(await remark(page, 'try-failed')).toMatch(
      /^Try 1 failed: .+\. It is tried again by itself when the board is back in flash mode\.$/,
    );
    await photograph(page, 'coach', 'try-failed');
    app.rig.bench.act(board.portPath, letGo);
    // What is on it is not whole, so that it comes back in flash mode by itself (devices.md 2.3).
    app.rig.bench.act(board.portPath, plug);
    expect((await ticks(page))[0]).toBe('yes');
    expect(opened.troubles).toEqual([]);
  });

  it('the right board at another port than the one that is watched', async () => {
    await using app = await openApp(shared.browser);
    await using opened = await app.open({ size });
    const { page } = opened;
    await chooseBoard(page, pytrack.id);
    await page.getByRole('link', { name: 'Practise first' }).click();
    await page.locator('[data-due]').waitFor();
    const elsewhere = app.plug('pytrack');
    expect(await remark(page, 'other-port')).toBe(
      'It came to port virtual-2, and only port virtual-1 is watched. Plug it in there.',
    );
    await photograph(page, 'coach', 'other-port');
    app.rig.bench.act(elsewhere.portPath, unplug);
    for (const action of [hold, plug]) app.rig.bench.act('virtual-1', action);
    expect((await ticks(page))[0]).toBe('yes');
    expect(opened.troubles).toEqual([]);
  });

  it.each([
    [
      'Jog switch',
      'The jog switch was let go too early, or not held when the power came. Hold it before, and until "Let go now" is said.',
    ],
    ['Jumper', 'The jumper BOOT0 to VDD was not closed when the power came.'],
  ])('switched on by the way %s without doing what comes before', async (way, words) => {
    await using app = await openApp(shared.browser);
    await using opened = await app.open({ size });
    const { page } = opened;
    await chooseBoard(page, 'nanovna-h4');
    await page.getByRole('link', { name: 'Practise first' }).click();
    const instead = page.getByRole('button', { name: `${way} instead` });
    await instead.click();
    await instead.waitFor({ state: 'detached' });
    const act = (action: BenchAction): void => app.rig.bench.act('virtual-1', action);
    act({ act: 'switch-off' });
    act(plug);
    act({ act: 'switch-on' });
    expect(await remark(page, 'let-go-too-early')).toBe(`It came up running its program. ${words}`);
    expect(await dueWith(page)).toBe('Switch the board off. (Try 2)');
    await photograph(page, 'coach', `too-early-${way.split(' ')[0]?.toLowerCase() ?? ''}`);
    expect(opened.troubles).toEqual([]);
  });
});
