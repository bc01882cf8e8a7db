// What this computer has learned of its boards: bounded, kept, and never a reason to fail.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { LearnedDelays } from '../../main/store/learned-delays.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'rekindle-delays-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function fileOf(name: string): string {
  return path.join(folder, name, 'delays.json');
}

const quiet = (): void => undefined;

describe('learned delays', () => {
  it('are kept from one run to the next, and a slow one does not become the rule', async () => {
    const file = fileOf('kept');
    const delays = await LearnedDelays.open(file, quiet);
    expect(delays.usual('pycom-pytrack')).toBeUndefined();
    delays.note('pycom-pytrack', 1_000);
    delays.note('pycom-pytrack', 2_000);
    await delays.saved();
    expect((await LearnedDelays.open(file, quiet)).usual('pycom-pytrack')).toBe(1_300);
  });

  it('leave out what cannot be, and stay bounded', async () => {
    const file = fileOf('bounded');
    const delays = await LearnedDelays.open(file, quiet);
    for (const nonsense of [-1, Number.NaN, Number.POSITIVE_INFINITY, 3_600_000]) delays.note('a', nonsense);
    expect(delays.usual('a')).toBeUndefined();
    for (let index = 0; index < 300; index++) delays.note(`board-${index}`, index);
    await delays.saved();
    expect(Object.keys(JSON.parse(readFileSync(file, 'utf8')) as object)).toHaveLength(200);
    expect(delays.usual('board-0')).toBeUndefined();
    expect(delays.usual('board-299')).toBe(299);
  });

  it.each(['not json', '[1]', '{"a":-5}', '{"a":"1"}', '', 'null'])(
    'a file with %s in it is nothing learned',
    async (text) => {
      const file = fileOf('broken');
      (await LearnedDelays.open(file, quiet)).note('x', 1);
      const made = await LearnedDelays.open(file, quiet);
      made.note('x', 1);
      await made.saved();
      writeFileSync(file, text);
      expect((await LearnedDelays.open(file, quiet)).usual('a')).toBeUndefined();
    },
  );

  it('a disk that does not take them is complained of, and nothing more', async () => {
    const complaints: string[] = [];
    const blocked = path.join(folder, 'a-file');
    writeFileSync(blocked, '');
    const delays = await LearnedDelays.open(path.join(blocked, 'delays.json'), (why) => complaints.push(why));
    delays.note('x', 500);
    await delays.saved();
    expect(complaints).toHaveLength(1);
    expect(delays.usual('x')).toBe(500);
  });
});
