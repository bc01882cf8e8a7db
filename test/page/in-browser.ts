// Tests that share one browser: what each of their files begins with.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe } from 'vitest';
import { noBrowser, startBrowser } from './gallery.ts';

/** The browser while the tests run. */
export interface InBrowser {
  readonly browser: Browser;
}

/**
 * Describes tests that need a browser; where there is none they are skipped, and it is said why.
 * @param build builds what they open
 */
export function describeInBrowser(name: string, build: () => void, tests: (shared: InBrowser) => void): void {
  if (noBrowser !== undefined) console.warn(`Skipped, ${name}: ${noBrowser}`);
  describe.skipIf(noBrowser !== undefined)(name, () => {
    let browser: Browser | undefined;
    beforeAll(async () => {
      build();
      browser = await startBrowser();
    });
    afterAll(async () => {
      await browser?.close();
    });
    tests({
      get browser() {
        if (browser === undefined) throw new Error('the browser is there while tests run, and only then');
        return browser;
      },
    });
  });
}
