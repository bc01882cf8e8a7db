// Boards whose chip is known only once they are there: armed all the same, with nothing left to ask.
import { describe, expect, it } from 'vitest';
import { createBoard } from '../../main/bench/boards/registry.ts';
import { settle } from '../../main/jobs/arm/settle.ts';
import type { ArmRequest, FlashRequest } from '../../main/jobs/request.ts';
import { readImage } from '../../main/images/registry.ts';
import type { FirmwareImage } from '../../main/images/image.ts';
import type { GuideSnapshot } from '../../shared/guide.ts';
import { errorText } from '../../shared/text/errors.ts';
import { openText } from '../../shared/text/conditions.ts';
import { planLines, warningText } from '../../shared/text/plan.ts';
import { dfuseImage, flashRequest, makeRig, program, type Rig } from '../support/rig.ts';

const small = dfuseImage([{ address: 0x08000000, bytes: program(20_000) }]);
/** Too large for an F072 and an F303, and for no F4. */
const large = dfuseImage([{ address: 0x08000000, bytes: program(300_000) }]);

function arm(
  images: readonly FirmwareImage[],
  changes: Partial<ArmRequest> = {},
  flash: Partial<FlashRequest> = {},
): ArmRequest {
  return {
    kind: 'arm',
    flash: flashRequest(images, flash),
    backup: undefined,
    profile: 'stm32-rom',
    portPath: undefined,
    way: undefined,
    waitMs: 600_000,
    ...changes,
  };
}

function guidesOf({ events }: Rig): GuideSnapshot[] {
  return events.flatMap((event) =>
    event.type === 'guide' && event.guide !== undefined ? [event.guide] : [],
  );
}

