// MCUboot images and Particle modules, as their makers lay them out (devices.md 1.7, 4.7).
import { describe, expect, it } from 'vitest';
import { readImage } from '../../main/images/registry.ts';
import type { FirmwareImage } from '../../main/images/image.ts';
import { isFlashError } from '../../shared/errors/flash-error.ts';
import { mcubootFile, particleFile, tlv } from '../support/maker-files.ts';

function outcome(file: Uint8Array, name = 'a.bin'): string {
  try {
    return readImage(file, name).format;
  } catch (error) {
    return isFlashError(error) ? error.code : String(error);
  }
}

const changed = (file: Uint8Array, at: number, value: number): Uint8Array => {
  const copy = file.slice();
  copy[at < 0 ? file.length + at : at] = value;
  return copy;
};
const digestsOf = (image: FirmwareImage): unknown[] =>
  image.facts.flatMap((fact) => (fact.code === 'digest' ? [[fact.what, fact.verdict]] : []));

describe('MCUboot images', () => {
  it('tell version, digest and signature', () => {
    const image = readImage(mcubootFile(), 'app_update.bin');
    expect(image).toMatchObject({ format: 'mcuboot', parts: [{ address: undefined }] });
    expect(image.facts).toMatchObject([
      { code: 'mcuboot', loadAddress: 0x20000000, imageBytes: 64, flags: [] },
      { code: 'version', version: '1.2.3+4' },
      { code: 'digest', what: 'SHA-256', verdict: 'good' },
      { code: 'signature', what: 'ECDSA' },
    ]);
  });

  it('with one changed byte have a bad digest', () => {
    for (const at of [4, 24, 40, 95])
      expect(digestsOf(readImage(changed(mcubootFile(), at, 0xa5), 'a'))).toEqual([['SHA-256', 'bad']]);
  });

  it('hash protected TLVs with the body, and read what they need', () => {
    const file = mcubootFile({ protectedTlvs: tlv(0x40, [1, 0, 0, 0, 2, 1, 5, 0, 0, 0, 0, 0]) });
    const image = readImage(file, 'a');
    expect(digestsOf(image)).toEqual([['SHA-256', 'good']]);
    expect(image.facts).toContainEqual(
      expect.objectContaining({ code: 'needs', what: 'MCUboot image 1', version: '2.1.5' }),
    );
    expect(digestsOf(readImage(changed(file, 32 + 64 + 10, 9), 'a'))).toEqual([['SHA-256', 'bad']]);
  });

  it('that are encrypted or compressed are not judged', () => {
    for (const flags of [0x4, 0x8, 0x200])
      expect(digestsOf(readImage(mcubootFile({ flags }), 'a'))).toEqual([['SHA-256', 'not-checked']]);
  });

  it('keep the padding of their slot', () => {
    const padded = new Uint8Array([...mcubootFile(), ...new Uint8Array(100).fill(0xff)]);
    expect(readImage(padded, 'a').parts[0]?.bytes).toHaveLength(padded.length);
  });

  it('cut at any byte are refused', () => {
    const file = mcubootFile({ protectedTlvs: tlv(0x50, [1, 0, 0, 0]) });
    for (let length = 4; length < file.length; length++)
      expect(outcome(file.subarray(0, length))).toMatch(/^image\.(truncated|malformed)$/);
  });

  it.each([
    ['a header shorter than a header', 8, 31],
    ['another magic before the TLVs', 96, 0],
    ['a TLV area of three bytes', 98, 3],
    ['a TLV longer than its area', 103, 0xff],
  ])('with %s are refused', (_what, at, value) => {
    expect(outcome(changed(mcubootFile(), at, value))).toMatch(/^image\.(truncated|malformed)$/);
  });
});

describe('Particle modules', () => {
  it.each([0, 0x184, 0x200, 0x404])('are found with the prefix at %d', (prefixAt) => {
    const image = readImage(particleFile({ prefixAt }), 'tracker.bin');
    expect(image).toMatchObject({ format: 'particle', parts: [{ address: 0xb4000 }] });
    expect(image.facts).toMatchObject([
      {
        code: 'particle',
        platform: 26,
        platformName: 'Tracker SoM, Tracker One',
        module: 'user-part',
        index: 1,
      },
      { code: 'version', of: 'Particle 26 user-part 1', version: '7' },
      { code: 'chip', chip: 'nrf52840' },
      { code: 'needs', what: 'Particle 26 system-part 1', version: '3103' },
      { code: 'digest', what: 'CRC-32', verdict: 'good' },
      { code: 'digest', what: 'SHA-256', verdict: 'good' },
    ]);
  });

  it('with one changed byte have a bad CRC', () => {
    for (const at of [20, 100, -1, -20]) {
      const image = readImage(changed(particleFile(), at, 0x5a), 'a.bin');
      expect(digestsOf(image)[0]).toEqual(['CRC-32', 'bad']);
    }
  });

  it('cut at any byte behind the prefix are refused, where their name says .bin', () => {
    const file = particleFile();
    for (let length = 24; length < file.length; length++)
      expect(outcome(file.subarray(0, length))).toBe('image.truncated');
  });

  it('leave out a prefix that is to be dropped, and say so', () => {
    const file = particleFile({ flags: 1 });
    const image = readImage(file, 'a.bin');
    expect(image.parts[0]?.bytes).toEqual(file.subarray(24));
    expect(image.facts).toContainEqual(
      expect.objectContaining({ code: 'left-out', what: 'particle-prefix', bytes: 24 }),
    );
  });

  it.each([
    ['a bootloader', { module: 2 }],
    ['a radio stack', { module: 8 }],
    ['an asset', { module: 9 }],
    ['an encrypted user part', { flags: 8 }],
    ['a compressed system part', { module: 4, flags: 2 }],
  ])('that go in another way say so: %s', (_what, changes) => {
    const { facts } = readImage(particleFile(changes), 'a.bin');
    expect(facts).toContainEqual(expect.objectContaining({ code: 'other-route', route: 'particle-update' }));
  });

  it('are not seen in other programs', () => {
    const noise = particleFile().subarray(24);
    expect(outcome(noise)).toBe('raw');
    expect(outcome(new Uint8Array(9_000))).toBe('raw');
  });
});
