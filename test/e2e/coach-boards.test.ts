// The coach from a board that is not there to one that is written, compared and seen again, once for every board we know
// of that has a virtual one: a hand does what the page says, and nothing but the bench moves anything.
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { practiceImage } from '../../main/bench/practice-image.ts';
import { builtInProfiles } from '../../main/devices/profiles.ts';
import type { Profile } from '../../shared/profile.ts';
import { describeInBrowser } from '../page/in-browser.ts';
import { profileNamed } from '../support/family-boards.ts';
import { buildPage, card, chooseBoard, chooseFirmware, mainButton, openApp, ticks, type App } from './app.ts';
import { fileFor, getReady, virtualOf } from './get-ready.ts';
import { Hand, stillHeld } from './hand.ts';
import { axeFinds, photograph } from '../page/looks.ts';

const yes = ['yes', 'yes', 'yes'];
/** It leaves flash mode with the last block, and cannot be read any more: its program alone tells. */
const unread = ['yes', 'open', 'yes'];

/** A board that runs its program lies beside its port; the page waits for it, and a hand is there. */
async function waitFor(page: Page, app: App, profile: Profile, options: object = {}) {
  const board = app.lay(virtualOf(profile), { startIn: 'app', ...options });
  const hand = new Hand(page, app.rig.bench, board.portPath, profile);
  await getReady(page, profile);
  return { board, hand };
}

