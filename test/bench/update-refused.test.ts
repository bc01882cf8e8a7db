// "rekindle update": what comes from a server and is not what it should be is put on no board.
import { describe, expect, it } from 'vitest';
import { odriveProgram } from '../../main/bench/boards/odrive.ts';
import { ExitCode } from '../../shared/result.ts';
import { openScenes, type Scene } from '../support/update-scene.ts';
import { nanovna, offer } from '../support/update-shell.ts';
import { indexAt, indexBytes } from '../support/updates-rig.ts';

const scenes = openScenes();

describe('what is not what it should be is put on no board', () => {
  it.each<[string, ExitCode, string, (scene: Scene) => void]>([
    [
      'another content than its maker said',
      ExitCode.badFile,
      'update.wrong-digest',
      ({ server, shell }) => {
        offer(shell, server);
        server.on('/rocket_1.3.0.bin', nanovna('1.3.0', 6));
      },
    ],
    [
      'cut off on the way',
      ExitCode.transferFailed,
      'update.cut-off',
      ({ server, shell }) => {
        const program = offer(shell, server);
        server.on('/rocket_1.3.0.bin', (_, response) => {
          response.writeHead(200, { 'content-length': String(program.length) });
          response.write(program.subarray(0, 10_000), () => response.destroy());
        });
      },
    ],
    [
      'another length than its maker said',
      ExitCode.badFile,
      'update.wrong-size',
      ({ server, shell }) => {
        const program = offer(shell, server);
        server.on('/rocket_1.3.0.bin', program.subarray(0, 10_000));
      },
    ],
    [
      'a file that says it is another version',
      ExitCode.badFile,
      'update.other-version',
      ({ server, shell }) => void offer(shell, server, { content: nanovna('1.2.9') }),
    ],
    [
      'firmware for kinds of which the board has not said it is one',
      ExitCode.refused,
      'update.undecided',
      ({ server, shell }) => void offer(shell, server, { entry: { variant: 'gold' } }),
    ],
    [
      'a version nobody offers',
      ExitCode.noSuchFile,
      'update.not-offered',
      ({ server, shell }) => void offer(shell, server),
    ],
  ])('%s', async (what, code, error, prepare) => {
    const all = await scenes.open();
    prepare(all);
    const version = what === 'a version nobody offers' ? { version: '7.7.7' } : {};
    const run = await all.shell.update({ yes: true, ...version });
    expect(run.error.split(':')[0]).toBe(error);
    expect(run.code).toBe(code);
    expect(all.board.flash).toEqual(all.before);
    expect(all.board.statistics.upload).toBe(0);
    const kept = await all.shell.update({ yes: true, kept: true, ...version });
    expect(kept.code).not.toBe(ExitCode.done);
    expect(all.board.flash).toEqual(all.before);
  });

  it('firmware for another kind of ODrive than this one is by its own record', async () => {
    const { server, shell } = await scenes.serve();
    const board = shell.plug('odrive-v3', { startIn: 'dfu' });
    const before = board.flash.slice();
    const content = odriveProgram({ board: '3.5-24V', version: '0.5.4' });
    shell.addSource(indexAt(server.origin), 'odrive-v3');
    server.on('/repos/odriverobotics/ODrive/releases', '[]');
    const entry = { board: 'odrive-v3', variant: 'v3.5-24V' };
    server.on('/index.json', indexBytes({ version: '0.5.4', content, entry }));
    const run = await shell.update({ yes: true });
    expect(run.stdout).toContain('By its own record it is v3.6-56V.');
    expect(run.stdout).toContain('There is firmware for v3.5-24V, but none for v3.6-56V.');
    expect(run.error).toBe('');
    expect(board.flash).toEqual(before);
    expect((await shell.update({ version: '0.5.4', yes: true })).error).toContain('update.not-offered');
  });
});
