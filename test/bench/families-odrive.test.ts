// An ODrive in its boot ROM: known by its one-time memory, repaired, and never harmed.
import { describe, expect, it } from 'vitest';
import { odriveProgram, type OdriveOtp, type OdriveProgram } from '../../main/bench/boards/odrive.ts';
import type { FirmwareImage } from '../../main/images/image.ts';
import { readImage } from '../../main/images/registry.ts';
import type { FlashRequest } from '../../main/jobs/request.ts';
import { afterStepText } from '../../shared/text/families.ts';
import { dfuseImage, flashRequest, makeRig, type Rig } from '../support/rig.ts';

type Options = NonNullable<Parameters<typeof makeRig>[1]>;

function file({ board, version }: OdriveProgram): FirmwareImage {
  return readImage(odriveProgram({ board, version }, 99), `ODriveFirmware_v${board}_${version}.bin`);
}

const good = file({ board: '3.6-56V', version: '0.5.6' });
const at: Partial<FlashRequest> = { address: 0x0800_0000 };

function found(otp: OdriveOtp = '3.6-56V', options: Options = {}): Rig {
  return makeRig('odrive-v3', { startIn: 'dfu', ...options, odrive: { ...options.odrive, otp } });
}

function planOf(rig: Rig) {
  const event = rig.events.find((one) => one.type === 'plan');
  if (event?.type !== 'plan') throw new Error('no plan');
  return event.plan;
}

describe('an ODrive in its boot ROM', () => {
  it('is known by its one-time memory, written, compared, and its switch is not forgotten', async () => {
    const rig = found();
    const settings = [...rig.board.flash.subarray(0xc0000)];
    const result = await rig.run(flashRequest([good], at));
    expect(result).toMatchObject({
      outcome: 'done',
      content: { kind: 'verified' },
      board: 'ODrive v3.6-56V',
    });
    expect(planOf(rig)).toMatchObject({
      board: 'ODrive v3.6-56V',
      about: [{ code: 'odrive-board', board: 'v3.6-56V' }],
    });
    expect(planOf(rig).warnings.map(({ code }) => code)).not.toContain('identity-unproven');
    // Its settings are where they were, and in the backup.
    expect([...rig.board.flash.subarray(0xc0000)]).toEqual(settings);
    expect(result.backup?.bytes).toBeGreaterThan(1024 * 1024);
    expect((result.afterSteps ?? []).map(afterStepText).slice(0, 3)).toEqual([
      'Set the DFU / RUN switch to RUN.',
      'Switch the board off.',
      'Switch the board on.',
    ]);
  });

  it('that was blank and falls to idle while it is written is repaired', async () => {
    const rig = found('3.6-56V', {
      odrive: { program: 'none' },
      faults: [{ kind: 'fall-to-idle', block: 3, times: 1 }],
    });
    const result = await rig.run(flashRequest([good], at));
    expect(result).toMatchObject({ outcome: 'done', content: { kind: 'verified' } });
  });

  it.each<[OdriveOtp, OdriveProgram, string]>([
    ['3.5-24V', { board: '3.6-56V', version: '0.5.6' }, 'plan.wrong-board'],
    ['3.6-24V', { board: '3.6-56V', version: '0.5.2' }, 'plan.wrong-board'],
    ['empty', { board: '3.6-56V', version: '0.5.2' }, 'plan.never-starts'],
  ])('with %s in its memory does not get %o', async (otp, program, code) => {
    const rig = found(otp);
    const before = [...rig.board.flash];
    const result = await rig.run(flashRequest([file(program)], at));
    expect(result).toMatchObject({ outcome: 'refused', error: { code }, content: { kind: 'untouched' } });
    expect([...rig.board.flash]).toEqual(before);
  });

  it.each<[OdriveOtp, OdriveProgram, readonly string[]]>([
    ['empty', { board: '3.6-56V', version: '0.5.1' }, []],
    ['empty', { board: '3.6-56V', version: '0.5.3' }, []],
    ['cancelled', { board: '3.6-56V', version: '0.5.1' }, ['odrive-first-record-cancelled']],
  ])('with %s in its memory gets %o', async (otp, program, warnings) => {
    const rig = found(otp);
    const result = await rig.run(flashRequest([file(program)], at));
    expect(result).toMatchObject({ outcome: 'done', content: { kind: 'verified' } });
    expect(planOf(rig).warnings.map(({ code }) => code)).toEqual(expect.arrayContaining([...warnings]));
  });

  it.each([
    [1, 0x1fff_c000],
    [2, 0x1fff_7800],
    [2, 0x1fff_7a00],
    [3, 0xffff_0000],
  ])('has alternate %i at %i written by nobody', async (alternate, address) => {
    const rig = found();
    const bytes = new Uint8Array(alternate === 3 ? 4 : 16).fill(0xfe);
    const allow = new Set(['option-bytes'] as const);
    const result = await rig.run(flashRequest([dfuseImage([{ address, bytes }], alternate)], { allow }));
    expect(result).toMatchObject({ outcome: 'refused', error: { code: 'plan.forbidden-range' } });
  });

  it('is a chip like any other where its memory is empty and no file names an ODrive', async () => {
    const rig = found('empty');
    const blinky = readImage(
      odriveProgram({ board: '3.6-56V', version: '0.5.6' }).fill(7, 0x1000, 0x1100),
      'a.bin',
    );
    await rig.run(flashRequest([blinky], { ...at, dryRun: true }));
    expect(planOf(rig).board).toBe('STM32F405 or F407');
    expect(planOf(rig).warnings.map(({ code }) => code)).toContain('identity-unproven');
  });
});
