// What each family says against a file, by plan: as a person meets it.
import { describe, expect, it } from 'vitest';
import { pic16, pic16Crc } from '../../main/bench/pic16-dfu.ts';
import type { OdriveRecord } from '../../main/families/family.ts';
import { readRecord } from '../../main/families/odrive/otp.ts';
import { odrive } from '../../main/families/odrive/odrive.ts';
import { addDfuSuffix } from '../../main/images/formats/dfu-write.ts';
import { readImage } from '../../main/images/registry.ts';
import type { FirmwareImage } from '../../main/images/image.ts';
import type { BoardFacts } from '../../main/jobs/board-facts.ts';
import { planFlash } from '../../main/jobs/plan.ts';
import type { FlashRequest } from '../../main/jobs/request.ts';
import { f405 } from '../support/boards.ts';
import { nanovnaH, odriveBoard, odriveFile, pycomFile, pytrack } from '../support/family-boards.ts';
import { dfuseImage, flashRequest, program } from '../support/rig.ts';

function verdict(board: BoardFacts, file: FirmwareImage, request: Partial<FlashRequest> = {}) {
  const { plan } = planFlash(board, flashRequest([file], request), []);
  return {
    refusals: plan.refusals.map(({ code }) => code),
    questions: plan.questions.map(({ id }) => id).filter((id) => id !== 'confirm'),
    warnings: plan.warnings.map(({ code }) => code),
  };
}

const board = (minor: number, voltage: number, firstCancelled = false): OdriveRecord => ({
  kind: 'board',
  minor,
  voltage,
  firstCancelled,
});

describe('the one-time memory of an ODrive', () => {
  const record = (...bytes: number[]): number[] => [
    ...bytes,
    ...new Array<number>(16 - bytes.length).fill(0xff),
  ];
  it.each<[string, number[], OdriveRecord]>([
    ['a record', record(0xfe, 1, 1, 3, 6, 56), board(6, 56)],
    ['nothing', record(), { kind: 'unknown', why: 'empty' }],
    ['a cancelled one first', [...record(0), ...record(0xfe, 1, 1, 3, 5, 24)], board(5, 24, true)],
    ['only cancelled ones', [...record(0), ...record(0)], { kind: 'unknown', why: 'all-cancelled' }],
    ['a cancelled one, then nothing', [...record(0), ...record()], { kind: 'unknown', why: 'all-cancelled' }],
    ['another product', record(0xfe, 1, 2, 3, 6, 56), { kind: 'unknown', why: 'unreadable' }],
    ['another major version', record(0xfe, 1, 1, 4, 6, 56), { kind: 'unknown', why: 'unreadable' }],
    ['noise', record(0x47, 1, 1, 3, 6, 56), { kind: 'unknown', why: 'unreadable' }],
    ['too little', [0xfe, 1, 1], { kind: 'unknown', why: 'unreadable' }],
  ])('%s', (_what, bytes, expected) => {
    expect(readRecord(Uint8Array.from(bytes))).toEqual(expected);
  });

  it.each([
    [{ kind: 'unknown', why: 'empty' } as const, '0.5.2', ['plan.never-starts'], []],
    [{ kind: 'unknown', why: 'empty' } as const, '0.5.1', [], []],
    [{ kind: 'unknown', why: 'empty' } as const, '0.5.3', [], []],
    [{ kind: 'unknown', why: 'empty' } as const, undefined, [], ['version-unknown']],
    [{ kind: 'unknown', why: 'unreadable' } as const, '0.5.2', [], []],
    [board(6, 56), '0.5.2', [], []],
    [board(6, 56), undefined, [], []],
    [board(6, 24), '0.5.2', ['plan.wrong-board'], []],
    [board(5, 56), '0.5.6', ['plan.wrong-board'], []],
    [board(5, 56), '0.6.0', ['plan.wrong-board'], []],
    [board(5, 56), undefined, ['plan.wrong-board'], []],
    [board(5, 56), '0.5.1', [], ['other-board-version']],
    [board(5, 56), '0.4.12', [], ['other-board-version']],
  ])('%o and version %s: %o %o', (record, version, refusals, questions) => {
    const file = odriveFile(`ODriveFirmware_v3.6-56V${version === undefined ? '' : `_${version}`}.hex`);
    expect(verdict(odriveBoard(record), file)).toMatchObject({ refusals, questions });
  });

  it('tells of a cancelled record, and of settings that stay', () => {
    const file = odriveFile('ODriveFirmware_v3.6-56V_0.5.1.hex');
    expect(verdict(odriveBoard(board(6, 56, true)), file).warnings).toEqual(
      expect.arrayContaining(['odrive-first-record-cancelled', 'odrive-settings-stay']),
    );
  });

  it('tells what versions may not start where every record is cancelled', () => {
    const file = odriveFile('ODriveFirmware_v3.6-56V_0.5.1.hex');
    expect(verdict(odriveBoard({ kind: 'unknown', why: 'all-cancelled' }), file).warnings).toEqual(
      expect.arrayContaining(['odrive-board-unproven', 'odrive-first-record-cancelled']),
    );
  });

  it.each([
    ['one-time memory', 2, 0x1fff_7800, new Set<never>()],
    ['option bytes', 1, 0x1fff_c000, new Set(['option-bytes'] as const)],
  ])('%s is never written, whatever is allowed', (_what, alternate, address, allow) => {
    const file = dfuseImage([{ address, bytes: new Uint8Array(16).fill(0xfe) }], alternate);
    expect(verdict(odriveBoard(board(6, 56)), file, { allow }).refusals).toContain('plan.forbidden-range');
  });

  it('asks before its settings are written over', () => {
    const file = odriveFile('ODriveFirmware_v3.6-56V.hex', 0x080c_0000);
    expect(verdict(odriveBoard(board(6, 56)), file).questions).toContain('overwrite-settings');
    expect(verdict(odriveBoard(board(6, 56)), file, { accept: new Set(['settings']) }).questions).toEqual([]);
  });

  it('has a word where only the file says that it is for an ODrive', () => {
    const knowledge = odriveBoard({ kind: 'unknown', why: 'empty' }).families?.[0];
    if (knowledge === undefined) throw new Error('no family');
    const stranger = { ...f405, families: [{ ...knowledge, settled: false, profile: undefined }] };
    const file = odriveFile('ODriveFirmware_v3.6-56V_0.5.2.hex');
    expect(verdict(stranger, file).refusals).toEqual(['plan.never-starts']);
    expect(verdict(stranger, odriveFile('blinky.hex'))).toMatchObject({ refusals: [], questions: [] });
  });

  it.each([
    ['ODrive 3.6 CDC Interface', undefined],
    ['ODrive 3.5 CDC Interface', undefined],
    ['ODrive 3.4 CDC Interface', 'device.unsafe-entry'],
    ['ODrive', 'device.unsafe-entry'],
    ['', 'device.unsafe-entry'],
  ])('keeps "%s" out of flash mode unless it is 3.5 or newer', (product, code) => {
    expect(odrive.entryRefusal?.({ manufacturer: '', product }, 'ODrive')?.code).toBe(code);
  });
});

