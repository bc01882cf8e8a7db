// Archives that are one firmware as a whole: Nordic's and Particle's.
import { describe, expect, it } from 'vitest';
import type { FirmwareImage } from '../../main/images/image.ts';
import { readImage } from '../../main/images/registry.ts';
import { isFlashError } from '../../shared/errors/flash-error.ts';
import { modemFile, nordicDfuFile, particleFile, zipFile } from '../support/maker-files.ts';

const read = (file: Uint8Array): FirmwareImage => readImage(file, 'release.zip');

function refusal(action: () => unknown): { code: string; [param: string]: unknown } {
  try {
    action();
    return { code: 'nothing thrown' };
  } catch (error) {
    if (!isFlashError(error)) throw error;
    return { code: error.code, ...error.params };
  }
}

describe('Nordic modem firmware', () => {
  const name = 'mfw_nrf9160_1.3.5.zip';
  it('is one image of numbered segments, its digest checked, its loaders listed', () => {
    const image = readImage(modemFile(), name);
    expect(image.parts.map((part) => part.address)).toEqual(
      Array.from({ length: 11 }, (_, index) => index * 0x10000 + 0x100),
    );
    expect(image.format).toBe('nordic-modem');
    expect(image.parts.every((part) => part.space === 'modem')).toBe(true);
    expect(image.facts).toEqual([
      { code: 'chip', at: {}, chip: 'nrf9160', evidence: 'its name' },
      { code: 'other-route', what: 'nrf9160', route: 'modem-update' },
      { code: 'version', at: {}, of: 'nrf9160 modem', version: '1.3.5' },
      expect.objectContaining({ code: 'digest', verdict: 'good' }),
      {
        code: 'member',
        name: '0123abc.ipc_dfu.signed_1.1.2.ihex',
        role: 'modem-loader',
        detail: 'key 0123abc, version 1.1.2',
      },
      {
        code: 'member',
        name: '89abcde.ipc_dfu.signed_1.2.0.ihex',
        role: 'modem-loader',
        detail: 'key 89abcde, version 1.2.0',
      },
    ]);
  });

  it('with a wrong digest says so; without one too', () => {
    const digest = 'firmware.update.image.digest.txt';
    const wrong = `SHA256 of all ranges in ascending address order:\n${'0'.repeat(64)}`;
    expect(readImage(modemFile({ [digest]: wrong }), name).facts).toContainEqual(
      expect.objectContaining({ code: 'digest', verdict: 'bad' }),
    );
    expect(readImage(modemFile({ [digest]: undefined }), name).facts).toContainEqual(
      expect.objectContaining({ code: 'digest', verdict: 'not-checked' }),
    );
  });

  it('without one of its segments is refused', () => {
    const file = modemFile({ 'firmware.update.image.segments.4.hex': undefined });
    expect(refusal(() => readImage(file, name)).reason).toBe('modem-segment-missing');
  });
});

describe('Nordic DFU packages', () => {
  it('are understood, and go another way', () => {
    const image = read(nordicDfuFile());
    expect(image).toMatchObject({ format: 'nordic-dfu', parts: [{ address: undefined }] });
    expect(image.facts).toEqual([
      { code: 'other-route', what: 'nRF52', route: 'nordic-serial-dfu' },
      { code: 'member', name: 'app.bin', role: 'firmware', detail: 'application' },
      { code: 'member', name: 'app.dat', role: 'init-packet', detail: 'application' },
    ]);
  });

  it.each([
    'no JSON',
    '{}',
    '{"manifest":{}}',
    '{"manifest":{"application":{"bin_file":"x.bin","dat_file":"app.dat"}}}',
  ])('with a manifest of %j are refused', (manifest) => {
    expect(refusal(() => read(nordicDfuFile({ 'manifest.json': manifest }))).reason).toBe('bad-manifest');
  });
});

describe('Particle bundles', () => {
  it('of an application have its assets listed', () => {
    const image = read(zipFile({ 'app.bin': particleFile(), 'assets/a.wav': 'wav' }));
    expect(image).toMatchObject({ format: 'particle-bundle', parts: [{ address: 0xb4000 }] });
    expect(image.facts).toContainEqual({ code: 'member', name: 'assets/a.wav', role: 'asset' });
  });

  it('of a release have the system part before the user part, and the bootloader left out', () => {
    const image = read(
      zipFile({
        'user.bin': particleFile(),
        'system.bin': particleFile({ module: 4, start: 0x30000, prefixAt: 0x200 }),
        'bootloader.bin': particleFile({ module: 2, start: 0xf4000, prefixAt: 0x200 }),
      }),
    );
    expect(image.parts.map((part) => part.address)).toEqual([0x30000, 0xb4000]);
    expect(image.facts).toContainEqual({
      code: 'member',
      name: 'bootloader.bin',
      role: 'not-written-over-dfu',
    });
    expect(image.facts.some((fact) => fact.code === 'other-route')).toBe(false);
  });

  it('of several platforms are a list to choose from', () => {
    const file = zipFile({
      'boron.bin': particleFile({ platform: 13 }),
      'argon.bin': particleFile({ platform: 12 }),
    });
    expect(refusal(() => read(file)).code).toBe('image.several');
  });

  it('of one module alone are that module', () => {
    expect(read(zipFile({ 'app.bin': particleFile() })).format).toBe('particle');
  });
});