describe('a board of several chips that is waited for', () => {
  it('is planned without its memory, in words that say so, and written by its own map the moment it is there', async () => {
    const rig = makeRig('stm32f405', { timeScale: 0 });
    rig.port.unplug();
    rig.clock.after(5_000, () => rig.port.replug());
    const asked: string[] = [];
    const result = await rig.run(arm([large]), {
      ask: (question) => {
        asked.push(question.id);
        return Promise.resolve(rig.clock.now() < 5_000);
      },
    });
    expect(result).toMatchObject({ outcome: 'done', content: { kind: 'verified' } });
    expect(result.backup).toBeDefined();
    expect(Buffer.compare(rig.board.flash.subarray(0, 300_000), program(300_000))).toBe(0);
    // Everything was asked before it came.
    expect(asked).toEqual(['confirm']);
    const [first] = rig.events;
    const plan = first?.type === 'plan' ? first.plan : undefined;
    expect(plan).toMatchObject({ board: 'STM32 bootloader', regions: [], memories: [], protocol: 'dfuse' });
    expect(plan?.open?.fits).toContain('STM32F405 or F407');
    expect(plan?.open?.not).toContain('STM32F072');
    const words = plan === undefined ? '' : planLines(plan).join('\n');
    expect(words).toContain('Which chip the board has is known once it is there');
    expect(words).toMatch(/If it turns out to be .*STM32F072.*, the file is not for it: nothing is written/);
    expect(words).toContain(
      'If the board cannot be read, it is left as it is. (--accept unreadable goes on)',
    );
    expect(plan?.warnings.map((warning) => warningText(warning)).join()).toContain(
      'sectors that the file fills only in part are erased whole',
    );
  });

  it('one that the file does not fit is left with the true reason, and the wait goes on to the next', async () => {
    const rig = makeRig('stm32f405', { timeScale: 0 });
    rig.port.unplug();
    const other = createBoard('nanovna-h', { clock: rig.clock });
    const before = other.flash.slice();
    rig.clock.after(1_000, () => rig.bench.plug(other, '1-2'));
    rig.clock.after(9_000, () => rig.bench.unplug('1-2'));
    rig.clock.after(12_000, () => rig.port.replug());
    const result = await rig.run(arm([large]));
    expect(result).toMatchObject({ outcome: 'done', portPath: '1-1' });
    expect(Buffer.compare(other.flash, before)).toBe(0);
    const remark = guidesOf(rig).find((guide) => guide.remark?.code === 'try-failed')?.remark;
    expect(remark).toMatchObject({ error: 'plan.outside-memory' });
    expect(guidesOf(rig).at(-1)?.tries).toBe(2);
  });

  it('the chip that was named is planned for with its memory, and another one is refused by that', async () => {
    const rig = makeRig('stm32f405', { timeScale: 0 });
    rig.port.unplug();
    const request = arm([small], { chip: 'stm32f405' });
    const { plan } = await settle(request, rig.services);
    expect(plan.open).toBeUndefined();
    expect(plan).toMatchObject({ board: 'STM32F405 or F407', regions: [{ eraseSectors: 2 }] });
    const other = createBoard('nanovna-h', { clock: rig.clock });
    rig.clock.after(1_000, () => rig.bench.plug(other, '1-2'));
    rig.clock.after(2_000, () => rig.bench.unplug('1-2'));
    rig.clock.after(3_000, () => rig.port.replug());
    expect(await rig.run(request)).toMatchObject({ outcome: 'done', portPath: '1-1' });
    const remark = guidesOf(rig).find((guide) => guide.remark?.code === 'try-failed')?.remark;
    expect(remark).toMatchObject({ error: 'arm.plan-differs' });
    expect(
      errorText('arm.plan-differs', (remark?.code === 'try-failed' ? remark.params : {}) as never, 'linux')
        .title,
    ).toContain('its memory is another');
  });

  it('a file that names its chip is planned for with that one; what it names and nobody knows stays open', async () => {
    const { services } = makeRig('stm32f405');
    const named = (chip: string): FirmwareImage => ({
      ...small,
      facts: [{ code: 'chip', chip, at: {}, evidence: 'its header' }],
    });
    const known = (await settle(arm([named('stm32f303')]), services)).plan;
    expect(known.board).toBe('STM32F303xC');
    expect(known.open).toBeUndefined();
    const unknown = (await settle(arm([named('stm32f207')]), services)).plan;
    expect(unknown.open).toMatchObject({ fits: [] });
    expect(unknown.refusals).toEqual([]);
    expect(openText(unknown)).not.toContain('fits');
    await expect(settle(arm([small], { chip: 'z80' }), services)).rejects.toMatchObject({
      code: 'api.unknown',
    });
  });

  it('what stands against the file on every chip ends it before it waits; what any chip would ask is asked then', async () => {
    const rig = makeRig('stm32f405');
    const raw = readImage(program(20_000), 'a.bin');
    const { plan } = await settle(arm([raw]), rig.services);
    expect(plan.refusals[0]).toMatchObject({ code: 'image.address-missing' });
    expect((await settle(arm([raw], {}, { address: 0x08000000 }), rig.services)).plan.refusals).toEqual([]);
    const blank = dfuseImage([{ address: 0x08000000, bytes: new Uint8Array(2_048).fill(0xff) }]);
    expect((await settle(arm([blank]), rig.services)).plan.questions.map(({ id }) => id)).toEqual([
      'write-blank',
      'confirm',
    ]);
    const noProgram = dfuseImage([{ address: 0x08000000, bytes: new Uint8Array(2_048).fill(0x41) }]);
    expect((await settle(arm([noProgram]), rig.services)).plan.questions.map(({ id }) => id)).toEqual([
      'write-implausible',
      'confirm',
    ]);
  });

  it('an ODrive that turns up among STM32 boards asks what nobody was asked: it is left, and told why', async () => {
    const rig = makeRig('odrive-v3', { timeScale: 0, startIn: 'dfu', odrive: { otp: '3.6-56V' } });
    rig.port.replug();
    rig.clock.after(30_000, () => rig.stop.abort());
    const before = rig.board.flash.slice();
    const result = await rig.run(arm([small]));
    expect(result).toMatchObject({ outcome: 'cancelled', content: { kind: 'untouched' } });
    const remark = guidesOf(rig).find((guide) => guide.remark?.code === 'try-failed')?.remark;
    expect(remark?.code === 'try-failed' ? remark.error : undefined).toBe('arm.plan-differs');
    expect(Buffer.compare(rig.board.flash, before)).toBe(0);
  });

  it('a board without any ids of its own cannot be waited for', async () => {
    const { services } = makeRig('plain-dfu');
    await expect(settle(arm([small], { profile: 'dfu-generic' }), services)).rejects.toMatchObject({
      code: 'arm.not-plannable',
    });
  });
});
