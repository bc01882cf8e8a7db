// What is known of a board before it is there, and when the one that came is the same.
import { describe, expect, it } from 'vitest';
import { expectedBoard } from '../../main/jobs/arm/expected-board.ts';
import { planDifferences } from '../../main/jobs/arm/same-plan.ts';
import { settle } from '../../main/jobs/arm/settle.ts';
import { chipBySlug } from '../../main/devices/chips.ts';
import type { BoardFacts } from '../../main/jobs/board-facts.ts';
import { planFlash } from '../../main/jobs/plan.ts';
import type { FlashRequest } from '../../main/jobs/request.ts';
import { builtInProfiles } from '../../main/devices/profiles.ts';
import type { Plan } from '../../shared/plan.ts';
import type { Profile } from '../../shared/profile.ts';
import { f072, f405, plain } from '../support/boards.ts';
import { nanovnaProfile, plainProfile } from '../support/bench-profiles.ts';
import { dfuseImage, flashRequest, makeRig, plainImage, program } from '../support/rig.ts';

const image = dfuseImage([{ address: 0x08000000, bytes: program(20_000) }]);

function planOf(board: BoardFacts | undefined, changes: Partial<FlashRequest> = {}): Plan {
  if (board === undefined) throw new Error('no board');
  const images = board.addressed ? [image] : [plainImage(program(10_000))];
  return planFlash(board, flashRequest(images, changes), []).plan;
}

describe('the board that is expected', () => {
  it('is the chip of its profile, in its bootloader', () => {
    const board = expectedBoard(nanovnaProfile, builtInProfiles);
    expect(board).toMatchObject({
      name: 'NanoVNA-H',
      vendorId: 0x0483,
      productId: 0xdf11,
      chip: 'stm32f072',
    });
    expect(board?.regions[0]?.runs).toEqual(chipBySlug('stm32f072')?.runs);
  });

  it('is not known where the profile leaves the chip open, or names one nobody noted', () => {
    const withChips = (chips: readonly string[] | undefined): Profile => ({
      ...nanovnaProfile,
      modes: [{ ...nanovnaProfile.modes[1], kind: 'flash', chips } as Profile['modes'][number]],
    });
    expect(expectedBoard(withChips(['stm32f072', 'stm32f303']), builtInProfiles)).toBeUndefined();
    expect(expectedBoard(withChips(['z80']), builtInProfiles)).toBeUndefined();
    expect(expectedBoard(withChips(undefined), builtInProfiles)).toBeUndefined();
    expect(expectedBoard({ ...plainProfile, modes: [] }, builtInProfiles)).toBeUndefined();
  });
});

describe('the board that came', () => {
  const expected = planOf(expectedBoard(nanovnaProfile, builtInProfiles));

  it('is the same whatever its port, serial and name, and however it came', () => {
    const entered = { ...f072, entered: true, runtimeIds: { vendorId: 1, productId: 2 } };
    for (const real of [f072, { ...f072, portPath: '3-4', serial: 'FFFFFFFEFFFF', name: 'x' }, entered])
      expect(planDifferences(expected, planOf(real))).toEqual([]);
    expect(planDifferences(expected, expected)).toEqual([]);
  });

  it.each<[string, BoardFacts, Partial<FlashRequest>, readonly string[]]>([
    ['has another chip', f405, {}, ['memory', 'ranges']],
    [
      'has more of the same flash',
      {
        ...f072,
        regions: f072.regions.map((one) => ({
          ...one,
          runs: one.runs.map((run) => ({ ...run, count: run.count * 2 })),
        })),
      },
      {},
      ['memory'],
    ],
    [
      'cannot be read',
      { ...f072, abilities: { ...f072.abilities, read: { possible: false, why: 'upload-not-offered' } } },
      {},
      ['steps', 'warnings', 'questions'],
    ],
    ['would be started elsewhere', f072, { leave: false }, ['steps', 'start-address']],
    [
      'has no addresses',
      plain,
      {},
      ['protocol', 'memory', 'files', 'ranges', 'steps', 'start-address', 'warnings'],
    ],
  ])('is another where it %s', (_what, board, changes, differences) => {
    expect(planDifferences(expected, planOf(board, changes))).toEqual(differences);
  });
});

describe('the backup of a board with a window', () => {
  const request = (backup: boolean | undefined, profile: Profile) => ({
    flash: flashRequest([profile.family === 'pycom' ? plainImage(program(10_000)) : image], {
      backup: backup ?? true,
    }),
    backup,
    profile: profile.id,
  });
  async function backupOf(profile: Profile, backup: boolean | undefined): Promise<string | undefined> {
    const { services } = makeRig('nanovna-h');
    const { plan } = await settle(request(backup, profile), { ...services, profiles: [profile] });
    return plan.steps.find(({ step }) => step === 'back-up')?.skip ?? 'made';
  }
  const hurried: Profile = { ...nanovnaProfile, window: { ms: 1_000, source: 'here' } };

  it('is made where it fits or nothing presses, is left out with the reason where it does not', async () => {
    expect(await backupOf(nanovnaProfile, undefined)).toBe('made');
    expect(await backupOf(hurried, undefined)).toBe('window-too-short');
    expect(await backupOf(hurried, true)).toBe('window-too-short');
    expect(await backupOf({ ...nanovnaProfile, window: { ms: 60_000, source: 'here' } }, undefined)).toBe(
      'made',
    );
    expect(await backupOf(plainProfile, undefined)).toBe('not-usual');
    expect(await backupOf(plainProfile, true)).toBe('made');
    expect(await backupOf(nanovnaProfile, false)).toBe('switched-off');
  });

  it('a board nobody knows, or whose memory nobody knows, is refused', async () => {
    const { services } = makeRig('nanovna-h');
    const unknown = { ...request(undefined, nanovnaProfile), profile: 'nobody' };
    await expect(settle(unknown, services)).rejects.toMatchObject({ code: 'api.unknown' });
    const open: Profile = {
      ...nanovnaProfile,
      modes: nanovnaProfile.modes.map((mode) => ({ ...mode, ids: ['*:*'], chips: undefined })),
    };
    await expect(settle(request(undefined, open), { ...services, profiles: [open] })).rejects.toMatchObject({
      code: 'arm.not-plannable',
    });
  });
});
