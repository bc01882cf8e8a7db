// The history and open jobs in the page: a board pulled half-way is gone on with, a killed program's board is told of, and a
// history that cannot be used keeps nobody from flashing.
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { applicationId, migrations } from '../../main/store/migrations.ts';
import { describeInBrowser } from '../page/in-browser.ts';
import { leaveKilledFlash, leavePastJobs } from '../support/past-jobs.ts';
import { buildPage, card, chooseFirmware, mainButton, openApp, ticks } from './app.ts';
import { dfuFile, newProgram } from './firmware-files.ts';
import { axeFinds, photograph } from '../page/looks.ts';

const list = (page: Page) => page.getByRole('list', { name: 'Jobs, newest first' });
const openCard = (page: Page) => page.locator('[data-open-job]');

/** Looked at by axe, and photographed for people. */
async function look(page: Page, name: string): Promise<void> {
  await photograph(page, 'history', name);
  expect(await axeFinds(page)).toEqual([]);
}

describeInBrowser('the history', buildPage, (shared) => {
  it('keeps a job that was cut half-way, and goes on with it after asking', async () => {
    const pulledAt = Math.round(newProgram.length * 0.4);
    await using app = await openApp(shared.browser);
    await using opened = await app.open();
    const { page } = opened;
    const board = app.plug('nanovna-h', {
      faults: [{ kind: 'vanish', at: { what: 'byte', index: pulledAt } }],
    });
    await chooseFirmware(page, board.portPath, dfuFile());
    await mainButton(page).click();
    await page.getByRole('region', { name: 'The board is gone from USB' }).waitFor();

    await page.getByRole('link', { name: 'Boards', exact: true }).last().click();
    await openCard(page)
      .getByText(/was left half-way/)
      .waitFor();
    await openCard(page)
      .getByText(/written · .* erased, and not written · .* may hold anything/)
      .waitFor();
    await openCard(page).getByText('What was on it before is backed up.').waitFor();
    await look(page, 'card');
    await openCard(page).getByRole('link', { name: 'What is known' }).click();
    await page.getByText('It got as far as: Write').waitFor();
    await page
      .getByText('The memory of this board is drawn once it is plugged in.')
      .or(page.locator('figure'))
      .first()
      .waitFor();

    app.rig.bench.replug(board.portPath);
    await page.locator('figure').getByText('May hold anything').waitFor();
    await look(page, 'open-job');
    await page.getByRole('button', { name: 'Continue' }).click();
    const question = page.getByRole('dialog');
    await question.waitFor();
    expect(board.flash.subarray(60_000, 62_000).every((byte) => byte === 0xff)).toBe(true);
    await question.getByRole('button', { name: 'Yes' }).click();
    await page.locator('[data-tick=returned].yes').waitFor();
    expect(await ticks(page)).toEqual(['yes', 'yes', 'yes']);
    expect(board.flash.subarray(0, newProgram.length)).toEqual(newProgram);

    await page.getByRole('link', { name: 'History' }).click();
    await page.getByText('No jobs on real boards').waitFor();
    await expect.poll(() => list(page).getByRole('article').count()).toBe(2);
    await list(page).getByText('Virtual').first().waitFor();
    await list(page).getByText('Old firmware is backed up. Gone on with later').waitFor();
    await look(page, 'history');
    await list(page).getByRole('link', { name: 'Flash of nanovna.dfu' }).first().click();
    await page.getByRole('list', { name: 'Steps' }).getByText('Compared').waitFor();
    await look(page, 'past-job');
    await page.locator('dl').getByRole('link').first().click();
    await page.getByRole('heading', { name: 'Backups of it' }).waitFor();
    await page.getByRole('button', { name: 'Restore' }).waitFor();
    await expect.poll(() => list(page).getByRole('article').count()).toBe(2);
    await look(page, 'unit');
    await page.getByRole('link', { name: 'Boards', exact: true }).last().click();
    await card(page, board.portPath).waitFor();
    await openCard(page).waitFor({ state: 'detached' });
    expect(opened.troubles).toEqual([]);
  });

  it('opens with what a killed program left, draws its memory, and puts it away', async () => {
    await using app = await openApp(shared.browser);
    const backup = await leaveKilledFlash(app.rig.host.paths);
    await using opened = await app.open();
    const { page } = opened;
    await openCard(page).getByText('Rekindle ended while it worked on NanoVNA-H (nanovna.dfu)').waitFor();
    await openCard(page)
      .getByText('4 KB written · 14 KB erased, and not written · 2 KB may hold anything · not compared')
      .waitFor();
    await look(page, 'killed-card');
    await openCard(page).getByRole('link', { name: 'What is known' }).click();
    // The chip's memory is known without the board.
    await page.locator('figure').getByText('Erased and left blank').waitFor();
    await look(page, 'killed');
    await page.getByRole('button', { name: 'Restore its backup' }).click();
    await page.waitForURL((url) => url.hash.includes(`#/board/1-1/${backup}`));
    await page.goBack();
    await page.getByRole('button', { name: 'Put away' }).click();
    const question = page.getByRole('dialog');
    await question.waitFor();
    await look(page, 'put-away');
    await page.getByRole('button', { name: 'Keep it' }).click();
    await question.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Put away' }).click();
    await question.getByRole('button', { name: 'Put away' }).click();
    await page.getByText('This job is over, or was put away').waitFor();
    await page.getByRole('link', { name: 'History' }).click();
    await list(page).getByText('Rekindle ended before it did; put away').waitFor();
    await page.getByText('1 job on real boards, 0 ended well').waitFor();
    expect(opened.troubles).toEqual([]);
  });

  it('is searched and filtered, and saved as a table', async () => {
    await using app = await openApp(shared.browser);
    const jobs = Object.fromEntries(
      [...Array(60).keys()].map((index) => [
        `past-${index}`,
        {
          unit: { serial: `SERIAL${index % 3}`, virtual: index === 59 },
          ...(index === 4 ? { result: { outcome: 'failed' as const, next: 'rewrite' as const } } : {}),
        },
      ]),
    );
    await leavePastJobs(app.rig.host.paths, jobs);
    await using opened = await app.open({ theme: 'dark' });
    const { page } = opened;
    await page.getByRole('link', { name: 'History' }).click();
    await page.getByText('59 jobs on real boards, 58 ended well').waitFor();
    await expect.poll(() => list(page).getByRole('article').count()).toBe(50);
    await page.getByRole('button', { name: 'Show older ones' }).click();
    await expect.poll(() => list(page).getByRole('article').count()).toBe(60);
    await page.getByRole('button', { name: 'By board' }).click();
    await page.getByRole('list', { name: 'By board' }).getByText('20 jobs').first().waitFor();
    await page
      .getByRole('combobox', { name: 'How it ended' })
      .or(page.getByRole('button', { name: 'How it ended' }))
      .first()
      .click();
    await page.getByRole('option', { name: 'Not well' }).click();
    await page.getByText('1 job on real boards, 0 ended well').waitFor();
    await look(page, 'filtered-dark');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Save as table' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('rekindle-history.csv');
    const file = path.join(mkdtempSync(path.join(tmpdir(), 'rekindle-')), 'table.csv');
    await download.saveAs(file);
    const lines = readFileSync(file, 'utf8').trimEnd().split('\r\n');
    expect(lines).toHaveLength(2);
    expect(lines[1]).toContain(',past-4,');
    await page.getByLabel('Search jobs').fill('no such thing');
    await page.getByText('No job fits these words.').waitFor();
    expect(opened.troubles).toEqual([]);
  });
});

