// What pages are judged by when they are looked at: once nothing fades in or out any more.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Locator, Page } from 'playwright-core';

/** Half-way through its fading in, a dialog is no sight for anybody. */
export async function settle(page: Page): Promise<void> {
  await page.evaluate(() =>
    Promise.all(
      document
        .getAnimations()
        .filter(({ effect }) => effect?.getComputedTiming().endTime !== Infinity)
        .map((one) => one.finished.catch(() => undefined)),
    ),
  );
}

/** What a page is like while nothing in it fades or moves: a word that comes or goes meanwhile is there, or it is not. */
async function whileStill<T>(page: Page, look: () => Promise<T>): Promise<T> {
  const sheet = await page.evaluateHandle(() => {
    const still = new CSSStyleSheet();
    still.replaceSync('*, ::before, ::after { animation: none !important; transition: none !important }');
    document.adoptedStyleSheets.push(still);
    return still;
  });
  const seen = await look();
  await sheet.evaluate((still) => {
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((one) => one !== still);
  });
  return seen;
}

/**
 * What axe finds, with the pieces it finds it in.
 * @param impacts of these only; all unless given
 * @param within a selector; the whole page unless given
 */
export async function axeFinds(
  page: Page,
  impacts?: readonly ('serious' | 'critical' | 'moderate' | 'minor')[],
  within?: string,
): Promise<string[]> {
  await settle(page);
  // The other mode opens a second page for frames of other origins, which we have none of; it takes three times as long.
  const axe = new AxeBuilder({ page }).setLegacyMode();
  const { violations } = await whileStill(page, () =>
    (within === undefined ? axe : axe.include(within)).analyze(),
  );
  return violations
    .filter(({ impact }) => impacts === undefined || impacts.some((one) => one === impact))
    .map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join('\n')}`);
}

/** Has a report, or whatever a button says, copied; that it was is said for two seconds, so it is looked for from before. */
export async function copy(within: Page | Locator, button: string): Promise<void> {
  await Promise.all([
    within.getByRole('button', { name: 'Copied' }).waitFor(),
    within.getByRole('button', { name: button, exact: true }).click(),
  ]);
}

/** Photographs a page for people, whole: `dist/FOLDER/NAME.png`. */
export async function photograph(page: Page, folder: string, name: string): Promise<void> {
  await settle(page);
  mkdirSync(path.join('dist', folder), { recursive: true });
  await page.screenshot({ path: path.join('dist', folder, `${name}.png`), fullPage: true });
}
