// A job that waits for its board, begun as people begin it.
import type { Page } from 'playwright-core';
import { isBoardName, type BoardName } from '../../main/bench/boards/registry.ts';
import { practiceImage } from '../../main/bench/practice-image.ts';
import type { Profile } from '../../shared/profile.ts';
import { chooseBoard } from './app.ts';
import { pickedFile, type PickedFile } from './firmware-files.ts';

/** The file that is practised with, as somebody picks it. */
export function fileFor(board: BoardName): PickedFile {
  const { name, bytes } = practiceImage(board);
  return pickedFile(name, bytes);
}

/** The virtual board of a profile. @throws Error where it has none */
export function virtualOf({ id, virtual }: Profile): BoardName {
  if (virtual === undefined || !isBoardName(virtual)) throw new Error(`${id} has no virtual board`);
  return virtual;
}

/** On the page of a board to come: the file, its address where it has none, and the button that begins the wait. */
export async function getReady(page: Page, profile: Profile): Promise<void> {
  await chooseBoard(page, profile.id);
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Choose firmware' }).click();
  await (await chooser).setFiles(fileFor(virtualOf(profile)));
  const begin = page.getByRole('button', { name: /^Get ready, then/ });
  const address = page.getByRole('button', { name: 'Put it at 0x08000000' });
  await begin.or(address).waitFor();
  if (await address.isVisible()) await address.click();
  await begin.click();
  const dialog = page.getByRole('dialog');
  await page.locator('[data-due]').or(dialog).first().waitFor();
  if (await dialog.isVisible()) await dialog.getByRole('button', { name: /Install|Go on/ }).click();
  await page.locator('[data-due]').waitFor();
}
