// "rekindle update" on virtual boards: what it tells, what it installs, and when it leaves a board as it is.
import { afterEach, describe, expect, it } from 'vitest';
import { pycomImage } from '../../main/bench/boards/pycom.ts';
import { odriveProgram } from '../../main/bench/boards/odrive.ts';
import { addDfuSuffix } from '../../main/images/formats/dfu-write.ts';
import { ExitCode } from '../../shared/result.ts';
import type { VirtualBoard } from '../../main/bench/board.ts';
import type { FirmwareServer } from '../support/firmware-server.ts';
import { serveEach } from '../support/served.ts';
import {
  makeUpdateShell,
  nanovna,
  offer,
  type UpdateRun,
  type UpdateShell,
} from '../support/update-shell.ts';
import { github, indexAt, indexBytes, release } from '../support/updates-rig.ts';

const servers = serveEach();
const shells: UpdateShell[] = [];
afterEach(async () => {
  for (const shell of shells.splice(0)) await shell[Symbol.asyncDispose]();
});

interface Scene {
  readonly server: FirmwareServer;
  readonly shell: UpdateShell;
  readonly board: VirtualBoard;
  readonly before: Uint8Array;
}

/** A board that runs 1.2.3, a server, and whatever the test lets it offer. */
async function scene(): Promise<Scene> {
  const server = await servers.start();
  const shell = makeUpdateShell(server);
  shells.push(shell);
  const board = shell.plug('nanovna-h', { startIn: 'app', firmwareVersion: '1.2.3' });
  return { server, shell, board, before: board.flash.slice() };
}

const pageBytes = 2048;

/** What a flash holds once a program was put over it: what is left of its last page is blank, and nothing else has changed. */
function withProgram(before: Uint8Array, program: Uint8Array): Uint8Array {
  const after = before.slice();
  after.fill(0xff, 0, Math.ceil(program.length / pageBytes) * pageBytes);
  after.set(program);
  return after;
}

const eventsOf = ({ lines }: UpdateRun): unknown[] => lines.map(({ event }) => event);

describe('rekindle update', () => {
  it('goes from 1.2.3 to 1.3.0 and three ticks, and nothing else in the flash has changed', async () => {
    const { server, shell, board, before } = await scene();
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
      const { server, shell, board, before } = await scene();
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
    const { server, shell, board, before } = await scene();
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
    const { server, shell, board, before } = await scene();
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
    const { server, shell, board, before } = await scene();
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
    const { server, shell, board, before } = await scene();
    offer(shell, server);
    const run = await shell.update({ dryRun: true });
    expect(run.code).toBe(ExitCode.done);
    expect(run.stdout).toContain('Back up, then install rocket_1.3.0.bin on this virtual');
    expect(board.flash).toEqual(before);
  });
});

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
    const all = await scene();
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
    const server = await servers.start();
    const shell = makeUpdateShell(server);
    shells.push(shell);
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

describe('without a network', () => {
  it('takes what was found and fetched before, and says of which day it is', async () => {
    const { server, shell, board, before } = await scene();
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
    const { server, shell, board, before } = await scene();
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

describe('which board, and which version', () => {
  it('is never guessed where several fit', async () => {
    const { server, shell, board, before } = await scene();
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
    const shell = makeUpdateShell();
    shells.push(shell);
    expect((await shell.update()).error).toContain('device.none');
    expect((await shell.update({ board: 'no-such' })).error).toContain('usage');
  });

  it('is left alone while another program has it: its silence is no answer', async () => {
    const server = await servers.start();
    const shell = makeUpdateShell(server, false);
    shells.push(shell);
    const { portPath } = shell.plug('nanovna-h', { startIn: 'app', firmwareVersion: '1.2.3' });
    offer(shell, server);
    await using _lock = await shell.lock(portPath);
    const run = await shell.update({ check: true });
    expect(run.error).toMatch(/^device\.locked: Another Rekindle \(window, process \d+\)/);
    expect(run.code).toBe(ExitCode.noPermission);
    expect(server.asked).toEqual([]);
  });

  it('is asked for in flash mode, where nothing tells; the version is read from the flash then', async () => {
    const server = await servers.start();
    const shell = makeUpdateShell(server);
    shells.push(shell);
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
    const server = await servers.start();
    const shell = makeUpdateShell(server);
    shells.push(shell);
    const board = shell.plug('nanovna-h', { startIn: 'app', firmwareVersion: '1.2.3', silentShell: true });
    const before = board.flash.slice();
    offer(shell, server);
    const run = await shell.update({ yes: true });
    expect(run.error).toMatch(/^update\.undecided: [\s\S]*--version 1\.3\.0/);
    expect(run.stdout).toContain('1.3.0  newer or older: not known');
    expect(board.flash).toEqual(before);
  });

  it('is left to the person where the maker has a page and nothing else', async () => {
    const { shell, board, before } = await scene();
    for (const check of [true, false]) {
      const run = await shell.update({ yes: true, check });
      expect(run.stdout).toContain('Look yourself: https://github.com/DiSlord/NanoVNA-D');
      expect(run.stdout).toContain('Take the file for the NanoVNA-H (such as H.bin)');
      expect(run.code).toBe(check ? ExitCode.done : ExitCode.refused);
      expect(run.error.includes('rekindle flash FILE')).toBe(!check);
    }
    expect(board.flash).toEqual(before);
    expect(servers.now?.asked).toEqual([]);
  });

  it('is never a pre-release by itself', async () => {
    const { server, shell, board, before } = await scene();
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

describe('a board that shows itself for seconds only', () => {
  const image = pycomImage(77);
  const control = 'MCLR button (S1)';
  const written = (flash: Uint8Array): boolean =>
    Buffer.compare(flash.subarray(1024, 16_000), image.subarray(1024, 16_000)) === 0;

  async function pytrackScene(options: Parameters<UpdateShell['plug']>[1]) {
    const server = await servers.start();
    const shell = makeUpdateShell(server);
    shells.push(shell);
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
    const did = new Set<string>();
    const once = (what: string, action: () => void): void => {
      if (did.has(what)) return;
      did.add(what);
      action();
    };
    const wish = {
      board: 'pycom-pytrack',
      guide: true,
      version: '0.0.8',
      yes: true,
      accept: ['unnamed-board'],
    };
    const run = await shell.update(wish, undefined, (told) => {
      if (told.includes('Unplug the USB cable.'))
        once('take hold', () => {
          board.hand({ act: 'unplug' });
          setTimeout(() => {
            board.hand({ act: 'hold', control });
            board.hand({ act: 'plug' });
          }, 300);
        });
      if (told.includes('Let go now')) once('let go', () => board.hand({ act: 'let-go', control }));
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

describe('what a terminal and a program are told', () => {
  it('shows a maker\u2019s words as words, in lines of their own', async () => {
    const { server, shell } = await scene();
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
    const { server, shell, board } = await scene();
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
    const { server, shell } = await scene();
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
