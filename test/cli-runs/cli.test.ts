// The built command line as people and programs run it: a child process, virtual boards, exit codes and output.
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { writeDfuse } from '../../main/images/formats/dfuse-write.ts';
import { cliEventSchema } from '../../shared/cli-events.ts';
import { program } from '../support/rig.ts';

interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const folder = mkdtempSync(path.join(tmpdir(), 'rekindle-cli-'));
const data = path.join(folder, 'data');
const bench = ['--bench', 'nanovna-h', '--time-scale', '0'];

function rekindle(
  args: readonly string[],
  input?: Uint8Array,
  whileRunning?: (child: ReturnType<typeof spawn>, text: string) => void,
): Promise<Run> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['dist/cli.js', ...args], {
      env: { ...process.env, REKINDLE_DATA: data },
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString();
      whileRunning?.(child, stdout);
    });
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

function file(name: string, bytes: Uint8Array | string): string {
  const full = path.join(folder, name);
  writeFileSync(full, bytes);
  return full;
}

const bytes = program(20_000);
const bin = file('firmware.bin', bytes);
const container = writeDfuse({
  ids: { vendorId: 0x0483, productId: 0xdf11, bcdDevice: 0xffff },
  targets: [{ alternate: 0, elements: [{ address: 0x08000000, bytes }] }],
});
const dfu = file('firmware.dfu', container);
const address = ['--address', '0x08000000'];

function events(run: Run): { event: string; [field: string]: unknown }[] {
  return run.stdout
    .trim()
    .split('\n')
    .map((line) => {
      const parsed: unknown = JSON.parse(line);
      v.parse(cliEventSchema, parsed);
      return parsed as { event: string };
    });
}

describe('flash', () => {
  it('goes from plan to three ticks', async () => {
    const run = await rekindle(['flash', dfu, ...bench, '--yes']);
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(run.stdout).toContain('Back up, then install firmware.dfu on this virtual STM32F072 (port 1-1)');
    expect(run.stdout).toContain('[x] written  [x] compared  [x] seen running  (virtual board)');
    expect(readdirSync(path.join(data, 'backups')).join()).toMatch(
      /virtual-stm32f072-\d{8}T\d{6}Z-[0-9a-f]{12}\.dfu/,
    );
  });

  it('tells programs one line an event, and the result last', async () => {
    const run = await rekindle(['flash', dfu, ...bench, '--yes', '--json']);
    const lines = events(run);
    expect(lines.at(-1)).toMatchObject({ event: 'result', exitCode: 0, verdict: 'verified-and-running' });
    expect(lines.map((line) => line.event)).toEqual(
      expect.arrayContaining(['board', 'plan', 'step-started', 'progress', 'backup']),
    );
  });

  it('changes nothing with --dry-run', async () => {
    const run = await rekindle(['flash', dfu, ...bench, '--dry-run', '--json']);
    expect(run.code).toBe(0);
    const steps = events(run).flatMap((line) => (line.event === 'step-started' ? [line['step']] : []));
    expect(steps).toEqual(['detect', 'identify']);
  });

  it('takes several files, and standard input', async () => {
    const second = file(
      'second.dfu',
      writeDfuse({
        ids: { vendorId: 0x0483, productId: 0xdf11, bcdDevice: 0xffff },
        targets: [{ alternate: 0, elements: [{ address: 0x08010000, bytes: program(300) }] }],
      }),
    );
    expect((await rekindle(['flash', dfu, second, ...bench, '--yes'])).code).toBe(0);
    expect((await rekindle(['flash', '-', ...bench, '--yes'], container)).code).toBe(0);
  });

  it('stops at a block on Ctrl-C, and says how to go on', async () => {
    let stopped = false;
    const run = await rekindle(
      ['flash', bin, ...address, '--bench', 'nanovna-h', '--yes', '--json'],
      undefined,
      (child, text) => {
        if (stopped || !text.includes('"event":"progress","step":"write"')) return;
        stopped = true;
        child.kill('SIGINT');
      },
    );
    expect(run.code).toBe(75);
    expect(events(run).at(-1)).toMatchObject({
      verdict: 'interrupted-resumable',
      result: { inDoubt: [], content: { kind: 'partial' } },
    });
  });

  it('goes on to its end when the terminal is closed', async () => {
    let closed = false;
    const run = await rekindle(
      ['flash', bin, ...address, '--bench', 'nanovna-h', '--yes', '--json'],
      undefined,
      (child, text) => {
        if (closed || !text.includes('"event":"progress","step":"write"')) return;
        closed = true;
        child.kill('SIGHUP');
      },
    );
    expect(closed).toBe(true);
    expect(run.code).toBe(0);
    expect(events(run).at(-1)).toMatchObject({ verdict: 'verified-and-running' });
  });

  it('plays a fault from a file, and repairs nothing it should not', async () => {
    const faults = file('faults.json', JSON.stringify([{ kind: 'vanish', at: { what: 'block', index: 3 } }]));
    const run = await rekindle(['flash', dfu, ...bench, '--faults', faults, '--yes']);
    expect(run.code).toBe(75);
    expect(run.stdout).toContain('No working firmware right now. Old firmware is backed up');
    expect(run.stdout).toContain('In doubt:');
  });

  it('is recorded, and replayed from the recording', async () => {
    const trace = path.join(folder, 'flash.ndjson');
    const args = ['flash', dfu, '--yes', '--no-leave'];
    expect((await rekindle([...args, ...bench, '--trace', trace])).code).toBe(0);
    expect(readFileSync(trace, 'utf8').split('\n').length).toBeGreaterThan(50);
    const played = await rekindle([...args, '--play', trace]);
    expect(played.stdout).toContain('Written and compared');
    expect(played.code).toBe(0);
  });
});

