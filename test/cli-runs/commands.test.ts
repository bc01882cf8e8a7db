// The commands beside flashing.
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { bench, dfu, events, folder, rekindle } from './program.ts';

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
});
