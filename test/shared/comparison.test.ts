import { describe, expect, it } from 'vitest';
import type { Comparison } from '../../shared/comparison.ts';
import { comparisonLines, comparisonTitle } from '../../shared/text/comparison.ts';

const same: Comparison = {
  name: 'a.dfu',
  compared: [{ alternate: 0, start: 0x08000000, end: 0x08020000 }],
  differentBytes: 0,
  different: [],
  more: false,
  sectors: 64,
  differentSectors: 0,
  notCompared: [],
};

describe('how a board compares with a backup, in words', () => {
  it('says that they are the same only as far as it was looked at', () => {
    expect(comparisonTitle(same)).toBe('The board holds what the backup holds');
    const key = { alternate: 0, start: 0x08060000, end: 0x08070000, what: 'its keys' } as const;
    const secret = { ...same, notCompared: [{ ...key, why: 'secret' as const }] };
    expect(comparisonTitle(secret)).toBe('The board holds what the backup holds');
    expect(comparisonLines(secret).at(-1)).toBe(
      'Left out: 0x08060000-0x0806FFFF (its keys) is never read into a file, so no backup holds it.',
    );
    const smaller = { ...same, notCompared: [{ ...key, why: 'outside-memory' as const }] };
    expect(comparisonTitle(smaller)).toContain('as far as it could be read');
  });

  it('counts sectors where there are any, and bytes where there are none', () => {
    const one = {
      ...same,
      differentBytes: 1,
      differentSectors: 1,
      different: [{ alternate: 0, start: 0x08000801, end: 0x08000802 }],
    };
    expect(comparisonTitle(one)).toBe(
      'The board holds something else than the backup, in 1 of 64 sectors (1 byte)',
    );
    expect(comparisonLines(one)).toEqual([
      'Read and looked at: 0x08000000-0x0801FFFF (128 KB)',
      'Differs at: 0x08000801-0x08000801 (1 B)',
    ]);
    expect(comparisonTitle({ ...one, sectors: 0, differentSectors: 0 })).toBe(
      'The board holds something else than the backup, in 1 byte',
    );
  });

  it('names the other board, and says where nobody can tell', () => {
    const from = { board: 'NanoVNA-H', portPath: '1-4', serial: '2079358F' };
    expect(comparisonLines({ ...same, from: { ...from, isThisBoard: 'yes' } })).toHaveLength(1);
    expect(comparisonLines({ ...same, from: { ...from, isThisBoard: 'no' } })[0]).toBe(
      'This is a backup of another board: NanoVNA-H, serial 2079358F. Its own settings differ.',
    );
    const shared = { ...from, serial: 'FFFFFFFEFFFF', isThisBoard: 'unknown' } as const;
    expect(comparisonLines({ ...same, from: shared })[0]).toContain('it came from NanoVNA-H, port 1-4.');
    expect(comparisonLines({ ...same, from: { ...shared, portPath: '' } })[0]).toContain('nobody can say');
  });

  it('names a few places, and how many more there are', () => {
    const different = Array.from({ length: 100 }, (_, index) => {
      const start = 0x08000000 + 16 * index;
      return { alternate: 0, start, end: start + 1 };
    });
    const lines = comparisonLines({ ...same, differentBytes: 500, different, more: true });
    expect(lines[1]).toMatch(/^Differs at: (0x[0-9A-F]{8}-0x[0-9A-F]{8}, ){4}and more than 96 places more$/);
  });
});