describe('exit codes', () => {
  it.each<[string, string[], number, string]>([
    ['no such option', ['flash', dfu, '--frobnicate'], 64, 'unknown option'],
    ['a number that is none', ['flash', bin, '--address', '0x80g'], 64, 'Not a number'],
    ['no such virtual board', ['devices', '--bench', 'toaster'], 64, 'no virtual board'],
    ['a danger that is none', ['flash', dfu, ...bench, '--allow', 'everything'], 64, '--allow takes'],
    ['no such file', ['flash', 'nowhere.dfu', ...bench], 66, 'There is no file'],
    ['a folder', ['flash', folder, ...bench], 66, 'it is a folder'],
    ['a file cut short', ['flash', file('cut.dfu', container.subarray(0, 9_000)), ...bench], 65, 'cut short'],
    [
      'a damaged file',
      [
        'flash',
        file(
          'bad.dfu',
          container.map((byte, at) => (at === 5_000 ? byte ^ 1 : byte)),
        ),
        ...bench,
      ],
      65,
      'damaged',
    ],
  ])('%s is %s', async (_name, args, code, words) => {
    const run = await rekindle(args);
    expect(run.stderr).toContain(words);
    expect(run.code).toBe(code);
  });

  it.each<[string, string[], number, string]>([
    ['nobody to confirm', ['flash', dfu, ...bench], 78, '--yes'],
    ['raw bytes without an address', ['flash', bin, ...bench, '--yes'], 78, '--address 0x08000000'],
    [
      'another format under a raw name, for a place the board does not have',
      [
        'flash',
        file('hex.bin', ':10010000214601360121470136007EFE09D2190140\n:00000001FF\n'),
        ...bench,
        '--yes',
      ],
      78,
      'no memory: 0x00000100-0x0000010F',
    ],
    [
      'no backup possible, and --yes is no answer to that',
      ['flash', bin, '--bench', 'plain-dfu', '--faults', file('none.json', '[]'), '--address', '0'],
      78,
      'without addresses',
    ],
    ['mass erase without permission', ['mass-erase', ...bench], 78, '--allow mass-erase'],
    ['a backup that would replace a file', ['backup', dfu, ...bench], 73, 'exists already'],
    [
      'a place that cannot be written',
      ['backup', path.join(dfu, 'x.dfu'), ...bench],
      73,
      'cannot be written',
    ],
    ['several boards', ['flash', dfu, '--bench', 'nanovna-h,nanovna-h', '--yes'], 69, '--device'],
    ['no board that fits', ['flash', dfu, ...bench, '--serial', 'XYZ', '--yes'], 69, 'serial XYZ'],
  ])('%s is %s', async (_name, args, code, words) => {
    const run = await rekindle(args);
    expect(run.stdout).toContain(words);
    expect(run.code).toBe(code);
  });
});

