// "rekindle update" without a network: what was found and fetched before, told with its day.
import { describe, expect, it } from 'vitest';
import { ExitCode } from '../../shared/result.ts';
import { openScenes, withProgram } from '../support/update-scene.ts';
import { offer } from '../support/update-shell.ts';

const scenes = openScenes();

describe('without a network', () => {
  it('takes what was found and fetched before, and says of which day it is', async () => {
    const { server, shell, board, before } = await scenes.open();
    const program = offer(shell, server);
    expect((await shell.update({ dryRun: true })).code).toBe(ExitCode.done);
    await server[Symbol.asyncDispose]();
    const run = await shell.update({ yes: true, board: 'nanovna-h' });
    expect(run.code).toBe(ExitCode.done);
    expect(run.stdout).toMatch(
      /! localhost:\d+ cannot be reached: .*\n {2}index: from the last look, on 20\d\d-/,
    );
    expect(run.stdout).toMatch(/Taken from what was fetched on 20\d\d-\d\d-\d\d; nobody was asked\./);
    expect(board.flash).toEqual(withProgram(before, program));
    // That nothing newer is known says less than that there is nothing newer.
    const then = await shell.update();
    expect(then.stdout).toMatch(/Nothing newer found \(looked on 20\d\d-\d\d-\d\d\)\./);
    expect(then.code).toBe(ExitCode.transferFailed);
  });

  it('has nothing to tell where nothing is kept, and fetches nothing with --kept', async () => {
    const { server, shell, board, before } = await scenes.open();
    offer(shell, server);
    const never = await shell.update({ kept: true, yes: true });
    expect(never.code).toBe(ExitCode.noSuchFile);
    expect(never.stdout).toContain('Nothing was looked for yet.');
    expect(server.asked).toEqual([]);
    await shell.update({ check: true });
    const known = await shell.update({ kept: true, yes: true });
    expect(known.error).toContain('update.not-kept');
    expect(server.asked).toEqual(['/index.json']);
    await server[Symbol.asyncDispose]();
    const offline = await shell.update({ yes: true });
    expect(offline.error).toContain('update.offline');
    expect(offline.code).toBe(ExitCode.transferFailed);
    expect(board.flash).toEqual(before);
  });
});
