// What is offered to a board, and what is not: the version is compared in the board's own order, the variant never hoped for.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { builtInProfiles } from '../../main/devices/profiles.ts';
import { judgeLooks, type BoardStanding } from '../../shared/board-updates.ts';
import type { FirmwareLook, FirmwareOffer } from '../../shared/firmware.ts';
import { nothingText, offerButton, riskLines, updatesTitle } from '../../shared/text/board-updates.ts';
import { compareNumbered, compareOffered } from '../../shared/versions.ts';

const profileOf = (id: string) => builtInProfiles.find((one) => one.id === id);

function standing(changes: Partial<BoardStanding> = {}): BoardStanding {
  return {
    portPath: 'virtual-1',
    profile: 'nanovna-h',
    name: 'NanoVNA-H',
    virtual: true,
    variant: undefined,
    version: { of: 'NanoVNA', version: '1.2.3', from: 'program' },
    ...changes,
  };
}

let next = 0;
function offer(version: string, changes: Partial<FirmwareOffer> = {}): FirmwareOffer {
  return {
    id: String(++next).padStart(32, '0'),
    profile: 'nanovna-h',
    source: 'maker',
    kind: 'index',
    version,
    channel: 'stable',
    fileName: `h-${version}.bin`,
    address: 'https://example.org/h.bin',
    sha256: 'a'.repeat(64),
    ...changes,
  };
}

function look(offers: readonly FirmwareOffer[], changes: Partial<FirmwareLook> = {}): FirmwareLook {
  return {
    profile: 'nanovna-h',
    source: 'maker',
    kind: 'index',
    at: '2026-11-21T14:00:00.000Z',
    from: 'net',
    offers,
    leftOut: 0,
    signature: 'none',
    ...changes,
  };
}

const judged = (offers: readonly FirmwareOffer[], on: BoardStanding = standing()) =>
  judgeLooks(on, profileOf(on.profile ?? ''), [look(offers)], []);

describe('versions', () => {
  it.each([
    ['1.2.46', '1.2.9', 'newer'],
    ['1.2.9', '1.2.46', 'older'],
    ['1.3.0', '1.3', 'same'],
    ['v1.3.0', '1.3.0', 'same'],
    ['1.3.0-rc1', '1.3.0', 'older'],
    ['1.3.0', '1.3.0-rc1', 'newer'],
    ['1.3.0-rc1', '1.3.0-rc2', 'unknown'],
    ['1.3.0+5', '1.3.0+6', 'unknown'],
    ['2026-11-21a', '1.2.3', 'unknown'],
    ['0x1f', '0x2f', 'unknown'],
    ['', '1.2.3', 'unknown'],
  ])('%s against %s is %s', (offered, onBoard, expected) => {
    expect(compareOffered('NanoVNA', offered, onBoard)).toBe(expected);
  });

  it('tells nothing of boards whose order no fact states, but that two are the same', () => {
    expect(compareOffered(undefined, '1.3.0', '1.2.0')).toBe('unknown');
    expect(compareOffered('Pytrack', '0.0.9', '0.0.8')).toBe('unknown');
    expect(compareOffered(undefined, '1.2.0', '1.2.0')).toBe('same');
    expect(compareOffered('NanoVNA', '1.3.0', undefined)).toBe('unknown');
  });

  it('is an order: turned round, the sign turns', () => {
    const numbers = fc.array(fc.nat(99), { minLength: 2, maxLength: 4 }).map((parts) => parts.join('.'));
    fc.assert(
      fc.property(numbers, numbers, (a, b) => {
        expect(Math.sign(compareNumbered(a, b) ?? NaN)).toBe(-Math.sign(compareNumbered(b, a) ?? NaN) + 0);
      }),
    );
  });
});

