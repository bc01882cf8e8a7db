import { describe, expect, it } from 'vitest';
import { fitsIds, profilesFor } from '../../main/devices/match-ids.ts';
import { profile } from '../support/profiles.ts';

const named = (id: string, ids: string, kind: 'flash' | 'application' = 'flash') =>
  profile({ id, modes: [{ kind, ids: [ids], source: 'me' }] });
const exact = named('exact', '1366:0101');
const maker = named('maker', '1366:*');
const anyDfu = named('any', '*:*');
const program = named('program', '1366:0101', 'application');
const ids = (list: readonly { id: string }[]) => list.map((one) => one.id);

describe('ids and profiles', () => {
  it.each([
    ['0483:df11', 0x0483, 0xdf11, true],
    ['0483:df11', 0x0483, 0xdf10, false],
    ['0483:df11', 0x0484, 0xdf11, false],
    ['1366:*', 0x1366, 0, true],
    ['1366:*', 0x1367, 0, false],
    ['*:*', 0, 0, true],
    ['00ff:000a', 0xff, 0xa, true],
  ])('%s, %i:%i: %s', (wanted, vendorId, productId, fits) =>
    expect(fitsIds(wanted, { vendorId, productId })).toBe(fits),
  );

  it('the closest leave out the rest', () => {
    const all = [anyDfu, maker, exact];
    expect(ids(profilesFor(all, { vendorId: 0x1366, productId: 0x0101 }))).toEqual(['exact']);
    expect(ids(profilesFor(all, { vendorId: 0x1366, productId: 0x0102 }))).toEqual(['maker']);
    expect(ids(profilesFor(all, { vendorId: 1, productId: 2 }))).toEqual(['any']);
    expect(profilesFor([exact], { vendorId: 1, productId: 2 })).toEqual([]);
  });

  it('a mode leaves out the others', () => {
    const facts = { vendorId: 0x1366, productId: 0x0101 };
    expect(ids(profilesFor([exact, program], facts))).toEqual(['exact', 'program']);
    expect(ids(profilesFor([exact, program], facts, 'flash'))).toEqual(['exact']);
    expect(ids(profilesFor([exact, program], facts, 'runtime-dfu'))).toEqual([]);
  });
});
