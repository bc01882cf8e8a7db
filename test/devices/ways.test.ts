import { describe, expect, it } from 'vitest';
import { sameWays, softwareWays } from '../../main/devices/ways.ts';
import { profile } from '../support/profiles.ts';

const way = { kind: 'serial-touch', baud: 1200, limitMs: 5_000, source: 'its manual' } as const;
const one = profile({ ways: [way] });

describe('a board whose program runs', () => {
  it('is sent nowhere where it is known by name only', () => {
    expect(softwareWays(one)).toEqual([way]);
    expect(softwareWays(profile({ ways: [way], support: 'named', today: 'No.' }))).toEqual([]);
  });

  it('need not be told from another that is sent the same way, whatever the source says', () => {
    expect(sameWays(one, profile({ ways: [{ ...way, source: 'elsewhere' }] }))).toBe(true);
    expect(sameWays(one, profile({ ways: [{ ...way, baud: 9600 }] }))).toBe(false);
    expect(sameWays(one, profile({ ways: [] }))).toBe(false);
  });
});
