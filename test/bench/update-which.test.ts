// "rekindle update": which of several boards is meant, and which version is for it.
import { describe, expect, it } from 'vitest';
import { ExitCode } from '../../shared/result.ts';
import { openScenes, withProgram } from '../support/update-scene.ts';
import { nanovna, offer } from '../support/update-shell.ts';
import { indexAt, indexBytes } from '../support/updates-rig.ts';

const scenes = openScenes();

describe('which board, and which version', () => {
  it('is never guessed where several fit', async () => {
    const { server, shell, board, before } = await scenes.open();
    offer(shell, server);
    const other = shell.plug('nanovna-h', { startIn: 'app', firmwareVersion: '1.2.3' });
    const several = await shell.update({ yes: true });
    expect(several.error).toMatch(/^device\.several: [\s\S]*--device/);
    expect(server.asked).toEqual([]);
    expect((await shell.update({ yes: true, device: other.portPath })).code).toBe(ExitCode.done);
    expect(board.flash).toEqual(before);
    expect(other.flash).not.toEqual(before);
  });

  it('is nobody where none is there', async () => {
    const shell = scenes.shellAlone();
    expect((await shell.update()).error).toContain('device.none');
    expect((await shell.update({ board: 'no-such' })).error).toContain('usage');
  });

  it('is left alone while another program has it: its silence is no answer', async () => {
    const { server, shell } = await scenes.serve(false);
    const { portPath } = shell.plug('nanovna-h', { startIn: 'app', firmwareVersion: '1.2.3' });
    offer(shell, server);
    await using _lock = await shell.lock(portPath);
    const run = await shell.update({ check: true });
    expect(run.error).toMatch(/^device\.locked: Another Rekindle \(window, process \d+\)/);
    expect(run.code).toBe(ExitCode.noPermission);
    expect(server.asked).toEqual([]);
  });

  it('is asked for in flash mode, where nothing tells; the version is read from the flash then', async () => {
    const { server, shell } = await scenes.serve();
    const board = shell.plug('nanovna-h', { startIn: 'dfu', firmwareVersion: '1.2.3' });
    const before = board.flash.slice();
    const program = offer(shell, server);
    const unknown = await shell.update({ yes: true });
    expect(unknown.code).toBe(ExitCode.refused);
    expect(unknown.error).toContain('--board nanovna-h');
    expect(server.asked).toEqual([]);
    const run = await shell.update({ yes: true, board: 'nanovna-h' });
    expect(run.stdout).toContain('It holds 1.2.3 (read from its flash).');
    expect(run.code).toBe(ExitCode.done);
    expect(board.flash).toEqual(withProgram(before, program));
  });

  it('is not chosen for a board that does not tell what it holds', async () => {
    const { server, shell } = await scenes.serve();
    const board = shell.plug('nanovna-h', { startIn: 'app', firmwareVersion: '1.2.3', silentShell: true });
    const before = board.flash.slice();
    offer(shell, server);
    const run = await shell.update({ yes: true });
    expect(run.error).toMatch(/^update\.undecided: [\s\S]*--version 1\.3\.0/);
    expect(run.stdout).toContain('1.3.0  newer or older: not known');
    expect(board.flash).toEqual(before);
  });

  it('is left to the person where the maker has a page and nothing else', async () => {
    const { server, shell, board, before } = await scenes.open();
    for (const check of [true, false]) {
      const run = await shell.update({ yes: true, check });
      expect(run.stdout).toContain('Look yourself: https://github.com/DiSlord/NanoVNA-D');
      expect(run.stdout).toContain('Take the file for the NanoVNA-H (such as H.bin)');
      expect(run.code).toBe(check ? ExitCode.done : ExitCode.refused);
      expect(run.error.includes('rekindle flash FILE')).toBe(!check);
    }
    expect(board.flash).toEqual(before);
    expect(server.asked).toEqual([]);
  });

  it('is never a pre-release by itself', async () => {
    const { server, shell, board, before } = await scenes.open();
    shell.addSource({ ...indexAt(server.origin), channel: 'pre-release' });
    const content = nanovna('1.4.0');
    const entry = { channel: 'pre-release' };
    server.on('/index.json', indexBytes({ version: '1.4.0', content, entry }));
    const run = await shell.update({ yes: true });
    expect(run.code).toBe(ExitCode.done);
    expect(run.stdout).toContain('  1.4.0  newer, a pre-release');
    expect(board.flash).toEqual(before);
    server.on('/rocket_1.4.0.bin', content);
    const wanted = await shell.update({ yes: true, version: '1.4.0' });
    expect(wanted.stdout).toContain('  ! Its maker calls it a pre-release: it is not finished.');
    expect(board.flash).toEqual(withProgram(before, content));
  });
});
