// Deny-lists at their borders (devices.md 0.3), and that profiles only ever add to each other.
import { describe, expect, it } from 'vitest';
import { guardsOf } from '../../main/devices/guards.ts';
import { builtInProfiles } from '../../main/devices/profiles.ts';
import type { Profile } from '../../shared/profile.ts';
import { profile } from '../support/profiles.ts';

function closed(
  productId: number,
  alternate: number,
  address: number,
  list: 'forbidden' | 'secrets' = 'forbidden',
  profiles: readonly Profile[] = builtInProfiles,
): boolean {
  return guardsOf(profiles, { vendorId: 0x2b04, productId, runtimeIds: undefined })[list].some(
    (one) => one.alternate === alternate && address >= one.range.start && address < one.range.end,
  );
}

const rom = { vendorId: 0x0483, productId: 0xdf11 };

describe('what is never written', () => {
  // First and last byte of each open part, with the closed bytes beside them.
  const nrf52 = [0xd00c, 0xd00d, 0xd00f, 0xd016, 0xd017, 0xd019, 0xd01a];
  it.each(nrf52)('on a Particle board with an nRF52840 (%i) leaves open only its programs', (id) => {
    const at = (address: number): boolean => closed(id, 0, address);
    expect([0, 0xfff, 0x1000, 0x26fff, 0x27000, 0x27fff, 0xf4000, 0xf7fff, 0xf8000, 0xfffff].map(at)).toEqual(
      Array.from({ length: 10 }, () => true),
    );
    expect([0x28000, 0x30000, 0xb4000, 0xd4000, 0xf3fff, 0x100000].map(at)).toEqual(
      Array.from({ length: 6 }, () => false),
    );
  });

  it.each(nrf52)('in the settings of %i leaves open the two flag bytes', (id) => {
    const open = Array.from({ length: 0x4000 }, (_, address) => address).filter(
      (address) => !closed(id, 1, address),
    );
    expect(open).toEqual([1753, 8134]);
  });

  it.each([0xd01c, 0xd020, 0xd023])('on a Particle board with an RTL872x (%i) is what starts it', (id) => {
    const at = (address: number): boolean => closed(id, 0, address);
    expect([0x08000000, 0x08013fff, 0x08014000, 0x0805dfff, 0x0805f000, 0x0805ffff].map(at)).toEqual(
      Array.from({ length: 6 }, () => true),
    );
    expect([0x0805e000, 0x0805efff, 0x08060000].map(at)).toEqual([false, false, false]);
    expect(closed(id, 1, 0)).toBe(true);
  });

  it.each([0xd006, 0xd008, 0xd00a, 0xd025])('on %i is all of its keys', (id) => {
    expect([closed(id, 1, 0), closed(id, 1, 0xffffffff), closed(id, 0, 0)]).toEqual([true, true, false]);
  });

  it('on an ODrive is the note of its version, to the last lock byte', () => {
    const { forbidden } = guardsOf(builtInProfiles, { ...rom, chip: 'stm32f405', runtimeIds: undefined });
    const at = (address: number): boolean =>
      forbidden.some((one) => one.alternate === 2 && address >= one.range.start && address < one.range.end);
    expect([0x1fff77ff, 0x1fff7800, 0x1fff79ff, 0x1fff7a00, 0x1fff7a0f, 0x1fff7a10].map(at)).toEqual([
      false,
      true,
      true,
      true,
      true,
      false,
    ]);
  });

  it('counts option bytes only on a board seen to be the one', () => {
    const options = (runtimeIds?: { vendorId: number; productId: number }): boolean =>
      guardsOf(builtInProfiles, { ...rom, chip: 'stm32f405', runtimeIds }).forbidden.some(
        (one) => one.alternate === 1,
      );
    expect(options()).toBe(false);
    expect(options({ vendorId: 0x1209, productId: 0x0d32 })).toBe(true);
  });

  it('keeps a profile out by the chip only where the map proves it', () => {
    const count = (chip?: string): number =>
      guardsOf(builtInProfiles, { ...rom, chip, runtimeIds: undefined }).forbidden.length;
    expect([count('stm32f072'), count('stm32f405'), count()]).toEqual([0, 2, 2]);
  });
});

describe('what is never read into a file', () => {
  it.each([0xd006, 0xd00c, 0xd01a, 0xd020, 0xd025])('is where %i has its keys', (id) => {
    expect([34, 1250, 2082, 3106, 3618, 8119].map((at) => closed(id, 1, at, 'secrets'))).toEqual(
      Array.from({ length: 6 }, () => true),
    );
    expect(closed(id, 0, 0x30000, 'secrets')).toBe(false);
  });
});

describe("a person's own profile for the same ids", () => {
  const own = profile({
    id: 'my-tracker',
    modes: [{ kind: 'flash', ids: ['2b04:d01a'], source: 'me' }],
    forbidden: [{ alternate: 0, first: '000b4000', last: '000b4fff', what: 'mine', source: 'me' }],
  });
  it('adds to what is closed, and opens nothing', () => {
    const both = [own, ...builtInProfiles];
    expect(closed(0xd01a, 0, 0xb4000, 'forbidden', both)).toBe(true);
    expect(closed(0xd01a, 0, 0, 'forbidden', both)).toBe(true);
    expect(closed(0xd01a, 1, 34, 'secrets', both)).toBe(true);
    expect(closed(0xd00c, 0, 0xb4000, 'forbidden', both)).toBe(false);
  });
});
