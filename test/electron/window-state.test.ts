import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { placeWindow, readWindowState, writeWindowState } from '../../main/electron/window-state.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'rekindle-state-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const file = path.join(folder, 'window.json');
const kept = { x: 100, y: 50, width: 1300, height: 800, maximized: false };
const screen = { x: 0, y: 0, width: 1920, height: 1040 };

describe('the kept place', () => {
  it('comes back as it was', async () => {
    await writeWindowState(file, kept);
    expect(await readWindowState(file)).toEqual(kept);
  });

  it.each([
    '',
    '{',
    'null',
    '[]',
    '{"x":1}',
    JSON.stringify({ ...kept, x: 'left' }),
    JSON.stringify({ ...kept, width: 0 }),
    JSON.stringify({ ...kept, width: 1e9 }),
    JSON.stringify({ ...kept, y: null }),
    JSON.stringify({ ...kept, x: 0.5 }),
    `${JSON.stringify(kept)}${' '.repeat(5_000)}`,
  ])('that is %j is not believed', async (text) => {
    writeFileSync(file, text);
    expect(await readWindowState(file)).toBeUndefined();
  });

  it('that was never kept is none', async () => {
    expect(await readWindowState(path.join(folder, 'none'))).toBeUndefined();
  });
});

describe('a new window', () => {
  it('opens where it was when that can be seen', () => {
    expect(placeWindow(kept, [screen])).toEqual({ x: 100, y: 50, width: 1300, height: 800 });
    const second = { x: 1920, y: -200, width: 1280, height: 1024 };
    expect(placeWindow({ ...kept, x: 2000, y: -150 }, [screen, second])).toMatchObject({ x: 2000, y: -150 });
  });

  it.each([
    ['to the right of all screens', { x: 1900, y: 50 }],
    ['to the left', { x: -1290, y: 50 }],
    ['above, so that its title bar cannot be taken', { x: 100, y: -30 }],
    ['below', { x: 100, y: 1020 }],
  ])('keeps its size but not its place %s', (_where, place) => {
    expect(placeWindow({ ...kept, ...place }, [screen])).toEqual({ width: 1300, height: 800 });
  });

  it('is never too small for its screens, and has a size of its own the first time', () => {
    expect(placeWindow({ ...kept, width: 10, height: 10 }, [screen])).toMatchObject({
      width: 1024,
      height: 640,
    });
    expect(placeWindow(undefined, [screen])).toEqual({ width: 1200, height: 780 });
    expect(placeWindow(kept, [])).toEqual({ width: 1300, height: 800 });
  });
});