describeInBrowser('the coach, board by board', buildPage, (shared) => {
  const pycom = builtInProfiles.filter(({ id, virtual }) => id.startsWith('pycom-') && virtual !== undefined);

  // Seven seconds of window would be waited for after each; that one of the virtual ones goes at the end of the transfer
  // is how some do (devices.md 2.8). The window itself is caught in coach.test.ts.
  it.each(pycom.map((profile) => [profile.name, profile] as const))(
    'catches %s, held and let go as it is said',
    async (_name, profile) => {
      await using app = await openApp(shared.browser);
      await using opened = await app.open();
      const { page } = opened;
      const board = app.lay(virtualOf(profile), { closing: 'gone', windowMs: 600_000 });
      await getReady(page, profile);
      const hand = new Hand(page, app.rig.bench, board.portPath, profile);
      app.halt(stillHeld(app.rig.bench));
      await hand.follow();
      expect(await ticks(page)).toEqual(unread);
      expect(hand.did).toEqual(['hold', 'plug', 'let-go']);
      expect(board.flash.subarray(1024)).toEqual(
        practiceImage(virtualOf(profile)).bytes.subarray(1024, 16_384),
      );
      expect(opened.troubles).toEqual([]);
    },
  );

  describe.each(['nanovna-h', 'nanovna-h4'])('a %s', (id) => {
    const profile = profileNamed(id);

    it('is taken by its serial port, with no hand on it but the one that plugs it in', async () => {
      await using app = await openApp(shared.browser);
      await using opened = await app.open();
      const { page } = opened;
      const { hand, board } = await waitFor(page, app, profile);
      hand.act({ act: 'plug' });
      expect(await ticks(page)).toEqual(yes);
      const { bytes } = practiceImage(virtualOf(profile));
      expect(board.flash.subarray(0, bytes.length)).toEqual(bytes);
      expect(opened.troubles).toEqual([]);
    });

    it('whose program does not answer is taken by its menu', async () => {
      await using app = await openApp(shared.browser);
      await using opened = await app.open();
      const { page } = opened;
      const { hand } = await waitFor(page, app, profile, { silentShell: true });
      hand.act({ act: 'plug' });
      await hand.follow();
      expect(hand.did).toEqual(['plug', 'choose']);
      expect(await ticks(page)).toEqual(yes);
      expect(opened.troubles).toEqual([]);
    });

    it.each([
      ['Jog switch', ['switch-off', 'plug', 'hold', 'switch-on', 'let-go']],
      ['Jumper', ['switch-off', 'plug', 'close-jumper', 'switch-on']],
    ])('that is off is taken by the way %s, and what is to be undone is', async (way, did) => {
      await using app = await openApp(shared.browser);
      await using opened = await app.open();
      const { page } = opened;
      const { hand } = await waitFor(page, app, profile);
      hand.act({ act: 'switch-off' }, { act: 'plug' });
      const instead = page.getByRole('button', { name: `${way} instead` });
      await instead.click();
      // Until it is shown, the sentence is the other way's.
      await instead.waitFor({ state: 'detached' });
      app.halt(stillHeld(app.rig.bench));
      await hand.follow();
      expect(hand.did).toEqual(did);
      expect(await ticks(page)).toEqual(yes);
      const undone = await page.locator('[data-after] [data-sentence]').allTextContents();
      expect(undone.length).toBe(way === 'Jumper' ? 3 : 0);
      if (way === 'Jumper') {
        hand.obey(undone.slice(0, 2));
        await page.locator('[data-after] [data-step=done]').first().waitFor();
        hand.obey(undone.slice(2));
        await page.locator('[data-after=done]').waitFor();
      }
      expect(opened.troubles).toEqual([]);
    });
  });

  describe('an ODrive', () => {
    const profile = profileNamed('odrive-v3');
    const control = 'DFU / RUN switch';

    /** Back to its program, as the page says it, and first without the switch: it says that as well. */
    async function undo(page: Page, hand: Hand): Promise<void> {
      const sentences = page.locator('[data-after] [data-sentence]');
      expect(await sentences.allTextContents()).toEqual([
        'Set the DFU / RUN switch to RUN.',
        'Switch the board off.',
        'Switch the board on.',
      ]);
      const done = page.locator('[data-after] [data-step=done]');
      expect(await done.count()).toBe(0);
      hand.act({ act: 'switch-off' });
      await expect.poll(() => done.count()).toBe(2);
      hand.act({ act: 'switch-on' });
      await page.locator('[data-remark=back-in-flash-mode]').waitFor();
      await photograph(page, 'coach', 'after-back-in-flash-mode');
      expect(await done.count()).toBe(0);
      const asSaid = await sentences.allTextContents();
      hand.obey(asSaid.slice(0, 2));
      await expect.poll(() => done.count()).toBe(2);
      hand.obey(asSaid.slice(2));
      await page.locator('[data-after=done]').waitFor();
      await page.getByText('Seen: it came back by itself, and runs its program.').waitFor();
      await photograph(page, 'coach', 'after-done');
    }

    // No profile leads there: an old one would burn (devices.md 3.3).
    it('that its owner brings into flash mode is caught, and led back to its program', async () => {
      expect(profile.ways).toEqual([]);
      await using app = await openApp(shared.browser, { timeScale: 0.02 });
      await using opened = await app.open({ size: { width: 1024, height: 900 } });
      const { page } = opened;
      const board = app.lay('odrive-v3', { startIn: 'app' });
      await getReady(page, profile);
      const hand = new Hand(page, app.rig.bench, board.portPath, profile);
      hand.act(
        { act: 'switch-off' },
        { act: 'switch', control, to: 'DFU' },
        { act: 'plug' },
        { act: 'switch-on' },
      );
      expect(await ticks(page)).toEqual(yes);
      await undo(page, hand);
      expect(opened.troubles).toEqual([]);
    });

    it('that is found in flash mode says what it is before anything is written, and is led back', async () => {
      await using app = await openApp(shared.browser, { timeScale: 0.02 });
      await using opened = await app.open({ size: { width: 1024, height: 900 }, trusted: true });
      const { page } = opened;
      const board = app.plug('odrive-v3', { startIn: 'dfu' });
      const hand = new Hand(page, app.rig.bench, board.portPath, profile);
      await chooseFirmware(page, board.portPath, fileFor('odrive-v3'));
      await page.getByRole('button', { name: 'Put it at 0x08000000' }).click();
      await page
        .getByRole('list', { name: 'What the board says of itself' })
        .getByText(/ODrive 3\.6-56V|3\.6/)
        .waitFor();
      await photograph(page, 'coach', 'plan-about');
      await mainButton(page).click();
      expect(await ticks(page)).toEqual(yes);
      expect(await axeFinds(page)).toEqual([]);
      await undo(page, hand);
      expect(opened.troubles).toEqual([]);
    });
  });

  it('a chip that is known once it is there only is waited for, and caught with its jumper closed', async () => {
    const profile = profileNamed('stm32-rom');
    await using app = await openApp(shared.browser, { timeScale: 0.02 });
    await using opened = await app.open();
    const { page } = opened;
    const { hand } = await waitFor(page, app, profile);
    await hand.follow();
    expect(hand.did).toEqual(['close-jumper', 'plug']);
    expect((await ticks(page)).slice(0, 2)).toEqual(['yes', 'yes']);
    expect(opened.troubles).toEqual([]);
  });

  // No source states how its boot mode is entered: that is done as its manual says, before the cable goes in. What its
  // program shows on USB is stated nowhere either, so nothing comes back to be seen.
  it('a GD32VF103 is waited for, and what cannot be seen of its program is not claimed', async () => {
    const profile = profileNamed('gd32vf103');
    await using app = await openApp(shared.browser, { timeScale: 0.02 });
    await using opened = await app.open();
    const { page } = opened;
    const { board, hand } = await waitFor(page, app, profile);
    hand.act({ act: 'close-jumper', control: 'BOOT0' });
    await hand.follow();
    expect(hand.did).toEqual(['close-jumper', 'plug']);
    expect(await ticks(page)).toEqual(['yes', 'yes', 'open']);
    await photograph(page, 'coach', 'gd32vf103');
    const { bytes } = practiceImage('gd32vf103');
    expect(board.flash.subarray(0, bytes.length)).toEqual(bytes);
    expect(opened.troubles).toEqual([]);
  });

  // Whatever has a DFU interface is one of them: a wait for that would catch anything. The page says how it gets into flash
  // mode, and it is flashed from the list of boards.
  it('says of any DFU board how it gets into flash mode, and takes it from the list', async () => {
    const id = 'dfu-generic';
    const profile = profileNamed(id);
    await using app = await openApp(shared.browser, { timeScale: 0.02 });
    await using opened = await app.open();
    const { page } = opened;
    const board = app.lay(virtualOf(profile), { startIn: 'app' });
    await chooseBoard(page, id);
    await page.getByRole('heading', { name: 'Put it into flash mode first' }).waitFor();
    expect(await page.getByRole('button', { name: 'Choose firmware' }).count()).toBe(0);
    const hand = new Hand(page, app.rig.bench, board.portPath, profile);
    hand.obey(await page.locator('[data-sentence]').allTextContents());
    expect(hand.did).toEqual(['unplug', 'plug']);
    await page.getByRole('link', { name: 'All boards' }).last().click();
    await card(page, board.portPath).waitFor();
    await chooseFirmware(page, board.portPath, fileFor(virtualOf(profile)));
    const address = page.getByRole('button', { name: 'Put it at 0x08000000' });
    await address.or(mainButton(page)).waitFor();
    if (await address.isVisible()) await address.click();
    await mainButton(page).click();
    expect((await ticks(page)).slice(0, 2)).toEqual(['yes', 'yes']);
    expect(opened.troubles).toEqual([]);
  });

  it('needs no hand where a program can be asked to go into flash mode', async () => {
    await using app = await openApp(shared.browser);
    await using opened = await app.open();
    const { page } = opened;
    const board = app.plug('runtime-dfu');
    await chooseFirmware(page, board.portPath, fileFor('runtime-dfu'));
    await mainButton(page).click();
    expect(await ticks(page)).toEqual(unread);
    expect(opened.troubles).toEqual([]);
  });

  it('is driven here for every board that has a virtual one', () => {
    const driven = [
      ...pycom.map(({ id }) => id),
      'nanovna-h',
      'nanovna-h4',
      'odrive-v3',
      'stm32-rom',
      'gd32vf103',
      'dfu-generic',
    ];
    const all = builtInProfiles.filter(({ virtual }) => virtual !== undefined).map(({ id }) => id);
    expect(driven.toSorted()).toEqual(all.toSorted());
  });
});