/** Misfortunes of the file, before the studio looks at it; what puts it right again. */
const misfortunes: readonly {
  readonly what: string;
  readonly said: RegExp;
  readonly does: (database: string) => () => void;
}[] = [
  {
    what: 'damaged',
    said: /The history was damaged, and a new one is begun; the old one is kept as .*rekindle-damaged-/,
    does: (database) => {
      writeFileSync(database, 'no database at all, '.repeat(500));
      return () => {
        const kept = readdirSync(path.dirname(database)).filter((name) =>
          name.startsWith('rekindle-damaged-'),
        );
        expect(kept).toHaveLength(1);
      };
    },
  },
  {
    what: 'locked by another program',
    said: /Another program kept the history locked for 2(\.\d)? s/,
    does: (database) => {
      const other = new DatabaseSync(database);
      other.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; CREATE TABLE mine (a)');
      return () => other.close();
    },
  },
  {
    what: 'of a newer Rekindle',
    said: /The history is of a newer Rekindle \(format 99/,
    does: (database) => {
      const db = new DatabaseSync(database);
      for (const { sql } of migrations) db.exec(sql);
      db.exec(`PRAGMA application_id = ${applicationId}; PRAGMA user_version = 99`);
      db.close();
      return () => undefined;
    },
  },
  {
    what: 'where a folder stands in its way',
    said: /The history cannot be used|The history cannot be written to/,
    does: (database) => {
      mkdirSync(database);
      return () => undefined;
    },
  },
];

describeInBrowser('a history that is', buildPage, (shared) => {
  it.each(misfortunes)(
    '$what is told once, and boards are flashed all the same',
    async ({ said, does, what }) => {
      await using app = await openApp(shared.browser);
      const undo = does(app.rig.host.paths.database);
      await using opened = await app.open();
      const { page } = opened;
      const board = app.plug('nanovna-h');
      const told = page.getByRole('status').filter({ hasText: said });
      await told.waitFor();
      await look(page, `trouble-${what.split(' ')[0] ?? ''}`);
      await told.getByRole('button', { name: 'Understood' }).click();
      await told.waitFor({ state: 'detached' });
      await chooseFirmware(page, board.portPath, dfuFile());
      await mainButton(page).click();
      await page.locator('[data-tick=returned].yes').waitFor();
      expect(await ticks(page)).toEqual(['yes', 'yes', 'yes']);
      expect(board.flash.subarray(0, newProgram.length)).toEqual(newProgram);
      // A new history is as good as the old one; without any, the job says where it is kept meanwhile.
      const missing = page.getByText('This job is kept beside the history');
      await missing.waitFor({ state: what === 'damaged' ? 'detached' : 'visible' });
      await look(page, `job-${what.split(' ')[0] ?? ''}`);
      await page.getByRole('link', { name: 'Boards', exact: true }).last().click();
      await card(page, board.portPath).waitFor();
      await told.waitFor({ state: 'detached' });
      undo();
      expect(opened.troubles).toEqual([]);
    },
  );
});
