import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { FlashError } from '../../shared/errors/flash-error.ts';
import { readFileBounded, readStreamBounded, writeFileAtomically } from '../../main/store/atomic-file.ts';
import { checkBackupFolder, saveBackup, saveBackupAs } from '../../main/store/backups.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'rekindle-store-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const bytes = new TextEncoder().encode('backup');

describe('files that are whole or not there', () => {
  it('replaces, and with exclusive refuses to', async () => {
    const file = path.join(folder, 'a');
    await writeFileAtomically(file, bytes);
    await writeFileAtomically(file, new Uint8Array([1]));
    await expect(writeFileAtomically(file, bytes, { exclusive: true })).rejects.toMatchObject({
      code: 'file.exists',
    });
    expect([...readFileSync(file)]).toEqual([1]);
    expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  it('is for its owner only, and may have the longest of names', async () => {
    const file = path.join(folder, 'é'.repeat(127));
    await writeFileAtomically(file, bytes);
    expect(statSync(file).mode & 0o777).toBe(process.platform === 'win32' ? 0o666 : 0o600);
  });

  it('takes its content piece by piece, and nothing stays when the pieces fail', async () => {
    const inside = path.join(folder, 'pieces');
    mkdirSync(inside);
    async function* pieces(failure?: Error): AsyncGenerator<Uint8Array> {
      yield Uint8Array.of(1, 2);
      yield await Promise.resolve(Uint8Array.of(3));
      if (failure !== undefined) throw failure;
    }
    await writeFileAtomically(path.join(inside, 'whole'), pieces());
    expect([...readFileSync(path.join(inside, 'whole'))]).toEqual([1, 2, 3]);
    await expect(
      writeFileAtomically(path.join(inside, 'part'), pieces(new FlashError('usb.gone', {}))),
    ).rejects.toMatchObject({ code: 'usb.gone' });
    await expect(
      writeFileAtomically(path.join(inside, 'part'), pieces(new RangeError('ours'))),
    ).rejects.toMatchObject({ code: 'internal' });
    expect(readdirSync(inside)).toEqual(['whole']);
  });

  it('lets one of many win an exclusive name, and loses no content of the others', async () => {
    const inside = path.join(folder, 'race');
    mkdirSync(inside);
    const file = path.join(inside, 'one');
    const contents = Array.from({ length: 8 }, (_, index) => new Uint8Array(50_000).fill(index));
    const ends = await Promise.allSettled(
      contents.map((content) => writeFileAtomically(file, content, { exclusive: true })),
    );
    const winners = contents.filter((_, index) => ends[index]?.status === 'fulfilled');
    expect(winners).toEqual([new Uint8Array(readFileSync(file))]);
    for (const end of ends)
      if (end.status === 'rejected') expect(end.reason).toHaveProperty('code', 'file.exists');
    await Promise.all(contents.map((content) => writeFileAtomically(file, content)));
    expect(contents).toContainEqual(new Uint8Array(readFileSync(file)));
    expect(readdirSync(inside)).toEqual(['one']);
  });

  it('says why a file cannot be made', async () => {
    writeFileSync(path.join(folder, 'plain'), '');
    await expect(writeFileAtomically(path.join(folder, 'plain', 'b'), bytes)).rejects.toMatchObject({
      code: 'file.cannot-create',
    });
    await expect(writeFileAtomically(path.join(folder, 'none', 'b'), bytes)).rejects.toMatchObject({
      code: 'file.cannot-create',
    });
  });

  it('leaves nothing behind on a full disk', async (context) => {
    const small = path.join(folder, 'small');
    mkdirSync(small);
    if (
      process.platform !== 'linux' ||
      spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', small]).status !== 0
    ) {
      console.warn('skipped: a small disk can only be made as root on Linux');
      context.skip();
    }
    try {
      await expect(
        writeFileAtomically(path.join(small, 'big'), new Uint8Array(200_000)),
      ).rejects.toMatchObject({ code: 'file.disk-full' });
      expect(readdirSync(small)).toEqual([]);
      await expect(checkBackupFolder(path.join(small, 'x.dfu'), folder)).rejects.toMatchObject({
        code: 'file.disk-full',
      });
    } finally {
      spawnSync('umount', [small]);
    }
  });

  it('reads ordinary files within a limit, and nothing else', async () => {
    const file = path.join(folder, 'read');
    writeFileSync(file, 'twelve bytes');
    expect(await readFileBounded(file, 12)).toHaveLength(12);
    await expect(readFileBounded(file, 11)).rejects.toMatchObject({ code: 'image.too-large' });
    await expect(readFileBounded(folder, 11)).rejects.toMatchObject({ code: 'file.unreadable' });
    await expect(readFileBounded('/dev/zero', 11)).rejects.toMatchObject({ code: 'file.unreadable' });
    await expect(readFileBounded(path.join(folder, 'none'), 11)).rejects.toMatchObject({
      code: 'file.not-found',
    });
    expect(await readFileBounded(file, 1_000)).toEqual(new TextEncoder().encode('twelve bytes'));
    symlinkSync('none', path.join(folder, 'dangling'));
    await expect(readFileBounded(path.join(folder, 'dangling'), 11)).rejects.toMatchObject({
      code: 'file.not-found',
    });
    await expect(readFileBounded(path.join(file, 'below'), 11)).rejects.toMatchObject({
      code: 'file.unreadable',
      params: { reason: 'ENOTDIR' },
    });
    async function* endless(): AsyncGenerator<Uint8Array> {
      for (;;) yield await Promise.resolve(new Uint8Array(100));
    }
    await expect(readStreamBounded(endless(), 1_000)).rejects.toMatchObject({ code: 'image.too-large' });
  });
});

describe('files that are not what they say', () => {
  it('a pipe is refused without waiting for its writer', async (context) => {
    const pipe = path.join(folder, 'pipe');
    if (spawnSync('mkfifo', [pipe]).status !== 0) {
      console.warn('skipped: there is no mkfifo');
      context.skip();
    }
    await expect(readFileBounded(pipe, 11)).rejects.toMatchObject({
      code: 'file.unreadable',
      params: { reason: 'ENOTFILE' },
    });
  });

  it.each([
    ['more', '/proc/self/status'],
    ['fewer', '/sys/kernel/mm/transparent_hugepage/enabled'],
  ])('%s bytes than the size says are never a file', async (_what, file) => {
    if (!existsSync(file)) {
      console.warn(`skipped: there is no ${file}`);
      return;
    }
    await expect(readFileBounded(file, 100_000)).rejects.toMatchObject({ code: 'file.unreadable' });
  });
});

describe('backups', () => {
  it('are named after board, time and content, once', async () => {
    const backup = {
      folder: path.join(folder, 'backups', 'deep'),
      board: 'stm32f072',
      when: new Date('2026-11-21T04:30:05.123Z'),
      bytes,
    };
    const first = await saveBackup(backup);
    expect(path.basename(first.path)).toMatch(/^stm32f072-20261121T043005Z-[0-9a-f]{12}\.dfu$/);
    expect(first.path).toContain(first.sha256.slice(0, 12));
    expect(await saveBackup(backup)).toEqual(first);
    await expect(saveBackupAs(first.path, bytes)).rejects.toMatchObject({ code: 'file.exists' });
    expect(statSync(backup.folder).mode & 0o777).toBe(process.platform === 'win32' ? 0o666 : 0o700);
  });

  const when = new Date('2026-11-21T04:30:05.123Z');

  it('of two boards with the same content at the same moment are both there', async () => {
    const together = path.join(folder, 'together');
    const saved = await Promise.all(
      Array.from({ length: 8 }, () => saveBackup({ folder: together, board: 'b', when, bytes })),
    );
    for (const one of saved) expect(new Uint8Array(readFileSync(one.path))).toEqual(bytes);
    expect(readdirSync(together)).toHaveLength(1);
  });

  it('are never said to be there when another file has their name', async () => {
    const inside = path.join(folder, 'damaged');
    const { path: file } = await saveBackup({ folder: inside, board: 'b', when, bytes });
    for (const other of ['', 'Backup', 'backup and more']) {
      writeFileSync(file, other);
      await expect(saveBackup({ folder: inside, board: 'b', when, bytes })).rejects.toMatchObject({
        code: 'file.exists',
      });
      expect(readFileSync(file, 'utf8')).toBe(other);
    }
  });

  it.each([
    ['../../etc/x y', 'etc-x-y'],
    ['', 'board'],
    ['...', 'board'],
    ['NanoVNA-H', 'NanoVNA-H'],
  ])('of a board called "%s" stay in their folder', async (board, part) => {
    const inside = path.join(folder, 'names');
    const saved = await saveBackup({ folder: inside, board, when, bytes });
    expect(path.dirname(saved.path)).toBe(inside);
    expect(path.basename(saved.path)).toMatch(new RegExp(`^${part}-2026`));
  });
});
