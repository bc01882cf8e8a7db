// Flashing from the command line: from plan to three ticks, stopped, cut off, recorded.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeDfuse } from '../../main/images/formats/dfuse-write.ts';
import { program } from '../support/rig.ts';
import { address, bench, bin, container, data, dfu, events, file, folder, rekindle } from './program.ts';

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

  it('backs up a board that is named and waited for as any other, unless told not to', async () => {
    const named = ['--bench', 'nanovna-h:dfu', '--time-scale', '0', '--board', 'nanovna-h'];
    const rest = ['--yes', '--accept', 'unnamed-board', '--json'];
    const usual = events(await rekindle(['flash', dfu, ...named, ...rest]));
    expect(usual.filter(({ event }) => event === 'backup')).toHaveLength(1);
    expect(usual.at(-1)).toMatchObject({ exitCode: 0 });
    const without = events(await rekindle(['flash', dfu, ...named, ...rest, '--no-backup']));
    expect(without.filter(({ event }) => event === 'backup')).toEqual([]);
    expect(without.at(-1)).toMatchObject({ exitCode: 0 });
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
