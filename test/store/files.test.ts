import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readFileBounded, readStreamBounded, writeFileAtomically } from '../../main/store/atomic-file.ts';
import { checkBackupFolder, saveBackup, saveBackupAs } from '../../main/store/backups.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'rekindle-store-'));
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
    async function* endless(): AsyncGenerator<Uint8Array> {
      for (;;) yield await Promise.resolve(new Uint8Array(100));
    }
    await expect(readStreamBounded(endless(), 1_000)).rejects.toMatchObject({ code: 'image.too-large' });
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
  });
});
