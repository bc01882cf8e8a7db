// Firmware files on the built command line: inspect, convert, archives, and the questions a file raises.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { readImage } from '../../main/images/registry.ts';
import { cliEventSchema } from '../../shared/cli-events.ts';
import { mcubootFile, zipFile } from '../support/maker-files.ts';
import { program } from '../support/rig.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'rekindle-files-'));
const bench = ['--bench', 'nanovna-h', '--time-scale', '0'];

function rekindle(...args: readonly string[]): { code: number | null; stdout: string; stderr: string } {
  const run = spawnSync(process.execPath, ['dist/cli.js', ...args], {
    encoding: 'utf8',
    env: { ...process.env, REKINDLE_DATA: path.join(folder, 'data') },
    maxBuffer: 64 * 1024 * 1024,
  });
  return { code: run.status, stdout: run.stdout, stderr: run.stderr };
}

function file(name: string, bytes: Uint8Array | string): string {
  const full = path.join(folder, name);
  writeFileSync(full, bytes);
  return full;
}

const bytes = program(5_000);
const bin = file('firmware.bin', bytes);
const at = ['--address', '0x08000000'];
const inFolder = (name: string): string => path.join(folder, name);

describe('convert', () => {
  it('goes from bytes to hex to DfuSe and back', () => {
    const [hex, dfu, back] = [inFolder('a.hex'), inFolder('a.dfu'), inFolder('back.bin')];
    expect(rekindle('convert', bin, hex, ...at).stdout).toContain('is now');
    expect(rekindle('convert', hex, dfu, '--vid-pid', '0483:df11').code).toBe(0);
    expect(readImage(new Uint8Array(readFileSync(dfu)), dfu)).toMatchObject({
      format: 'dfuse',
      ids: { vendorId: 0x0483, productId: 0xdf11 },
    });
    const run = rekindle('convert', dfu, back, '--json');
    v.parse(cliEventSchema, JSON.parse(run.stdout));
    expect(Buffer.from(bytes).equals(readFileSync(back))).toBe(true);
    expect(rekindle('flash', hex, ...bench, '--yes').stdout).toContain('[x] compared');
  });

  it.each<[string, string[], number, string]>([
    ['a file that is there already', [bin, bin], 73, 'exists already'],
    ['no place for bytes', [bin, inFolder('b.hex')], 78, '--address'],
    ['a name that says nothing', [bin, inFolder('b.txt')], 64, '--format'],
    ['a format nobody writes', [bin, inFolder('b.txt'), '--format', 'elf'], 64, '--format takes'],
    ['ids that are none', [bin, inFolder('c.dfu'), '--vid-pid', '483'], 64, '--vid-pid takes'],
    ['a file that is not there', [inFolder('nowhere'), inFolder('d.bin')], 66, 'no file'],
  ])('%s is refused', (_what, args, code, words) => {
    const run = rekindle('convert', ...args);
    expect(run.stderr).toContain(words);
    expect(run.code).toBe(code);
  });
});