describe('the other commands', () => {
  it('devices and info say what is there, and that it is virtual', async () => {
    const devices = await rekindle(['devices', '--bench', 'nanovna-h,runtime-dfu']);
    expect(devices.code).toBe(0);
    expect(devices.stdout).toContain('1-1  Virtual STM32F072');
    expect(devices.stdout).toContain('USB 0483:df11, DfuSe 1.1a, 64 sectors of 2 KB');
    expect(devices.stdout).toContain('running its program; Rekindle can take it to flash mode');
    const asked = await rekindle(['info', '--bench', 'nanovna-h4']);
    expect(asked.stdout).toMatch(
      /its program says: Board: NanoVNA-H 4\n.*its program says: Version: 1\.2\.40/,
    );
    const json = await rekindle(['info', '--bench', 'nanovna-h4', '--json']);
    expect(JSON.parse(json.stdout)).toMatchObject({
      devices: [{ says: { name: 'NanoVNA-H4', versions: [{ of: 'NanoVNA', version: '1.2.40' }] } }],
    });
    const info = await rekindle(['info', '--bench', 'stm32f405']);
    expect(info.stdout).toMatch(/0x08020000 {5}7 x 128 KB {2}read, erase, write/);
    expect(events(await rekindle(['devices', ...bench, '--json']))).toMatchObject([{ event: 'devices' }]);
  });

  it('backup and restore bring back what was there', async () => {
    const out = path.join(folder, 'old.dfu');
    expect((await rekindle(['backup', out, ...bench])).code).toBe(0);
    expect((await rekindle(['restore', out, ...bench, '--yes'])).stdout).toContain('[x] compared');
    const raw = path.join(folder, 'old.bin');
    expect(
      (await rekindle(['backup', raw, ...bench, '--raw', '--address', '0x08000800', '--length', '4096']))
        .code,
    ).toBe(0);
    expect(readFileSync(raw)).toHaveLength(4096);
  });

  it('devices say which board it is and how that is known, or which it may be', async () => {
    const shown = async (...args: string[]) => (await rekindle(['devices', ...args])).stdout;
    expect(await shown('--bench', 'nanovna-h:app')).toContain('NanoVNA-H, by what it shows');
    const rom = await shown('--bench', 'nanovna-h:dfu');
    expect(rom).toContain('may be NanoVNA or NanoVNA-H or another board that shows the same');
    const told = await shown('--bench', 'nanovna-h:dfu', '--board', 'nanovna-h');
    expect(told).toContain('NanoVNA or NanoVNA-H, as you said');
    const two = await shown('--bench', 'pytrack:app');
    expect(two).toMatch(/--board pycom-pytrack {2}Pytrack/);
    expect(two).toMatch(/--board pycom-pytrack-2x {2}Pytrack 2X: "Pytrack 2X" is printed on it/);
    const info = await rekindle(['info', '--bench', 'nanovna-h:dfu']);
    expect(info.stdout).toContain('may be NanoVNA or NanoVNA-H: profile nanovna-h, support full');
    expect(info.stdout).toContain('is STM32 bootloader: profile stm32-rom, support full');
  });

  it('a board is not taken for what it cannot be, and its backup has its name', async () => {
    const other = await rekindle(['backup', path.join(folder, 'h4.dfu'), ...bench, '--board', 'nanovna-h4']);
    expect(other.code).toBe(78);
    expect(other.stdout + other.stderr).toContain('is no NanoVNA-H4');
    expect((await rekindle(['backup', ...bench, '--board', 'nanovna-h5'])).code).toBe(64);
    const chosen = mkdtempSync(path.join(folder, 'named-'));
    expect((await rekindle(['backup', chosen, ...bench, '--raw', '--board', 'nanovna-h'])).code).toBe(0);
    expect(readdirSync(chosen)[0]).toMatch(/^virtual-nanovna-h-\d{8}T/);
  });

  it('backup names a file in the folder of your choice after board, time and content', async () => {
    const chosen = mkdtempSync(path.join(folder, 'chosen-'));
    expect((await rekindle(['backup', chosen, ...bench, '--raw'])).code).toBe(0);
    expect((await rekindle(['flash', dfu, ...bench, '--yes', '--backup-to', chosen])).code).toBe(0);
    const name = /^virtual-stm32f072-\d{8}T\d{6}Z-[0-9a-f]{12}\.(bin|dfu)$/;
    const names = readdirSync(chosen)
      .filter((one) => !one.endsWith('.json'))
      .toSorted((a, b) => path.extname(a).localeCompare(path.extname(b)));
    expect(names.map((one) => name.exec(one)?.[1])).toEqual(['bin', 'dfu']);
  });

  it('inspect explains a file without a board', async () => {
    const run = await rekindle(['inspect', dfu]);
    expect(run.code).toBe(0);
    expect(run.stdout).toContain('DfuSe container (prefix DfuSe)');
    expect(run.stdout).toContain('0x08000000-0x08004E1F in alternate 0');
  });

  it('mass-erase with permission, detach, leave, demo', async () => {
    expect((await rekindle(['mass-erase', ...bench, '--allow', 'mass-erase'])).stdout).toContain(
      'Erased. There is no program on it now',
    );
    expect((await rekindle(['detach', '--bench', 'runtime-dfu'])).code).toBe(0);
    expect((await rekindle(['leave', ...bench])).code).toBe(0);
    expect((await rekindle(['demo'])).stdout).toContain('npm run rekindle -- flash FIRMWARE.dfu');
  });

  it('bench listens on this computer only, until told to end', async () => {
    const run = await rekindle(
      ['bench', '--board', 'nanovna-h', '--usbip', '0', '--json'],
      undefined,
      (child) => child.kill('SIGINT'),
    );
    expect(run.code).toBe(0);
    expect(events(run)[0]).toMatchObject({ event: 'listening' });
  });

  it('bench: its boards are moved from standard input and from another terminal', async () => {
    const other: Promise<Run>[] = [];
    const run = await rekindle(
      ['bench', '--board', 'pytrack:unplugged', '--usbip', '0', '--json'],
      new TextEncoder().encode('hold 1-1 S1\nplug 1-1\nunplug\nhold S9\nsing 1-1\n'),
      (child, text) => {
        const at = /"at":"([^"]+)"/.exec(text)?.[1];
        if (at === undefined || other.length > 0 || text.split('\n').length < 7) return;
        other.push(rekindle(['bench', 'let-go', '1-1', 'MCLR', 'button', '(S1)', '--at', at]));
        other.push(rekindle(['bench', 'hold', '1-1', 'S9', '--at', at]));
        other.push(rekindle(['bench', 'plug', '--at', `${at.slice(0, -32)}${'0'.repeat(32)}`]));
        void Promise.all(other).then(() => child.kill('SIGINT'));
      },
    );
    expect(run.code).toBe(0);
    const [listening, ...actions] = events(run);
    expect(listening).toMatchObject({ event: 'listening', boards: [{ busId: '1-1', board: 'pytrack' }] });
    expect(actions.map(({ done, refused }) => done ?? refused)).toEqual([
      '1-1: not on USB; MCLR button (S1) (held)',
      '1-1: not on USB; MCLR button (S1) (held)',
      '1-1: not on USB; MCLR button (S1) (held)',
      'The board at 1-1 has no such thing. It has MCLR button (S1) (held)',
      expect.stringMatching(
        /^"sing" is nothing a hand can do; there is plug PORT, unplug PORT, hold PORT BUTTON/,
      ),
    ]);
    const [done, refused, stranger] = await Promise.all(other);
    expect(done).toMatchObject({ code: 0, stdout: '1-1: not on USB; MCLR button (S1) (let go)\n' });
    expect(refused).toMatchObject({
      code: 64,
      stderr: expect.stringContaining('has no such thing') as string,
    });
    expect(stranger).toMatchObject({
      code: 64,
      stderr: expect.stringContaining('No bench answers') as string,
    });
  });

  it.each([
    [['bench'], 'Say which boards'],
    [['bench', 'plug', '1-1'], '--at takes what'],
    [['bench', 'plug', '1-1', '--at', `1:${'0'.repeat(32)}`], 'No bench answers'],
    [['bench', '--board', 'nanovna-h:upside-down'], 'starts as "nanovna-h:app"'],
  ])('%s is not understood', async (args, says) => {
    const run = await rekindle(args);
    expect(run).toMatchObject({ code: 64, stderr: expect.stringContaining(says) as string });
  });
});
