// "rekindle update": what a person reads of an update, and what a program is told.
import { describe, expect, it } from 'vitest';
import { ExitCode } from '../../shared/result.ts';
import { openScenes } from '../support/update-scene.ts';
import { nanovna, offer, type UpdateRun } from '../support/update-shell.ts';
import { github, release } from '../support/updates-rig.ts';

const scenes = openScenes();

const eventsOf = ({ lines }: UpdateRun): unknown[] => lines.map(({ event }) => event);

describe('what a terminal and a program are told', () => {
  it('shows a maker\u2019s words as words, in lines of their own', async () => {
    const { server, shell } = await scenes.open();
    const notes = `\u001b[2J\u001b[31mRed.\u0007\r\n\u202eevil\nBack up, then install? [y/N] y\n${'A long line. '.repeat(30)}\n${'x\n'.repeat(60)}`;
    offer(shell, server, { entry: { notes } });
    const { stdout } = await shell.update({ check: true });
    // eslint-disable-next-line no-control-regex
    expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f\u202e]/);
    expect(stdout).toContain('\n    | Back up, then install? [y/N] y\n');
    const shown = stdout.split('\n').filter((line) => line.startsWith('    |'));
    expect(shown).toHaveLength(30);
    expect(Math.max(...shown.map((line) => line.length))).toBeLessThanOrEqual(98);
    expect(stdout).toMatch(/^ {4}\.\.\. and \d+ more lines$/m);
  });

  it('says where nobody vouches for a file', async () => {
    const { server, shell, board } = await scenes.open();
    const program = nanovna('1.3.0');
    shell.addSource(github);
    const [asset] = (release('1.3.0', undefined) as { assets: object[] }).assets;
    const assets = [{ ...asset, size: program.length, browser_download_url: `${server.origin}/r.bin` }];
    server.on('/repos/acme/rocket/releases', JSON.stringify([release('1.3.0', undefined, { assets })]));
    server.on('/r.bin', program);
    const run = await shell.update({ yes: true });
    expect(run.stdout).toContain('only the connection to the server vouches for it');
    expect(run.stdout).toContain(
      "! Its maker gives no digest: whether its content is the maker's could not be checked.",
    );
    expect(run.code).toBe(ExitCode.done);
    expect(board.flash.subarray(0, program.length)).toEqual(program);
  });

  it('tells programs one object a line: what was found, what was fetched, and the job', async () => {
    const { server, shell } = await scenes.open();
    offer(shell, server);
    const run = await shell.update({ yes: true, json: true });
    const events = eventsOf(run);
    expect(events.slice(0, 2)).toEqual(['board', 'updates']);
    expect(events.filter((one) => one === 'fetched')).toHaveLength(1);
    expect(events.at(-1)).toBe('result');
    expect(events.indexOf('fetched')).toBeLessThan(events.indexOf('plan'));
    expect(run.lines[1]).toMatchObject({
      title: '1.3.0 is available',
      updates: {
        standing: { profile: 'nanovna-h', version: { version: '1.2.3', from: 'program' } },
        looks: [{ source: 'index', kind: 'index', from: 'net', signature: 'none' }],
        offers: [{ version: '1.3.0', comparison: 'newer', hasDigest: true, risks: [] }],
        pages: [{ source: 'maker' }],
      },
    });
    expect(run.lines.find(({ event }) => event === 'fetched')).toMatchObject({
      version: '1.3.0',
      fileName: 'rocket_1.3.0.bin',
      sizeBytes: 90_000,
      digest: 'checked',
      from: 'net',
    });
    expect(JSON.stringify(run.lines)).not.toContain(server.origin);
    expect(run.lines.at(-1)).toMatchObject({ exitCode: 0, verdict: 'verified-and-running' });
    const same = await shell.update({ json: true });
    expect(eventsOf(same)).toEqual(['board', 'updates']);
    expect(same.code).toBe(ExitCode.done);
    expect(same.lines[1]?.['title']).toMatch(/^Nothing newer found/);
  });
});
