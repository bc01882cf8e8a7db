// Archives: opened for the firmware in them, and never for what would fill the memory or lead astray.
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { addDfuSuffix } from '../../main/images/formats/dfu-write.ts';
import type { FirmwareImage } from '../../main/images/image.ts';
import { readImage, type ReadOptions } from '../../main/images/registry.ts';
import { isFlashError } from '../../shared/errors/flash-error.ts';
import { limits } from '../../shared/limits.ts';
import { zipFile } from '../support/maker-files.ts';
import { program } from '../support/rig.ts';
import { needsTool, runTool, workFolder } from '../support/tools.ts';

const any = { vendorId: 0xffff, productId: 0xffff, bcdDevice: 0xffff };
const dfu = addDfuSuffix(program(300), any, 0x0100);
const read = (file: Uint8Array, options: ReadOptions = {}): FirmwareImage =>
  readImage(file, 'release.zip', options);

function refusal(action: () => unknown): { code: string; [param: string]: unknown } {
  try {
    action();
    return { code: 'nothing thrown' };
  } catch (error) {
    if (!isFlashError(error)) throw error;
    return { code: error.code, ...error.params };
  }
}

describe('an archive with one firmware file', () => {
  it('is that file', () => {
    const file = zipFile({
      'README.md': '# hello',
      'out/firmware.dfu': dfu,
      '__MACOSX/out/._firmware.bin': 'x',
    });
    expect(read(file)).toMatchObject({
      format: 'dfu',
      name: 'firmware.dfu',
      inside: ['release.zip'],
      fileBytes: dfu.length,
    });
  });

  it('may be in another archive, and packed with gzip', () => {
    const inner = zipFile({ 'firmware.dfu': dfu });
    expect(read(zipFile({ 'inner.zip': inner })).inside).toEqual(['release.zip', 'inner.zip']);
    expect(readImage(gzipSync(inner), 'firmware.zip.gz').inside).toEqual(['firmware.zip.gz', 'firmware.zip']);
    const packed = readImage(gzipSync(program(5_000)), 'firmware.bin.gz');
    expect(packed).toMatchObject({ format: 'raw', name: 'firmware.bin' });
    expect(packed.parts[0]?.bytes).toEqual(program(5_000));
  });

  it('is known by its content, whatever its name', () => {
    expect(readImage(zipFile({ 'firmware.dfu': dfu }), 'firmware.bin').format).toBe('dfu');
  });

  it('may be made by other programs: zip and gzip', (context) => {
    needsTool(context, 'zip');
    needsTool(context, 'gzip');
    using folder = workFolder();
    folder.write('firmware.dfu', dfu);
    folder.write('readme.txt', 'hello');
    const [archive, firmware, readme] = ['a.zip', 'firmware.dfu', 'readme.txt'].map((name) =>
      folder.at(name),
    );
    runTool('zip', '-q', '-j', archive ?? '', firmware ?? '', readme ?? '');
    expect(read(folder.read('a.zip')).sha256).toBe(readImage(dfu, 'a').sha256);
    runTool('gzip', firmware ?? '');
    expect(readImage(folder.read('firmware.dfu.gz'), 'firmware.dfu.gz').name).toBe('firmware.dfu');
  });
});

describe('an archive with several, or none', () => {
  const file = zipFile({
    'H.dfu': dfu,
    'H4.bin': program(50),
    'notes.txt': 'hello',
    'x.zip': zipFile({ 'a.dfu': dfu }),
  });
  it('gives a list to choose from', () => {
    expect(refusal(() => read(file))).toEqual({
      code: 'image.several',
      name: 'release.zip',
      choices: ['H.dfu', 'H4.bin', 'x.zip'],
    });
    expect(read(file, { entry: 'H4.bin' })).toMatchObject({ format: 'raw', name: 'H4.bin' });
    expect(read(file, { entry: 'x.zip/a.dfu' })).toMatchObject({ inside: ['release.zip', 'x.zip'] });
  });

  it('says what it holds where the choice is none', () => {
    for (const entry of ['H5.bin', 'x.zip/b.dfu', 'H.dfu/x'])
      expect(refusal(() => read(file, { entry })).code).toBe('image.not-in-archive');
    expect(refusal(() => read(zipFile({ 'a.txt': 'a' })))).toMatchObject({
      contents: ['a.txt'],
      wanted: undefined,
    });
    expect(refusal(() => read(zipFile({}))).code).toBe('image.not-in-archive');
    expect(refusal(() => readImage(dfu, 'a.dfu', { entry: 'b' })).code).toBe('image.not-in-archive');
  });
});