describe('inspect', () => {
  it('checks against a chip, with the memory map', () => {
    const run = rekindle('inspect', bin, ...at, '--for', 'stm32f072');
    expect(run.code).toBe(0);
    expect(run.stdout).toMatch(/0x08000000-0x0801FFFF \[##\+?\.+\] 4\.9 KB of 128 KB/);
    expect(run.stdout).toContain('ok   it is for this chip');
    expect(rekindle('inspect', bin, '--for', 'stm32f072').stdout).toContain('no   every part has its place');
    expect(rekindle('inspect', bin, '--for', 'z80').code).toBe(64);
  });

  it('checks against the board that is there, and changes nothing on it', () => {
    const run = rekindle('inspect', bin, ...at, '--check', ...bench);
    expect(run.code).toBe(0);
    expect(run.stdout).toContain('against STM32F072');
    expect(rekindle('inspect', bin, '--check', ...bench, '--serial', 'XYZ').code).toBe(69);
  });

  it('shows bytes, finds texts, compares files', () => {
    const hex = rekindle('inspect', bin, ...at, '--hex', '0x08000000', '--length', '16').stdout;
    expect(hex).toContain('0x08000000  00 10 00 20 01 01 00 08');
    expect(rekindle('inspect', bin, ...at, '--find', '0x00100020').stdout).toContain('  0x08000000');
    expect(rekindle('inspect', bin, '--find', 'no such text').stdout).toContain('nowhere in it');
    expect(rekindle('inspect', bin, '--find', '0x123').code).toBe(64);
    const other = bytes.slice();
    other[100] = (other[100] ?? 0) ^ 1;
    const changed = file('changed.bin', other);
    expect(rekindle('inspect', bin, ...at, '--diff', changed).stdout).toContain(
      'differs    0x08000064-0x08000064',
    );
    expect(rekindle('inspect', bin, '--diff', bin).stdout).toContain('the same bytes');
  });

  it('tells programs the same', () => {
    const run = rekindle('inspect', file('mcu.bin', mcubootFile()), '--for', 'stm32f405', '--json');
    const event: unknown = JSON.parse(run.stdout);
    v.parse(cliEventSchema, event);
    expect(event).toMatchObject({
      event: 'image',
      format: 'mcuboot',
      plan: { refusals: [{ code: 'image.address-missing' }] },
    });
  });

  it('explains what goes another way', () => {
    const uf2 = new Uint8Array(512);
    const view = new DataView(uf2.buffer);
    for (const [index, word] of [0x0a324655, 0x9e5d5157, 0x2000, 0x10000000, 256, 0, 1, 0xe48bff56].entries())
      view.setUint32(index * 4, word, true);
    view.setUint32(508, 0x0ab16f30, true);
    expect(rekindle('inspect', file('pico.uf2', uf2)).stdout).toMatch(/RP2040\. .*drive/);
  });
});

describe('archives', () => {
  it('are opened, or give a list to choose from', () => {
    const dfu = inFolder('one.dfu');
    rekindle('convert', bin, dfu, ...at);
    const one = file(
      'one.zip',
      zipFile({ 'readme.txt': 'hello', 'one.dfu': new Uint8Array(readFileSync(dfu)) }),
    );
    expect(rekindle('flash', one, ...bench, '--yes').stdout).toContain('[x] compared');
    const two = file('two.zip', zipFile({ 'H.bin': bytes, 'H4.bin': program(100) }));
    const run = rekindle('flash', two, ...at, ...bench, '--yes');
    expect(run.stderr).toMatch(/--entry:\n {2}H\.bin\n {2}H4\.bin/);
    expect(run.code).toBe(78);
    expect(rekindle('flash', two, ...at, ...bench, '--yes', '--entry', 'H.bin').code).toBe(0);
    expect(rekindle('inspect', two, '--entry', 'H5.bin').code).toBe(65);
  });
});

describe('a backup as Intel HEX', () => {
  it('is the same bytes, and can be restored', () => {
    const [hex, dfu] = [inFolder('old.hex'), inFolder('old.dfu')];
    for (const out of [hex, dfu]) expect(rekindle('backup', out, ...bench).code).toBe(0);
    expect(readFileSync(hex, 'latin1')).toMatch(/^:02000004/);
    expect(rekindle('inspect', hex, '--diff', dfu).stdout).toContain('the same bytes');
    expect(rekindle('restore', hex, ...bench, '--yes').stdout).toContain('[x] compared');
  });

  it('is refused for a board without addresses, before it is read', () => {
    const run = rekindle('backup', inFolder('plain.hex'), '--bench', 'plain-dfu', '--time-scale', '0');
    expect(run.stdout).toContain('Choose a name that ends in .dfu');
    expect(run.code).toBe(78);
  });
});

describe('questions a file raises', () => {
  it('are answered by name, and --yes is no answer to them', () => {
    const blank = file('blank.bin', new Uint8Array(64).fill(0xff));
    const run = rekindle('flash', blank, ...at, ...bench, '--yes');
    expect(run.stdout).toContain('--accept blank');
    expect(run.code).toBe(78);
    expect(rekindle('flash', blank, ...at, ...bench, '--yes', '--accept', 'blank').code).toBe(0);
    expect(rekindle('flash', blank, ...at, ...bench, '--accept', 'anything').code).toBe(64);
  });
});
