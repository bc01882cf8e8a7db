// What tests of many boards in the page do over and over.
import type { Locator, Page } from 'playwright-core';
import type { Fault } from '../../main/bench/faults.ts';
import { card, type App } from './app.ts';
import { dfuFile, newProgram } from './firmware-files.ts';

/** Boards on the next ports, with what befalls each. */
export function plug(app: App, count: number, faultsOf: (index: number) => readonly Fault[] = () => []) {
  return Array.from({ length: count }, (_, index) => app.plug('nanovna-h', { faults: faultsOf(index) }));
}

/** Gives the page the file. */
export async function pick(page: Page): Promise<void> {
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Choose firmware' }).click();
  await (await chooser).setFiles(dfuFile());
}

/** From the list to the plan for all of them. */
export async function openSeveral(page: Page, lastPort: string): Promise<void> {
  await card(page, lastPort).waitFor();
  await page.getByRole('link', { name: 'Flash several boards' }).click();
  await pick(page);
  await page.getByRole('heading', { name: 'Boards that are plugged in' }).waitFor();
}

export const goButton = (page: Page): Locator =>
  page.getByRole('button', { name: /install nanovna\.dfu on th/i });
export const lane = (page: Page, portPath: string): Locator => page.locator(`[data-lane="${portPath}"]`);
export const holdsIt = ({ flash }: { readonly flash: Uint8Array }): boolean =>
  Buffer.from(flash.subarray(0, newProgram.length)).equals(Buffer.from(newProgram));
