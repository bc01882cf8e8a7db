// What pages are judged by when they are looked at: once nothing fades in or out any more.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';

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
  const { violations } = await (within === undefined ? axe : axe.include(within)).analyze();
  return violations
    .filter(({ impact }) => impacts === undefined || impacts.some((one) => one === impact))
    .map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join('\n')}`);
}

/** Photographs a page for people, whole: `dist/FOLDER/NAME.png`. */
export async function photograph(page: Page, folder: string, name: string): Promise<void> {
  await settle(page);
  mkdirSync(path.join('dist', folder), { recursive: true });
  await page.screenshot({ path: path.join('dist', folder, `${name}.png`), fullPage: true });
}
