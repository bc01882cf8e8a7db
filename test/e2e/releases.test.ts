// A newer release of Rekindle itself, as people meet it: nobody asks for it, one line tells of it, and nothing of it happens beside a job.
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ReleaseInstaller } from '../../main/app-update/installer.ts';
import type { SelfUpdateObstacle } from '../../shared/app-update.ts';
import { releasesOn } from '../support/app-release.ts';
import { startFirmwareServer } from '../support/firmware-server.ts';
import { makeUpdatesRig } from '../support/updates-rig.ts';
import { describeInBrowser } from '../page/in-browser.ts';
import { buildPage, chooseFirmware, mainButton, openApp } from './app.ts';
import { dfuFile } from './firmware-files.ts';
import { axeFinds, photograph } from '../page/looks.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'rekindle-release-page-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));

/** Brings the package, and installs nothing. */
function recorder(obstacle?: SelfUpdateObstacle) {
  const done: string[] = [];
  const installer: ReleaseInstaller = {
    obstacle,
    async prepare({ version, files }, bring) {
      const [file] = files;
      if (file !== undefined) await bring(file, path.join(folder, file.name));
      done.push(`ready ${version}`);
    },
    install() {
      done.push('install');
      return new Promise(() => undefined);
    },
  };
  return { done, installer };
}

const notice = (page: Page) => page.locator('main .notice');
const settings = (page: Page) => page.getByRole('link', { name: 'Settings' }).click();
const section = (page: Page) => page.getByRole('region', { name: 'Rekindle itself' });

describeInBrowser('a newer release of Rekindle', buildPage, (shared) => {
  it('is looked for on a click, told in a line, fetched on a click, and waits for jobs', async () => {
    await using server = await startFirmwareServer();
    const { services } = makeUpdatesRig(server);
    const place = releasesOn(server, services);
    place.publish('1.4.0', { notes: 'Sweeps faster.\n<img src=x onerror="document.title=1">' });
    const { done, installer } = recorder();
    await using app = await openApp(shared.browser, {
      version: '1.3.0',
      releases: place.releases,
      installer,
    });
    await using opened = await app.open({ trusted: true });
    const { page } = opened;
    await settings(page);
    await section(page).getByText('Nobody has looked yet.').waitFor();
    expect(server.asked).toEqual([]);

    await section(page).getByRole('button', { name: 'Look now' }).click();
    await notice(page).getByText('Rekindle 1.4.0 is available.').waitFor();
    await section(page).getByText('<img src=x').waitFor();
    await photograph(page, 'releases', 'settings');
    expect(await axeFinds(page)).toEqual([]);
    // Told, and nothing else.
    expect(server.asked).not.toContain(place.pathOf('1.4.0'));

    // A job has its board: what is wanted waits for its end.
    const board = app.plug('nanovna-h');
    await page.getByRole('link', { name: 'Boards' }).first().click();
    await chooseFirmware(page, board.portPath, dfuFile());
    app.halt(() => board.statistics.blocks >= 5);
    await mainButton(page).click();
    await page.getByRole('progressbar', { name: 'Writing' }).waitFor();
    await notice(page).getByRole('button', { name: 'Get it' }).click();
    await notice(page).getByText('is fetched once no job runs: a job runs or waits.').waitFor();
    expect(done).toEqual([]);
    app.goOn();
    await notice(page).getByText('Rekindle 1.4.0 is here and checked.').waitFor();
    expect(done).toEqual(['ready 1.4.0']);
    await photograph(page, 'releases', 'ready');
    await notice(page).getByRole('button', { name: 'Restart and install' }).click();
    await notice(page).getByText('Rekindle ends now, and starts again.').waitFor();
    expect(done).toEqual(['ready 1.4.0', 'install']);
    expect(opened.troubles).toEqual([]);
  });

  it('is only told of where Rekindle does not replace itself, and put off with "Later"', async () => {
    await using server = await startFirmwareServer();
    const place = releasesOn(server, makeUpdatesRig(server).services);
    place.publish('1.4.0');
    await using app = await openApp(shared.browser, {
      version: '1.3.0',
      releases: place.releases,
      installer: recorder('package').installer,
    });
    await using opened = await app.open({ theme: 'dark' });
    const { page } = opened;
    await settings(page);
    await section(page).getByRole('button', { name: 'Look now' }).click();
    await notice(page).getByText('install the newer one the same way').waitFor();
    expect((await notice(page).getByRole('button').allInnerTexts()).map((text) => text.trim())).toEqual([
      'Later',
    ]);
    await photograph(page, 'releases', 'told');
    await notice(page).getByRole('button', { name: 'Later' }).click();
    await notice(page).waitFor({ state: 'detached' });

    // A server that is gone, in words.
    await server[Symbol.asyncDispose]();
    await section(page).getByRole('button', { name: 'Look now' }).click();
    await section(page).getByRole('alert').getByText('cannot be reached').waitFor();
    // Off on request.
    await section(page).getByRole('radio', { name: 'Never' }).click();
    await section(page).getByText('that is switched off in the settings').waitFor();
    await section(page).getByRole('button', { name: 'Look now' }).waitFor({ state: 'detached' });
  });

  it('cannot be looked for where no address is built in', async () => {
    await using app = await openApp(shared.browser);
    await using opened = await app.open();
    const { page } = opened;
    await settings(page);
    await section(page).getByText('No address of releases is built into this Rekindle').waitFor();
    expect(await section(page).getByRole('button').count()).toBe(0);
  });
});
