// Draws assets/icons/png from the two SVGs: `icon-small.svg` up to 32 pixels, `icon.svg` above. Run it when they change.
import { mkdirSync, readFileSync } from 'node:fs';
import { chromium } from 'playwright-core';

const sizes = [16, 24, 32, 48, 64, 128, 256, 512, 1024];
const out = 'assets/icons/png';
mkdirSync(out, { recursive: true });
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  chromiumSandbox: false,
});
for (const size of sizes) {
  const page = await browser.newPage({ viewport: { width: size, height: size } });
  const svg = readFileSync(`assets/icons/${size <= 32 ? 'icon-small' : 'icon'}.svg`, 'utf8');
  const source = `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`;
  await page.setContent(
    `<style>body{margin:0}img{display:block;width:${size}px;height:${size}px}</style><img src="${source}">`,
  );
  await page.locator('img').evaluate((image) => image.decode());
  await page.screenshot({ path: `${out}/${size}.png`, omitBackground: true });
  await page.close();
}
await browser.close();
console.log(`Drew ${sizes.length} sizes into ${out}.`);