describe('a NanoVNA', () => {
  const raw = (length: number, name = 'ch.bin'): FirmwareImage => readImage(program(length), name);
  const at: Partial<FlashRequest> = { address: 0x0800_0000 };

  it('asks about a file that names no board, and takes the answer', () => {
    expect(verdict(nanovnaH, raw(4096), at).questions).toEqual(['file-names-no-board']);
    const accept = new Set(['unnamed-board'] as const);
    expect(verdict(nanovnaH, raw(4096), { ...at, accept }).questions).toEqual([]);
  });

  it('tells when a file reaches into what is stored', () => {
    expect(verdict(nanovnaH, raw(0x18000), at).warnings).not.toContain('calibration-lost');
    expect(verdict(nanovnaH, raw(0x18001), at).warnings).toContain('calibration-lost');
  });
});

describe('a Pycom board', () => {
  it.each([
    ['pycom-pytrack', 'pytrack_0.0.8.dfu', [], []],
    ['pycom-pytrack', 'pytrack2_1.0.0.dfu', ['plan.wrong-board'], []],
    ['pycom-pytrack-2x', 'pytrack_0.0.8.dfu', ['plan.wrong-board'], []],
    ['pycom-pytrack-2x', 'pytrack2_1.0.0.dfu', [], []],
    ['pycom-pytrack', 'firmware.dfu', [], ['file-names-no-board']],
    [undefined, 'pytrack_0.0.8.dfu', [], ['file-names-no-board']],
  ])('chosen as %s takes %s: %o %o', (id, name, refusals, questions) => {
    expect(verdict(pytrack(id), pycomFile(name))).toMatchObject({ refusals, questions });
  });

  it('takes images of its own size only', () => {
    expect(verdict(pytrack('pycom-pytrack'), pycomFile('pytrack_0.0.8.dfu', 16_320)).refusals).toEqual([
      'plan.wrong-size',
    ]);
  });

  it('has a checksum inside that fits, or is told and not refused', () => {
    const name = 'pytrack_0.0.8.dfu';
    const bytes = program(16_384);
    // Counted by the bench's loader, which has its own hand at it.
    new DataView(bytes.buffer).setUint16(2 * pic16.crcWord, pic16Crc(bytes), true);
    const ids = { vendorId: 0x04d8, productId: 0xf014, bcdDevice: 0xffff };
    const told = (content: Uint8Array) =>
      verdict(pytrack('pycom-pytrack'), readImage(addDfuSuffix(content, ids, 0x0100), name));
    expect(told(bytes)).toMatchObject({ refusals: [], questions: [] });
    expect(told(bytes).warnings).not.toContain('checksum-differs');
    for (const at of [0x400, 0x2001, 2 * pic16.crcWord - 1, 2 * pic16.crcWord]) {
      const changed = bytes.slice();
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(told(changed)).toMatchObject({ refusals: [], questions: [] });
      expect(told(changed).warnings).toContain('checksum-differs');
    }
    const elsewhere = bytes.slice();
    for (const at of [0x3ff, 2 * pic16.crcWord + 2]) elsewhere[at] = (elsewhere[at] ?? 0) ^ 1;
    expect(told(elsewhere).warnings).not.toContain('checksum-differs');
  });

  it('has no backup unless asked for', () => {
    const file = pycomFile('pytrack_0.0.8.dfu');
    const { plan, backup } = planFlash(pytrack('pycom-pytrack'), flashRequest([file]), []);
    expect(plan.warnings.map(({ code }) => code)).toEqual(
      expect.arrayContaining(['checksum-differs', 'no-backup']),
    );
    expect(plan.questions.map(({ id }) => id)).toEqual(['confirm']);
    expect(plan.steps.find(({ step }) => step === 'back-up')?.skip).toBe('not-usual');
    expect(backup).toEqual([]);
    const wanted = planFlash(pytrack('pycom-pytrack'), flashRequest([file], { insistOnBackup: true }), []);
    expect(wanted.backup).toHaveLength(1);
  });
});
