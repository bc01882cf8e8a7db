// What the board holds is known once it was read: a newer version there is asked about before the first erase.
import { describe, expect, it } from 'vitest';
import type { FirmwareImage } from '../../main/images/image.ts';
import type { PlanQuestion } from '../../shared/plan.ts';
import { dfuseImage, flashRequest, makeRig, program, type Rig } from '../support/rig.ts';

function nanovna(version: string): FirmwareImage {
  const bytes = program(8_192);
  bytes.set(new TextEncoder().encode(`Board: NanoVNA\0Version: ${version} [`), 4_096);
  return dfuseImage([{ address: 0x08000000, bytes }]);
}

/** A rig whose board holds 1.2.46. */
async function updatedRig(): Promise<Rig> {
  const rig = makeRig('nanovna-h');
  const { outcome } = await rig.run(flashRequest([nanovna('1.2.46')], { leave: false }));
  expect(outcome).toBe('done');
  return rig;
}

describe('going back to an older version', () => {
  it('is asked about after reading; a no leaves the board as it was', async () => {
    const rig = await updatedRig();
    const asked: PlanQuestion['id'][] = [];
    const ask = (question: PlanQuestion): Promise<boolean> => {
      asked.push(question.id);
      return Promise.resolve(question.id !== 'install-older');
    };
    const result = await rig.run(flashRequest([nanovna('1.2.9')], { leave: false }), { ask });
    expect(asked).toEqual(['confirm', 'install-older']);
    expect(result).toMatchObject({ content: { kind: 'untouched' }, error: { code: 'question.declined' } });
  });

  it('is done after a yes, and not asked when it was accepted before', async () => {
    const rig = await updatedRig();
    const older = flashRequest([nanovna('1.2.9')], { leave: false, accept: new Set(['older'] as const) });
    const ask = (question: PlanQuestion): Promise<boolean> => Promise.resolve(question.id === 'confirm');
    expect(await rig.run(older, { ask })).toMatchObject({ outcome: 'done', content: { kind: 'verified' } });
    const again = await updatedRig();
    const yes = await again.run(flashRequest([nanovna('1.2.9')], { leave: false }));
    expect(yes).toMatchObject({ outcome: 'done', content: { kind: 'verified' } });
  });

  it('is no question for the same version, or a newer one', async () => {
    const rig = await updatedRig();
    for (const version of ['1.2.46', '1.10.0']) {
      const ask = (question: PlanQuestion): Promise<boolean> => Promise.resolve(question.id === 'confirm');
      const result = await rig.run(flashRequest([nanovna(version)], { leave: false }), { ask });
      expect(result.outcome).toBe('done');
    }
  });
});
