// A rule that covers only the id of the running program: seen before anybody holds a button, mended, and then caught.
import { describe, expect, it } from 'vitest';
import { errorText } from '../../shared/text/errors.ts';
import { coached, follower } from '../support/coached-pytrack.ts';
import { rightsInFolder } from '../support/rights-in-folder.ts';

/** What people write who look at their board while it runs (devices.md 2.1, 2.9; a thread of Pycom's has it so). */
const programOnly = 'ATTRS{idVendor}=="04d8", ATTRS{idProduct}=="f013", MODE="0666"\n';

describe.skipIf(process.platform === 'win32')('a rule for the running program only', () => {
  it('is refused before the window, let in with one step, and the window is caught', async () => {
    using folder = rightsInFolder(programOnly);
    const { rights } = folder;
    // The port of its program opens, which proves nothing.
    expect((await rights.flashModeAccess('04d8:f013', true)).answer).toBe('yes');
    const rig = coached({}, follower(900));
    Object.assign(rig.services, {
      flashModeAccess: (ids: string, dfuInterface: boolean) => rights.flashModeAccess(ids, dfuInterface),
    });

    const refused = await rig.arm();
    expect(refused).toMatchObject({
      outcome: 'refused',
      content: { kind: 'untouched' },
      error: { code: 'arm.no-access', params: { ids: '04d8:f014', why: 'no-rule' } },
    });
    const words = errorText('arm.no-access', (refused.error?.params ?? {}) as never, 'linux');
    expect(words.title).toContain('your account may not open its flash mode (04d8:f014)');
    expect(words.advice).toContain('rekindle rights');
    // Nobody was asked to move, and nothing was sent.
    expect(rig.heard).toEqual([]);
    expect(rig.board.statistics.getStatus).toBe(0);

    expect(await rights.install()).toEqual({ kind: 'installed', applied: true });
    expect(await rig.arm()).toMatchObject({ outcome: 'done', content: { kind: 'written' } });
    expect(rig.remarks()).toEqual([]);
    expect(rig.heard.some(({ guide }) => guide.caught)).toBe(true);
  });
});