describe('bombs', () => {
  const zeros = (length: number): Uint8Array => new Uint8Array(length);
  it('of ratio are refused by what they say', () => {
    const file = zipFile({ 'a.bin': zeros(limits.archiveRatioFromBytes + 1) });
    expect(refusal(() => read(file))).toMatchObject({
      code: 'image.archive-limit',
      what: 'ratio',
      limit: 200,
    });
    expect(refusal(() => read(gzipSync(zeros(8 * 1024 * 1024))))).toMatchObject({ what: 'ratio' });
  });

  it('that lie about their size are stopped at what they said', () => {
    const file = zipFile({ 'a.bin': zeros(3_000_000) });
    const view = new DataView(file.buffer);
    const directory = view.getUint32(file.length - 22 + 16, true);
    view.setUint32(directory + 24, 1_000, true);
    expect(refusal(() => read(file))).toMatchObject({ code: 'image.malformed', reason: 'archive-damaged' });
    view.setUint32(directory + 24, 3_000_001, true);
    expect(refusal(() => read(file))).toMatchObject({ code: 'image.malformed', reason: 'archive-damaged' });
  });

  it('of gzip that lie about their size are stopped there too', () => {
    const file = new Uint8Array(gzipSync(zeros(3_000_000)));
    new DataView(file.buffer).setUint32(file.length - 4, 1_000, true);
    expect(refusal(() => read(file))).toMatchObject({ code: 'image.malformed', reason: 'archive-damaged' });
  });

  it('of many entries, and of entries that share their bytes, are refused', () => {
    const many = Object.fromEntries(
      Array.from({ length: limits.archiveEntries + 1 }, (_, at) => [`f${at}`, '']),
    );
    expect(refusal(() => read(zipFile(many)))).toMatchObject({ what: 'entries', limit: 4096 });
    const file = zipFile({ 'a.bin': program(3_000), 'b.bin': program(3_000, 9) }, 0);
    const view = new DataView(file.buffer);
    const first = view.getUint32(file.length - 22 + 16, true);
    view.setUint32(first + 20, 6_500, true);
    expect(refusal(() => read(file)).reason).toBe('archive-overlap');
  });

  it('in all, over the entries, are refused', () => {
    const entry = program(1_000_000);
    const files = Object.fromEntries(Array.from({ length: 2 }, (_, at) => [`${at}.bin`, entry]));
    const file = zipFile(files, 0);
    const view = new DataView(file.buffer);
    let at = view.getUint32(file.length - 22 + 16, true);
    for (let index = 0; index < 2; index++) {
      view.setUint16(at + 10, 8, true);
      view.setUint32(at + 24, 190_000_000, true);
      at += 46 + view.getUint16(at + 28, true);
    }
    // The first is not deflated at all; its size alone is believed, and then its content is not.
    expect(refusal(() => read(file)).code).toBe('image.malformed');
    view.setUint32(view.getUint32(file.length - 22 + 16, true) + 24, 300_000_000, true);
    expect(refusal(() => read(file))).toMatchObject({ code: 'image.archive-limit', what: 'unpacked' });
  });

  it('of nesting are refused', () => {
    let file = zipFile({ 'a.dfu': dfu });
    for (let depth = 1; depth < limits.archiveDepth; depth++) file = zipFile({ 'a.zip': file });
    expect(read(file).format).toBe('dfu');
    expect(refusal(() => read(zipFile({ 'a.zip': file })))).toMatchObject({ what: 'depth', limit: 2 });
  });
});

describe('tricks with names', () => {
  it.each([
    '../a.dfu',
    '/etc/a.dfu',
    'a/../../b.dfu',
    'C:a.dfu',
    'a\\b.dfu',
    'a//b.dfu',
    './a.dfu',
    'a\u0000.dfu',
    'a\u202e.dfu',
    'x'.repeat(300),
  ])('%j is refused', (name) => {
    expect(refusal(() => read(zipFile({ [name]: dfu }))).reason).toBe('archive-path');
  });

  it('one name for two files is refused, and two names for one', () => {
    const file = zipFile({ 'a.dfu': dfu, 'b.dfu': dfu }, 0);
    const text = (at: number, letter: string): void => void (file[at] = letter.charCodeAt(0));
    const view = new DataView(file.buffer);
    const directory = view.getUint32(file.length - 22 + 16, true);
    text(directory + 46, 'c');
    expect(refusal(() => read(file)).reason).toBe('archive-names-differ');
    text(directory + 46, 'b');
    expect(refusal(() => read(file)).reason).toBe('archive-name-twice');
  });
});

describe('damaged archives', () => {
  it('cut at any byte are refused', () => {
    for (const file of [zipFile({ 'a.dfu': dfu }), zipFile({ 'a.dfu': dfu }, 0)])
      for (let length = 4; length < file.length; length++)
        expect(refusal(() => read(file.subarray(0, length))).code).toMatch(/^image\./);
    const packed = gzipSync(dfu);
    for (let length = 3; length < packed.length; length++)
      expect(refusal(() => read(packed.subarray(0, length))).code).toMatch(
        /^image\.(malformed|archive-limit)$/,
      );
  });

  it('with one changed byte of content are refused', () => {
    const file = zipFile({ 'a.bin': program(100) }, 0);
    file[50] = (file[50] ?? 0) ^ 1;
    expect(refusal(() => read(file))).toMatchObject({
      code: 'image.bad-checksum',
      name: 'release.zip/a.bin',
    });
  });

  it.each([
    ['archive-encrypted', 8, 1],
    ['archive-method', 10, 12],
    ['archive-zip64', 20, 0xffffffff],
    ['archive-zip64', 42, 0xffffffff],
  ])('%s', (reason, at, value) => {
    const file = zipFile({ 'a.dfu': dfu });
    const view = new DataView(file.buffer);
    const directory = view.getUint32(file.length - 22 + 16, true);
    if (value > 0xffff) view.setUint32(directory + at, value, true);
    else view.setUint16(directory + at, value, true);
    expect(refusal(() => read(file)).reason).toBe(reason);
  });
});