describe('what is offered', () => {
  it('makes the newest of the newer ones the offer, and shows the others in order', () => {
    const updates = judged([offer('1.2.3'), offer('1.2.46'), offer('1.3.0'), offer('1.2.2')]);
    expect(updates.offers.map((one) => [one.version, one.comparison])).toEqual([
      ['1.3.0', 'newer'],
      ['1.2.46', 'newer'],
      ['1.2.3', 'same'],
      ['1.2.2', 'older'],
    ]);
    expect(updates.best).toBe(updates.offers[0]?.id);
    expect(updatesTitle(updates)).toBe('1.3.0 is available');
    expect(updates.offers.map(offerButton)).toEqual([
      'Update to 1.3.0',
      'Update to 1.2.46',
      'Install 1.2.3 again',
      'Go back to 1.2.2',
    ]);
  });

  it('shows no address to anybody', () => {
    expect(JSON.stringify(judged([offer('1.3.0')]))).not.toContain('https://');
  });

  it('never makes a pre-release the offer, and says what it is', () => {
    const updates = judged([offer('1.3.0', { channel: 'pre-release' })]);
    expect(updates.best).toBeUndefined();
    expect(updates.offers[0]?.risks).toEqual(['pre-release']);
  });

  it('offers nothing newer to a board that has it all, and says when it was looked', () => {
    const updates = judged([offer('1.2.3'), offer('1.0.0')]);
    expect(updates.best).toBeUndefined();
    expect(updatesTitle(updates)).toBe('Nothing newer found (looked on 2026-11-21)');
  });

  it('is the newest of all, whatever stands between them that can be compared with nothing', () => {
    const between = ['2026', 'A1', '1.2.3', '1', 'B2'];
    const newest = ['1.2.9', '1.2.46', '1.3.0', '1.2.10'];
    fc.assert(
      fc.property(fc.shuffledSubarray([...between, ...newest], { minLength: 9 }), (versions) => {
        const updates = judged(versions.map((version) => offer(version)));
        expect(updates.offers.find(({ id }) => id === updates.best)?.version).toBe('1.3.0');
        expect(updates.offers.slice(0, 5).map((one) => one.version)).toEqual([
          '1.3.0',
          '1.2.46',
          '1.2.10',
          '1.2.9',
          '1.2.3',
        ]);
      }),
    );
  });

  it('is told as nothing to ask where the maker has a page, and where there is not even that', () => {
    const page = {
      profile: 'nanovna-h',
      source: 'maker',
      address: 'https://maker.example',
      take: 'Take it.',
    };
    const told = (pages: readonly (typeof page)[]) =>
      updatesTitle(judgeLooks(standing(), profileOf('nanovna-h'), [], pages));
    expect(told([page])).toBe('Its maker publishes on a page, for people to look at.');
    expect(told([])).toContain('No source of firmware');
  });

  it('warns of going back, in the words of the board', () => {
    const [old] = judged([offer('1.2.2')]).offers;
    expect(old?.risks).toEqual(['calibration-may-not-fit']);
    expect(old === undefined ? [] : riskLines(old).join(' ')).toContain('calibrate again');
  });

  it('says where nobody vouches for the content, and what bootloader it needs', () => {
    const bare = offer('1.3.0', { smallestBootloader: '3.1' });
    const { sha256: _, ...withoutDigest } = bare;
    expect(judged([withoutDigest]).offers[0]?.risks).toEqual(['no-digest', 'needs-bootloader']);
  });

  it('warns of what stands in a list that went back, and of nothing of another source', () => {
    const wentBack = { found: '2026-01-01T00:00:00Z', seen: '2026-02-01T00:00:00Z' };
    const other = offer('1.2.9', { source: 'other' });
    const looks = [look([offer('1.3.0')], { wentBack }), look([other], { source: 'other' })];
    const { offers } = judgeLooks(standing(), profileOf('nanovna-h'), looks, []);
    expect(offers.map((one) => [one.version, riskLines(one).length])).toEqual([
      ['1.3.0', 1],
      ['1.2.9', 0],
    ]);
    expect(offers.flatMap(riskLines)[0]).toContain('older than one that was seen before');
  });

  it('makes no offer where the version on the board is not known, and lists them all', () => {
    const updates = judged([offer('1.3.0'), offer('1.2.3')], standing({ version: undefined }));
    expect(updates.best).toBeUndefined();
    expect(updates.offers.map((one) => one.comparison)).toEqual(['unknown', 'unknown']);
    expect(updatesTitle(updates)).toContain('not known; 2 are available');
  });
});

describe('the variant', () => {
  const on = (changes: Partial<BoardStanding>) =>
    standing({ profile: 'odrive-v3', name: 'ODrive v3', version: undefined, ...changes });
  const some = ['3.6-56V', '3.6-24V'].map((variant) =>
    offer('0.5.6', { profile: 'odrive-v3', variant, fileName: `ODriveFirmware_v${variant}.hex` }),
  );
  const general = offer('0.5.5', { profile: 'odrive-v3' });

  it('comes from the board: one that did not say gets nothing of a variant', () => {
    const updates = judged(some, on({}));
    expect(updates.offers).toEqual([]);
    expect(updates.nothing).toBe('variant-unknown');
    expect(nothingText(updates)).toContain('3.6-24V and 3.6-56V');
    expect(judged([...some, general], on({})).offers.map((one) => one.version)).toEqual(['0.5.5']);
  });

  it('is matched as its maker writes it, and as its record says it', () => {
    const updates = judged(some, on({ variant: 'v3.6-56V' }));
    expect(updates.offers.map((one) => one.fileName)).toEqual(['ODriveFirmware_v3.6-56V.hex']);
  });

  it('that nobody has firmware for gets none, and is told', () => {
    const updates = judged(some, on({ variant: 'v3.5-24V' }));
    expect(updates.nothing).toBe('none-for-variant');
    expect(nothingText(updates)).toBe('There is firmware for 3.6-24V and 3.6-56V, but none for v3.5-24V.');
  });

  it('of a board that nobody knows is of no use', () => {
    const updates = judged([offer('1.3.0')], standing({ profile: undefined }));
    expect(updates.offers).toEqual([]);
    expect(updates.nothing).toBe('board-unknown');
  });

  it('of another profile is another board, whatever its source says', () => {
    expect(judged([offer('1.3.0', { profile: 'nanovna-h4' })]).offers).toEqual([]);
  });

  it('crossing 0.5 tells an ODrive that its settings will not fit, up and down', () => {
    const at = (version: string) =>
      on({ variant: '3.6-56V', version: { of: 'ODrive', version, from: 'flash' } });
    const risks = (version: string, offered: string) =>
      judged([offer(offered, { profile: 'odrive-v3' })], at(version)).offers[0]?.risks;
    expect(risks('0.4.12', '0.5.6')).toEqual(['settings-do-not-fit']);
    expect(risks('0.5.6', '0.4.12')).toEqual(['settings-do-not-fit']);
    expect(risks('0.5.1', '0.5.6')).toEqual([]);
    expect(risks('0.5.6', '0.5.1')).toEqual(['going-back-unknown']);
  });
});
