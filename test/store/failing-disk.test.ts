// What the system can answer at each step of a write, made to happen by strace: no file is ever half there.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';

const folder = mkdtempSync(path.join(tmpdir(), 'rekindle-disk-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const writer = fileURLToPath(new URL('../../main/store/atomic-file.ts', import.meta.url));
const program = `
  const { writeFileAtomically } = await import(process.argv[1]);
  try {
    await writeFileAtomically(process.argv[2], Buffer.from('new'), { exclusive: process.argv[3] === 'exclusive' });
    console.log('written');
  } catch (error) { console.log(error.code); }`;

/** Writes in a process of its own whose system calls fail as told; what it says. */
function write(file: string, how: 'exclusive' | 'replacing', inject: readonly string[]): string {
  const faults = inject.flatMap((one) => ['-e', `inject=${one}`]);
  const calls = inject.map((one) => one.split(':')[0]).join(',');
  const run = spawnSync(
    'strace',
    ['-f', '-qq', '-o', '/dev/null', '-e', `trace=${calls}`, ...faults, process.execPath].concat([
      '--no-warnings',
      '--input-type=module',
      '-e',
      program,
      writer,
      file,
      how,
    ]),
    { encoding: 'utf8', timeout: 15_000 },
  );
  return run.stdout.trim() || run.stderr;
}

const canTrace =
  process.platform === 'linux' &&
  spawnSync('strace', ['-f', '-qq', '-o', '/dev/null', '-e', 'inject=link:error=EPERM', 'true']).status === 0;
if (!canTrace) console.warn('skipped: strace is not here or may not trace');

describe.skipIf(!canTrace)('a disk that fails', () => {
  it.each([
    ['fsync:error=ENOSPC', 'file.disk-full'],
    ['fsync:error=EDQUOT', 'file.disk-full'],
    ['fsync:error=EIO', 'file.cannot-create'],
    ['/^(link|linkat)$:error=EIO', 'file.cannot-create'],
  ])('%s is %s, and nothing stays', (fault, code) => {
    expect(write(path.join(folder, 'a'), 'exclusive', [fault])).toBe(code);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('leaves the old file when the new one cannot take its place', () => {
    const file = path.join(folder, 'old');
    writeFileSync(file, 'old');
    expect(write(file, 'replacing', ['/^rename:error=EIO'])).toBe('file.cannot-create');
    expect(readFileSync(file, 'utf8')).toBe('old');
    rmSync(file);
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe.skipIf(!canTrace)('a disk without hard links', () => {
  const noLinks = '/^(link|linkat)$:error=EPERM';

  it('is written, and never over a file that is there', () => {
    const file = path.join(folder, 'b');
    expect(write(file, 'exclusive', [noLinks])).toBe('written');
    expect(readFileSync(file, 'utf8')).toBe('new');
    writeFileSync(file, 'old');
    expect(write(file, 'exclusive', [noLinks])).toBe('file.exists');
    expect(readFileSync(file, 'utf8')).toBe('old');
    rmSync(file);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('keeps no empty file when the last step fails', () => {
    expect(write(path.join(folder, 'c'), 'exclusive', [noLinks, '/^rename:error=EIO'])).toBe(
      'file.cannot-create',
    );
    expect(readdirSync(folder)).toEqual([]);
  });
});
