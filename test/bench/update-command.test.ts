// "rekindle update" on virtual boards: what it installs, and when it leaves a board as it is.
import { describe, expect, it } from 'vitest';
import { ExitCode } from '../../shared/result.ts';
import { openScenes, withProgram } from '../support/update-scene.ts';
import { offer } from '../support/update-shell.ts';

const scenes = openScenes();

describe('rekindle update', () => {
  it('goes from 1.2.3 to 1.3.0 and three ticks, and nothing else in the flash has changed', async () => {
    const { server, shell, board, before } = await scenes.open();
    const program = offer(shell, server, { entry: { notes: 'Sweeps faster.' } });
    const run = await shell.update({ yes: true });
    expect(run).toMatchObject({ code: ExitCode.done, error: '' });
    expect(board.flash).toEqual(withProgram(before, program));
    expect(run.stdout).toContain('It holds 1.2.3 (its program says so).');
    expect(run.stdout).toContain('Update to 1.3.0: rocket_1.3.0.bin · 87.9 KB');
    expect(run.stdout).toContain('    | Sweeps faster.');
    expect(run.stdout).toContain("Its content is what its maker's digest says.");
    expect(run.stdout).toContain('[x] written  [x] compared  [x] seen running  (virtual board)');
    expect(run.stdout.match(/Virtual board: /g)).toHaveLength(1);
    expect(server.asked).toEqual(['/index.json', '/rocket_1.3.0.bin']);
    const again = await shell.update();
    expect(again).toMatchObject({ code: ExitCode.done, error: '' });
    expect(again.stdout).toMatch(/It holds 1\.3\.0 .*\nNothing newer found \(looked on 20\d\d-\d\d-\d\d\)\./);
  });

  it('is offered nothing where it holds the same or a newer version, and is left in its program', async () => {
    for (const version of ['1.2.3', '1.2.2']) {
      const { server, shell, board, before } = await scenes.open();
      offer(shell, server, { version });
      const run = await shell.update({ yes: true });
      expect(run).toMatchObject({ code: ExitCode.done, error: '' });
      expect(run.stdout).toContain('Nothing newer found');
      expect(run.stdout).toContain(version === '1.2.3' ? 'the version it holds' : 'older than what it holds');
      expect(board.flash).toEqual(before);
      expect(board.statistics.upload).toBe(0);
      expect(server.asked).toEqual(['/index.json']);
      await shell[Symbol.asyncDispose]();
    }
  });

  it('goes back only when told to, warns of the calibration, and asks for it by name', async () => {
    const { server, shell, board, before } = await scenes.open();
    const program = offer(shell, server, { version: '1.2.1' });
    const told = await shell.update({ yes: true, version: '1.2.1' });
    expect(told.stdout).toContain('Go back to 1.2.1: ');
    expect(told.stdout).toContain('  ! It is older than what the board holds. The calibration');
    expect(told.code).toBe(ExitCode.refused);
    expect(told.stdout).toContain('--accept older');
    expect(board.flash).toEqual(before);
    const run = await shell.update({ yes: true, version: 'v1.2.1', accept: ['older'] });
    expect(run.code).toBe(ExitCode.done);
    expect(board.flash).toEqual(withProgram(before, program));
  });

  it('changes nothing with --check, fetches nothing, and says what there is', async () => {
    const { server, shell, board, before } = await scenes.open();
    offer(shell, server, { entry: { publishedAt: '2026-10-01T10:00:00Z' } });
    const run = await shell.update({ check: true, yes: true });
    expect(run).toMatchObject({ code: ExitCode.done, error: '' });
    expect(run.stdout).toContain('1.3.0 is available.');
    expect(run.stdout).toContain('rocket_1.3.0.bin · 87.9 KB · of 2026-10-01');
    expect(run.stdout).toContain('"rekindle update" installs it.');
    expect(run.stdout).toMatch(/^ {2}index: looked on 20\d\d-\d\d-\d\d$/m);
    expect(board.flash).toEqual(before);
    expect(board.statistics).toMatchObject({ upload: 0, download: 0, erases: 0 });
    expect(server.asked).toEqual(['/index.json']);
  });

  it('takes the answer of the person, and a no leaves the flash as it was', async () => {
    const { server, shell, board, before } = await scenes.open();
    const program = offer(shell, server);
    const no = await shell.update({}, 'n\n');
    expect(no.code).toBe(ExitCode.cancelled);
    expect(no.asked).toMatch(/Back up, then install rocket_1\.3\.0\.bin on this virtual .*\? \[y\/N\]/);
    expect(no.stdout).toContain('You said no.');
    expect(board.flash).toEqual(before);
    const nobody = await shell.update({ board: 'nanovna-h' });
    expect(nobody.code).toBe(ExitCode.refused);
    expect(nobody.stdout).toContain('Answer it with --yes.');
    expect(board.flash).toEqual(before);
    const yes = await shell.update({ board: 'nanovna-h' }, 'y\n');
    expect(yes.code).toBe(ExitCode.done);
    expect(board.flash).toEqual(withProgram(before, program));
  });

  it('plans and stops with --dry-run', async () => {
    const { server, shell, board, before } = await scenes.open();
    offer(shell, server);
    const run = await shell.update({ dryRun: true });
    expect(run.code).toBe(ExitCode.done);
    expect(run.stdout).toContain('Back up, then install rocket_1.3.0.bin on this virtual');
    expect(board.flash).toEqual(before);
  });
});
