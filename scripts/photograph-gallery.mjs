// Photographs the gallery in both themes into dist/gallery-photos, to be looked at by people.
import { mkdirSync } from 'node:fs';
import { buildGallery, openGallery, startBrowser } from '../test/page/gallery.ts';

const out = 'dist/gallery-photos';
const sheets = ['boards', 'maps', 'jobs', 'coach', 'controls', 'overlays'];
const overlays = ['Dialog', 'Confirm', 'Type the name', 'Toast'];

buildGallery();
mkdirSync(out, { recursive: true });
await using browser = await startBrowser();
for (const theme of ['light', 'dark']) {
  await using gallery = await openGallery(browser, { theme });
  const { page } = gallery;
  await page.screenshot({ path: `${out}/top-${theme}.png` });
  for (const sheet of sheets)
    await page.locator(`[data-sheet=${sheet}]`).screenshot({ path: `${out}/${sheet}-${theme}.png` });
  for (const [at, name] of overlays.entries()) {
    await page.getByRole('button', { name, exact: true }).click();
    await page.waitForTimeout(500);
    await page.screenshot({ path: `${out}/overlay-${at}-${theme}.png` });
    await page.keyboard.press('Escape');
  }
  for (const trouble of gallery.troubles) console.error(`${theme}: ${trouble}`);
}
console.log(`Photographs in ${out}.`);
