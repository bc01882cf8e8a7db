// Settings and the list of backups: what a page is shown of the disk, and what it may name there.
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { backupPath, listBackups, readBackup } from '../../main/store/backup-list.ts';
import { loadSettings, saveSettings } from '../../main/store/settings.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'rekindle-page-files-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('settings', () => {
  const file = path.join(folder, 'settings.json');

  it('are what they were when they are not there', async () => {
    expect(await loadSettings(file)).toEqual({
      theme: 'system',
      backup: 'always',
      language: 'en',
      welcomed: false,
      sound: false,
      lookDaily: false,
      releaseLooks: 'when-asked',
      runningAtOnce: 16,
      prune: 'never',
      pruneKeep: 10,
      pruneDays: 365,
    });
  });

  it('come back as they were saved', async () => {
    const settings = {
      theme: 'dark',
      backup: 'never',
      language: 'en',
      welcomed: true,
      sound: false,
      lookDaily: false,
      releaseLooks: 'when-asked',
      runningAtOnce: 4,
      prune: 'count',
      pruneKeep: 3,
      pruneDays: 90,
    } as const;
    await saveSettings(file, settings);
    expect(await loadSettings(file)).toEqual(settings);
  });

  it.each([
    ['no JSON', '{"theme":'],
    ['no object', '[]'],
    ['null', 'null'],
    ['too long', `{"theme":"${'x'.repeat(100_000)}"}`],
  ])('that are %s are the usual ones', async (_what, text) => {
    writeFileSync(file, text);
    expect(await loadSettings(file)).toMatchObject({ theme: 'system', backup: 'always' });
  });

  it('of another version cost only what is not understood', async () => {
    writeFileSync(file, JSON.stringify({ theme: 'sepia', backup: 'never', future: 1 }));
    expect(await loadSettings(file)).toMatchObject({ theme: 'system', backup: 'never' });
  });

  it('make their folder when they are the first there', async () => {
    const first = path.join(folder, 'new', 'settings.json');
    await saveSettings(first, {
      theme: 'light',
      backup: 'always',
      language: 'en',
      welcomed: true,
      sound: false,
      lookDaily: false,
      releaseLooks: 'when-asked',
      runningAtOnce: 4,
      prune: 'count',
      pruneKeep: 3,
      pruneDays: 90,
    });
    expect(await loadSettings(first)).toMatchObject({ theme: 'light' });
  });

  it('that cannot be saved say so', async () => {
    const nowhere = path.join(file, 'settings.json');
    const settings = {
      theme: 'dark',
      backup: 'never',
      language: 'en',
      welcomed: true,
      sound: false,
      lookDaily: false,
      releaseLooks: 'when-asked',
      runningAtOnce: 4,
      prune: 'count',
      pruneKeep: 3,
      pruneDays: 90,
    } as const;
    await expect(saveSettings(nowhere, settings)).rejects.toMatchObject({ code: 'file.cannot-create' });
  });
});

describe('the list of backups', () => {
  const backups = path.join(folder, 'backups');

  it('is empty before there is a folder', async () => {
    expect(await listBackups(backups)).toEqual([]);
  });

  it('is newest first, knows virtual ones, and takes nothing else for one', async () => {
    mkdirSync(backups);
    const good = [
      'stm32f072-20260101T000000Z-0123456789ab.dfu',
      'virtual-stm32f405-20261121T081502Z-abcdef012345.dfu',
    ];
    for (const name of [...good, 'notes.txt', 'stm32-2026-x.dfu', '.rekindle-x.part']) {
      writeFileSync(path.join(backups, name), 'x');
    }
    mkdirSync(path.join(backups, 'stm32f072-20260101T000000Z-0123456789ac.dfu'));
    expect(await listBackups(backups)).toEqual([
      {
        id: good[1],
        board: 'stm32f405',
        virtual: true,
        when: '2026-11-21T08:15:02Z',
        bytes: 1,
        hash: 'abcdef012345',
        record: undefined,
        recordState: 'missing',
      },
      {
        id: good[0],
        board: 'stm32f072',
        virtual: false,
        when: '2026-01-01T00:00:00Z',
        bytes: 1,
        hash: '0123456789ab',
        record: undefined,
        recordState: 'missing',
      },
    ]);
  });

  it.each(['../secret', '/etc/passwd', '..', 'notes.txt', 'a/b-20260101T000000Z-0123456789ab.dfu', ''])(
    'lets nobody name "%s"',
    async (id) => {
      expect(() => backupPath(backups, id)).toThrow('api.unknown');
      await expect(readBackup(backups, id)).rejects.toMatchObject({ code: 'api.unknown' });
    },
  );

  it('follows no link to what is no ordinary file', async () => {
    const link = 'stm32f072-20260102T000000Z-0123456789ab.dfu';
    symlinkSync('/dev/zero', path.join(backups, link));
    await expect(readBackup(backups, link)).rejects.toMatchObject({ code: 'file.unreadable' });
  });
});
