import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

it('is drawn alike on the page and in the file', () => {
  const [page = [], file = []] = ['renderer/parts/wordmark.svelte', 'assets/icons/wordmark.svg'].map((path) =>
    [...readFileSync(path, 'utf8').matchAll(/ d="([^"]+)"/g)].map(([, strokes]) => strokes),
  );
  expect(page.length).toBe(11);
  expect(page).toEqual(file);
});
