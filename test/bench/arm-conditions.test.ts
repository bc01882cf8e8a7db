// What only the board can tell is settled before it comes: an answer given beforehand is kept to, and nothing is asked.
import { describe, expect, it } from 'vitest';
import type { Acceptance } from '../../shared/acceptances.ts';
import { nanovnaProgram } from '../../main/bench/boards/nanovna-program.ts';
import type { FirmwareImage } from '../../main/images/image.ts';
import { readImage } from '../../main/images/registry.ts';
import { settle } from '../../main/jobs/arm/settle.ts';
import type { ArmRequest, FlashRequest } from '../../main/jobs/request.ts';
import { errorText } from '../../shared/text/errors.ts';
import { conditionText } from '../../shared/text/conditions.ts';
import { resultText } from '../../shared/text/results.ts';
import type { Plan } from '../../shared/plan.ts';
import type { Result } from '../../shared/result.ts';
import { realBus } from '../support/real-bus.ts';
import { dfuseImage, flashRequest, makeRig, plainImage, program, type Rig } from '../support/rig.ts';
import { testProfiles } from '../support/bench-profiles.ts';

function nanovna(version: string): FirmwareImage {
  const bytes = program(8_192);
  bytes.set(new TextEncoder().encode(`Board: NanoVNA\0Version: ${version} [`), 4_096);
  return dfuseImage([{ address: 0x08000000, bytes }]);
}

function arm(
  image: FirmwareImage,
  accept: readonly Acceptance[] = [],
  changes: Partial<ArmRequest> = {},
  flash: Partial<FlashRequest> = {},
): ArmRequest {
  return {
    kind: 'arm',
    flash: flashRequest([image], { accept: new Set(accept), ...flash }),
    backup: undefined,
    profile: 'test-nanovna',
    portPath: undefined,
    way: undefined,
    waitMs: 600_000,
    ...changes,
  };
}

/** Comes after a second, and nobody answers anything from then on. */
async function come(rig: Rig, request: ArmRequest): Promise<{ result: Result; asked: string[] }> {
  const asked: string[] = [];
  let isThere = false;
  rig.clock.after(1_000, () => {
    isThere = true;
    rig.port.replug();
  });
  const result = await rig.run(request, {
    ask: (question) => {
      if (isThere) asked.push(question.id);
      return Promise.resolve(!isThere);
    },
  });
  return { result, asked };
}

/** A bench whose board waits in the bag, written before. */
async function bagged(held?: FirmwareImage): Promise<Rig> {
  const rig = makeRig('nanovna-h', { timeScale: 0 });
  Object.assign(rig.services, { profiles: testProfiles });
  if (held !== undefined)
    expect((await rig.run(flashRequest([held], { leave: false }))).outcome).toBe('done');
  rig.port.unplug();
  rig.events.length = 0;
  return rig;
}

function planOf({ events: [first] }: Rig): Plan {
  if (first?.type !== 'plan') throw new Error('no plan');
  return first.plan;
}

function errorOf({ error }: Result): string {
  return error === undefined ? '' : errorText(error.code, error.params as never, 'linux').title;
}

describe('a board that already runs something newer', () => {
  it('is left as it is, unless it was said before that it goes back', async () => {
    const rig = await bagged(nanovna('1.2.46'));
    const { result, asked } = await come(rig, arm(nanovna('1.2.9'), [], {}, { leave: false }));
    expect(planOf(rig).conditions?.map(conditionText)).toContain(
      'If the board already runs a newer version, it is left as it is.',
    );
    expect(asked).toEqual([]);
    expect(result).toMatchObject({
      outcome: 'cancelled',
      content: { kind: 'untouched' },
      error: { code: 'arm.left-alone' },
    });
    expect(errorOf(result)).toBe(
      'The board already runs a newer version (test.dfu is 1.2.9, the board has 1.2.46); it is left as it is, as was said beforehand',
    );
    expect(resultText(result).title).toContain('The board is unchanged');
  });

  it('goes back where that was said', async () => {
    const rig = await bagged(nanovna('1.2.46'));
    const { result, asked } = await come(rig, arm(nanovna('1.2.9'), ['older'], {}, { leave: false }));
    expect(planOf(rig).conditions?.map(conditionText)).toContain(
      'If the board already runs a newer version, it goes back to this one.',
    );
    expect(asked).toEqual([]);
    expect(result).toMatchObject({ outcome: 'done', content: { kind: 'verified' } });
  });

  it('is not spoken of where the file has no version to compare', async () => {
    const rig = await bagged();
    const image = dfuseImage([{ address: 0x08000000, bytes: program(8_192) }]);
    const { plan } = await settle(arm(image), rig.services);
    expect(plan.conditions?.map((one) => (one.kind === 'ask' ? one.id : one.code))).toEqual([
      'go-without-backup',
    ]);
  });

  it('is another plan when it was answered otherwise: a yes is for what was read', async () => {
    const rig = await bagged();
    const hashes = await Promise.all(
      [[], ['older'] as const].map(
        async (accept) => (await settle(arm(nanovna('1.2.9'), accept), rig.services)).plan.hash,
      ),
    );
    expect(new Set(hashes).size).toBe(2);
  });
});

