// The history leaves in pieces: whatever the sizes, they join to one whole file.
import { describe, expect, it } from 'vitest';
import { concatBytes } from '../../main/base/bytes.ts';
import { historyPiece } from '../../main/store/history-pieces.ts';
import type { HistoryCursor, HistoryEntry, HistoryFilter, HistoryFormat } from '../../shared/history.ts';
import { limits } from '../../shared/limits.ts';
import { unit } from '../support/records.ts';

function entry(number: number, bytes: number): HistoryEntry {
  return {
    id: `job-${number}`,
    number,
    kind: 'flash',
    startedAt: '2026-03-01T09:00:00.000Z',
    endedAt: undefined,
    durationMs: undefined,
    shell: 'x'.repeat(bytes),
    version: '',
    system: '',
    unit: { ...unit, board: 'Ä board' },
    images: [],
    planHash: undefined,
    backup: undefined,
    steps: [],
    result: undefined,
    closed: undefined,
  };
}

async function whole(format: HistoryFormat, sizes: readonly number[]): Promise<string> {
  const all = sizes.map((bytes, index) => entry(index + 1, bytes)).toReversed();
  const ask = ({ before = Infinity, limit = 0 }: HistoryFilter): Promise<HistoryEntry[]> =>
    Promise.resolve(all.filter(({ number }) => number < before).slice(0, limit));
  const pieces: Uint8Array[] = [];
  for (let from: HistoryCursor | undefined = { offset: 0 }; from !== undefined;) {
    const { bytes, next } = await historyPiece(ask, {}, format, from);
    expect(bytes.length).toBeLessThanOrEqual(limits.chunkBytes);
    // Only the end of the file may be a piece of nothing.
    if (next !== undefined) expect(bytes.length).toBeGreaterThan(0);
    pieces.push(bytes);
    from = next;
  }
  return new TextDecoder('utf-8', { fatal: true }).decode(concatBytes(pieces));
}

const sizes: readonly (readonly [string, readonly number[]])[] = [
  ['no job', []],
  ['one', [10]],
  ['more than are asked for at a time', Array.from({ length: 230 }, () => 900)],
  ['one that is larger than a piece', [10, limits.chunkBytes * 2 + 77, 10]],
  ...Array.from({ length: 6 }, (_, index): [string, number[]] => [
    `one that ends ${500 - index * 40} bytes before a piece does`,
    [limits.chunkBytes - 500 + index * 40],
  ]),
];

describe('the history in pieces', () => {
  it.each(sizes)('joins to whole JSON of %s', async (_, some) => {
    const { jobs } = JSON.parse(await whole('json', some)) as { jobs: HistoryEntry[] };
    expect(jobs.map(({ number, shell }) => [number, shell.length])).toEqual(
      some.map((bytes, index) => [index + 1, bytes]).toReversed(),
    );
  });

  it.each(sizes)('joins to a whole table of %s', async (_, some) => {
    const [heading, ...lines] = (await whole('csv', some)).trimEnd().split('\r\n');
    expect(heading).toMatch(/^number,id,started,/);
    expect(lines.map((line) => Number(line.split(',')[0]))).toEqual(
      some.map((__, at) => at + 1).toReversed(),
    );
  });

  it('joins wherever a border falls', async () => {
    const base = (await whole('json', [0])).length;
    for (const over of [-2, -1, 0, 1, 2, 3, 4, 5]) {
      const text = await whole('json', [limits.chunkBytes - base + over]);
      expect(() => JSON.parse(text) as unknown).not.toThrow();
    }
  });
});
