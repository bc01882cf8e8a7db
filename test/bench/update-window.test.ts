// "rekindle update" for a board that shows itself for seconds only: fetched and settled first, then it is waited for.
import { describe, expect, it } from 'vitest';
import { addDfuSuffix } from '../../main/images/formats/dfu-write.ts';
import { pycomImage } from '../../main/bench/boards/pycom.ts';
import type { BenchAction } from '../../shared/bench-action.ts';
import { ExitCode } from '../../shared/result.ts';
import { openScenes } from '../support/update-scene.ts';
import type { UpdateShell } from '../support/update-shell.ts';
import { indexAt, indexBytes } from '../support/updates-rig.ts';

const scenes = openScenes();

describe('a board that shows itself for seconds only', () => {
  const image = pycomImage(77);
  const control = 'MCLR button (S1)';
  const written = (flash: Uint8Array): boolean =>
    Buffer.compare(flash.subarray(1024, 16_000), image.subarray(1024, 16_000)) === 0;

  async function pytrackScene(options: Parameters<UpdateShell['plug']>[1]) {
    const { server, shell } = await scenes.serve();
    const content = addDfuSuffix(image, { vendorId: 0x04d8, productId: 0xf014, bcdDevice: 0xffff }, 0x0100);
    const entry = { board: 'pycom-pytrack', address: 'pytrack_0.0.8.dfu' };
    shell.addSource(indexAt(server.origin), 'pycom-pytrack');
    server.on('/index.json', indexBytes({ version: '0.0.8', content, entry }));
    server.on('/pytrack_0.0.8.dfu', content);
    return { server, shell, board: shell.plug('pytrack', options) };
  }

  it('is waited for with everything fetched and settled, and the hand is led', async () => {
    const { server, shell, board } = await pytrackScene({
      startIn: 'app',
      closing: 'gone',
      windowMs: 60_000,
    });
    // Each once, where it is asked for.
    const movements = new Map<string, BenchAction>([
      ['Unplug the USB cable.', { act: 'unplug' }],
      ['Hold the MCLR button (S1) down and keep it held.', { act: 'hold', control }],
      ['Plug in the USB cable.', { act: 'plug' }],
      ['Let go now', { act: 'let-go', control }],
    ]);
    const wish = {
      board: 'pycom-pytrack',
      guide: true,
      version: '0.0.8',
      yes: true,
      accept: ['unnamed-board'],
    };
    const run = await shell.update(wish, undefined, (told) => {
      for (const [words, action] of movements)
        if (told.includes(words) && movements.delete(words)) board.hand(action);
    });
    expect(run).toMatchObject({ code: ExitCode.done, error: '' });
    expect(run.stdout).toContain('Fetched pytrack_0.0.8.dfu');
    expect(written(board.flash)).toBe(true);
    expect(server.asked).toEqual(['/index.json', '/pytrack_0.0.8.dfu']);
  });

  it('loses none of them to fetching: what is in flash mode now is caught when the file is here', async () => {
    const { shell, board } = await pytrackScene({ windowMs: 400_000 });
    for (const action of [{ act: 'unplug' }, { act: 'hold', control }, { act: 'plug' }] as const)
      board.hand(action);
    const wish = { board: 'pycom-pytrack', wait: 60, yes: true, accept: ['unnamed-board'] };
    const open = await shell.update(wish);
    expect(open.error).toMatch(/^update\.undecided: [\s\S]*--version 0\.0\.8/);
    const run = await shell.update({ ...wish, version: '0.0.8' });
    expect(run.stdout).toContain('that comes in flash mode');
    expect(written(board.flash)).toBe(true);
  });

  it('needs a name to be waited for, and a version, since nobody knows what it holds', async () => {
    const { shell } = await pytrackScene({ startIn: 'app' });
    expect((await shell.update({ guide: true })).error).toContain('need --board');
    expect((await shell.update({ guide: true, board: 'nothing' })).error).toContain('There is no board');
    const told = await shell.update({ guide: true, board: 'pycom-pytrack', check: true });
    expect(told).toMatchObject({ code: ExitCode.done, error: '' });
    expect(told.stdout).toContain('0.0.8  newer or older: not known');
  });
});
