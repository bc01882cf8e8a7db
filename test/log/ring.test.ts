import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLogRing } from '../../main/log/ring.ts';
import { limits } from '../../shared/limits.ts';
import { isAtLeast, logLevels, type LogEntry, type LogQuery } from '../../shared/log.ts';

const line = (message: string, more: Partial<LogEntry> = {}) => ({
  at: 0,
  level: 'info' as const,
  source: 'test',
  message,
  ...more,
});

describe('the ring', () => {
  it('is read backwards page by page, and followed forwards', () => {
    const ring = createLogRing();
    for (let count = 1; count <= 25; count++) ring.add(line(`line ${count}`));
    const newest = ring.page({ limit: 10 });
    expect(newest.entries.map((entry) => entry.sequence)).toEqual([16, 17, 18, 19, 20, 21, 22, 23, 24, 25]);
    expect(newest).toMatchObject({ more: true, first: 1, last: 25 });
    const older = ring.page({ limit: 20, before: 16 });
    expect(older.entries.map((entry) => entry.sequence)[0]).toBe(1);
    expect(older).toMatchObject({ more: false });
    expect(ring.page({ limit: 10, after: 25 })).toEqual({ entries: [], more: false, first: 1, last: 25 });
    ring.add(line('new'));
    expect(ring.page({ limit: 10, after: 25 }).entries.map((entry) => entry.message)).toEqual(['new']);
  });

  it('keeps no more than its bounds, the newest, whatever comes in', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            size: fc.nat(30),
            level: fc.constantFrom(...logLevels),
            job: fc.constantFrom(undefined, 'a', 'b'),
          }),
          { maxLength: 60 },
        ),
        fc.record({
          limit: fc.integer({ min: 1, max: 12 }),
          level: fc.constantFrom(undefined, ...logLevels),
          job: fc.constantFrom(undefined, 'a'),
          before: fc.option(fc.integer({ min: -5, max: 70 }), { nil: undefined }),
          after: fc.option(fc.integer({ min: -5, max: 70 }), { nil: undefined }),
        }),
        (written, query: LogQuery) => {
          const ring = createLogRing({ lines: 16, chars: 120 });
          const all = written.map(({ size, level, job }) => ring.add(line('x'.repeat(size), { level, job })));
          // The model: as many of the newest as fit both bounds; each is kept when it is written.
          let kept: LogEntry[] = [];
          for (const entry of all) {
            const size = (): number => kept.reduce((sum, one) => sum + one.message.length, 0);
            while (kept.length > 0 && (kept.length >= 16 || size() + entry.message.length > 120))
              kept = kept.slice(1);
            kept.push(entry);
          }
          const { limit, level, job, before, after } = query;
          const fitting = kept.filter(
            (entry) =>
              (level === undefined || isAtLeast(entry.level, level)) &&
              (job === undefined || entry.job === job) &&
              (after === undefined
                ? before === undefined || entry.sequence < before
                : entry.sequence > after),
          );
          const entries = after === undefined ? fitting.slice(-limit) : fitting.slice(0, limit);
          expect(ring.page(query)).toEqual({
            entries,
            more: fitting.length > limit,
            first: kept[0]?.sequence ?? 1,
            last: all.length,
          });
        },
      ),
    );
  });

  it('gives no page over its limit, and none of less than a line', () => {
    const ring = createLogRing();
    for (let count = 0; count < limits.logPageLines + 5; count++) ring.add(line('x'));
    expect(ring.page({ limit: 1e9 }).entries).toHaveLength(limits.logPageLines);
    expect(ring.page({ limit: -1 }).entries).toHaveLength(1);
  });

  it('tells watchers, minds none that throws, and forgets those that left', () => {
    const ring = createLogRing();
    let told = 0;
    const count = (): void => {
      told++;
    };
    using _bad = ring.watch(() => {
      throw new Error('a page that fell over');
    });
    const watching = ring.watch(count);
    using _twice = ring.watch(count);
    ring.add(line('one'));
    expect(told).toBe(2);
    watching[Symbol.dispose]();
    ring.add(line('two'));
    expect(told).toBe(3);
  });
});