describe('a board left half-written by an earlier job', () => {
  it('is caught and written like any other, and the backup from before is kept', async () => {
    // What is done to virtual boards is not kept beyond their lives.
    const torn = makeRig(
      'nanovna-h',
      { timeScale: 0, faults: [{ kind: 'vanish', at: { what: 'block', index: 2 } }] },
      { wrap: realBus },
    );
    Object.assign(torn.services, { profiles: testProfiles });
    const image = dfuseImage([{ address: 0x08000000, bytes: program(40_000) }]);
    const first = await torn.run(flashRequest([image]));
    expect(first.content.kind).not.toBe('untouched');
    const { result, asked } = await come(torn, arm(image));
    expect(asked).toEqual([]);
    expect(result).toMatchObject({ outcome: 'done', content: { kind: 'verified' } });
    expect(result.backup?.path).toBe(first.backup?.path);
  });
});

describe('a backup of another unit', () => {
  const image = dfuseImage([{ address: 0x08000000, bytes: program(8_192) }]);
  const of = {
    board: 'STM32F405',
    unit: { portPath: '3-1', serial: '205A36813946', ids: '0483:df11' },
  };
  async function restored(
    accept: readonly Acceptance[],
  ): Promise<{ result: Result; asked: string[]; plan: Plan }> {
    const rig = makeRig('stm32f405', { timeScale: 0 });
    rig.port.unplug();
    const ended = await come(rig, arm(image, accept, { profile: 'stm32-rom' }, { backupOf: of }));
    return { ...ended, plan: planOf(rig) };
  }

  it('is not put on this one, unless that was said before', async () => {
    const { result, asked, plan } = await restored([]);
    expect(plan.conditions?.map(conditionText)).toContain(
      'If the backup is from another board of this kind, it is left as it is.',
    );
    expect(asked).toEqual([]);
    expect(result).toMatchObject({ content: { kind: 'untouched' }, error: { code: 'arm.left-alone' } });
    expect(errorOf(result)).toContain(
      'The backup is from another board of this kind (STM32F405, serial 205A36813946)',
    );
  });

  it('is put on it where it was', async () => {
    const { result } = await restored(['other-unit']);
    expect(result).toMatchObject({ outcome: 'done', content: { kind: 'verified' } });
  });
});

describe('a board that cannot be read', () => {
  const request = (accept: readonly Acceptance[]): ArmRequest =>
    arm(plainImage(program(10_000)), accept, { profile: 'test-plain', backup: true });
  async function mute(accept: readonly Acceptance[]): Promise<{ result: Result; asked: string[] }> {
    const rig = makeRig('plain-dfu', { timeScale: 0, manifestationTolerant: false, upload: false });
    Object.assign(rig.services, { profiles: testProfiles });
    rig.port.unplug();
    return await come(rig, request(accept));
  }

  it('is left as it is where a backup was wanted', async () => {
    const { result, asked } = await mute([]);
    expect(asked).toEqual([]);
    expect(result).toMatchObject({ content: { kind: 'untouched' }, error: { code: 'arm.left-alone' } });
    expect(errorOf(result)).toContain('The board cannot be read');
  });

  it('is written without one where that was said', async () => {
    const { result } = await mute(['unreadable']);
    expect(result).toMatchObject({ outcome: 'done', content: { kind: 'written' }, backup: undefined });
  });
});

describe('a NanoVNA that turns out to run another builder’s program', () => {
  it('is written all the same: what its calibration comes to was said before, and its settings are asked about after', async () => {
    const rig = makeRig('nanovna-h', { timeScale: 0, startIn: 'app', firmware: 'ttrftech' });
    const bytes = nanovnaProgram({ family: 'dislord', model: 'NanoVNA-H', version: '1.2.46' }, undefined, 9);
    const image = readImage(bytes, 'NanoVNA-H.bin');
    rig.port.unplug();
    const { result, asked } = await come(
      rig,
      arm(image, [], { profile: 'nanovna-h' }, { address: 0x0800_0000 }),
    );
    expect(planOf(rig).conditions?.map(conditionText).join(' ')).toContain('calibrate again afterwards');
    expect(result).toMatchObject({ outcome: 'done', content: { kind: 'verified' } });
    expect(asked).toEqual(['clear-settings']);
    expect(result.afterSteps).toContainEqual({ code: 'clear-settings', command: 'clearconfig 1234' });
  });
});
