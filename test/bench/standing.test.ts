// What a board is known to hold and to be, asked of virtual boards: by their shells, by their flash, by their records.
import { describe, expect, it } from 'vitest';
import { startWait } from '../../main/base/wait.ts';
import { standingOf } from '../../main/jobs/standing.ts';
import { findBoards } from '../../main/jobs/survey.ts';
import { makeRig, type Rig } from '../support/rig.ts';

async function ask(rig: Rig) {
  const wait = startWait(rig.clock, 120_000, rig.abort.signal);
  const [sighting] = await findBoards(rig.services, { waitMs: 0 }, wait);
  if (sighting === undefined) throw new Error('no board');
  return await standingOf(rig.services, sighting, wait);
}

describe('the standing of a board', () => {
  it('is what its shell says, while its program runs', async () => {
    const { standing, profile } = await ask(
      makeRig('nanovna-h', { startIn: 'app', firmwareVersion: '1.2.3' }),
    );
    expect(profile?.id).toBe('nanovna-h');
    expect(standing).toMatchObject({
      name: 'NanoVNA-H',
      virtual: true,
      variant: undefined,
      version: { of: 'NanoVNA', version: '1.2.3', from: 'program' },
    });
  });

  it('is what stands in its flash, in flash mode; which board it is stays open where nothing proves it', async () => {
    const rig = makeRig('nanovna-h', { startIn: 'dfu', firmwareVersion: '1.2.3' });
    const before = rig.board.flash.slice();
    const { standing, profile } = await ask(rig);
    expect(profile).toBeUndefined();
    expect(standing.version).toBeUndefined();
    const [sighting] = await findBoards(rig.services, { waitMs: 0 }, startWait(rig.clock, 10_000));
    const nanovna = rig.services.profiles.find(({ id }) => id === 'nanovna-h');
    const place = { bus: sighting?.bus.name ?? '', portPath: sighting?.facts.portPath ?? '' };
    rig.services.tracker.tell({ ...place, generation: sighting?.facts.generation ?? 0 }, nanovna);
    const told = await ask(rig);
    expect(told.profile?.id).toBe('nanovna-h');
    expect(told.standing.version).toEqual({ of: 'NanoVNA', version: '1.2.3', from: 'flash' });
    expect(rig.board.flash).toEqual(before);
  });

  it('names the ODrive by its one-time memory, as its maker writes it into file names', async () => {
    const { standing, profile } = await ask(makeRig('odrive-v3', { startIn: 'dfu' }));
    expect(profile?.id).toBe('odrive-v3');
    expect(standing.variant).toBe('v3.6-56V');
    expect(standing.version).toBeUndefined();
  });

  it('is unknown where its program answers nothing, and asking ends', async () => {
    const { standing } = await ask(makeRig('nanovna-h', { startIn: 'app', silentShell: true }));
    expect(standing.version).toBeUndefined();
  });

  it('leaves boards alone whose flash mode ends by itself', async () => {
    const { standing } = await ask(makeRig('pytrack', { startIn: 'dfu' }));
    expect(standing).toMatchObject({ version: undefined, variant: undefined });
  });
});
