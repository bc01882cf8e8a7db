import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import {
  changeRecord,
  checkContent,
  importBackup,
  readIntactBackup,
  removeBackup,
} from '../../main/store/backup-library.ts';
import { backupPath, listBackups } from '../../main/store/backup-list.ts';
import { recordPath } from '../../main/store/backup-record.ts';
import { formatsFor, sameUnit, unitKey, type BackupRecord } from '../../shared/backup-record.ts';
import { limits } from '../../shared/limits.ts';

const root = mkdtempSync(path.join(tmpdir(), 'rekindle-library-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let folders = 0;
function freshFolder(): string {
  return path.join(root, `library-${folders++}`);
}

function recordOf(
  minute: number,
  change: Partial<BackupRecord> = {},
): Omit<BackupRecord, 'bytes' | 'sha256'> {
  return {
    format: 1,
    board: 'NanoVNA-H',
    virtual: false,
    unit: { portPath: '1-4', serial: 'FFFFFFFEFFFF', ids: '0483:df11' },
    when: `2026-11-21T12:${String(minute).padStart(2, '0')}:00.000Z`,
    ranges: [{ alternate: 0, start: 0x08000000, end: 0x08020000 }],
    found: [{ kind: 'version', text: '1.2.46' }],
    protocol: 'dfuse',
    readTwice: true,
    program: 'Rekindle test',
    name: '',
    note: '',
    ...change,
  };
}

async function put(folder: string, minute: number, change: Partial<BackupRecord> = {}): Promise<string> {
  return await importBackup(folder, new Uint8Array([minute, 1, 2, 3]), recordOf(minute, change), 'dfu');
}

describe('the library of backups', () => {
  it('keeps what is known of each, and what a person says of it', async () => {
    const folder = freshFolder();
    const id = await put(folder, 1);
    await changeRecord(folder, id, { name: 'Before 1.3' });
    await changeRecord(folder, id, { note: 'calibrated in May' });
    const [listed] = await listBackups(folder);
    expect(listed).toMatchObject({ id, board: 'NanoVNA-H', recordState: 'there' });
    expect(listed?.record).toMatchObject({
      name: 'Before 1.3',
      note: 'calibrated in May',
      readTwice: true,
      found: [{ text: '1.2.46' }],
    });
  });

  it('tells a file that is not what was saved, and gives it to nobody', async () => {
    const folder = freshFolder();
    const id = await put(folder, 1);
    expect(await checkContent(folder, id)).toBe('same');
    writeFileSync(backupPath(folder, id), new Uint8Array([1, 1, 2, 4]));
    expect(await checkContent(folder, id)).toBe('changed');
    await expect(readIntactBackup(folder, id)).rejects.toMatchObject({ code: 'backup.changed' });
  });

  it.each([
    ['missing', (file: string) => rmSync(file)],
    ['damaged', (file: string) => writeFileSync(file, '{"format": 1')],
    ['damaged', (file: string) => writeFileSync(file, 'x'.repeat(limits.backupRecordBytes + 1))],
    ['damaged', (file: string) => writeFileSync(file, '{"format": 2}')],
  ] as const)(
    'lists one whose record is %s, checks it by its name, and takes a note for it',
    async (state, harm) => {
      const folder = freshFolder();
      const id = await put(folder, 1);
      harm(recordPath(backupPath(folder, id)));
      expect((await listBackups(folder))[0]).toMatchObject({ id, record: undefined, recordState: state });
      expect(await checkContent(folder, id)).toBe('same');
      await changeRecord(folder, id, { note: 'found again' });
      expect((await listBackups(folder))[0]?.record).toMatchObject({ note: 'found again' });
      expect(readFileSync(backupPath(folder, id))).toHaveLength(4);
    },
  );

  it('removes one with its record, and knows no other names', async () => {
    const folder = freshFolder();
    const id = await put(folder, 1);
    await removeBackup(folder, id);
    expect(readdirSync(folder)).toEqual([]);
    for (const name of ['../x', id, `${id}.json`])
      await expect(removeBackup(folder, name)).rejects.toMatchObject({ code: 'api.unknown' });
  });
});

describe('a backup leaves', () => {
  const range = (alternate: number) => ({ alternate, start: 0x08000000, end: 0x08000800 });
  const record = (change: Partial<BackupRecord>): BackupRecord => ({
    ...recordOf(1),
    bytes: 1,
    sha256: 'a'.repeat(64),
    ...change,
  });

  it.each([
    ['of one memory', record({}), ['saved', 'dfuse', 'hex', 'bin']],
    ['of two memories', record({ ranges: [range(0), range(1)] }), ['saved', 'dfuse']],
    ['of a board without addresses', record({ protocol: 'dfu', ranges: [] }), ['saved', 'bin']],
    ['that was taken in', record({ protocol: '', ranges: [] }), ['saved', 'dfuse', 'hex', 'bin']],
    ['of which nothing was noted', undefined, ['saved', 'dfuse', 'hex', 'bin']],
  ])('in the formats that hold all of one %s', (_what, one, formats) => {
    expect(formatsFor(one)).toEqual(formats);
  });
});

describe('whose a backup is', () => {
  const unit = { portPath: '1-4', serial: '2079358F', ids: '0483:df11' };
  it('is told by the serial number where that is one of its own', () => {
    expect(sameUnit(unit, { serial: '2079358F' })).toBe('yes');
    expect(sameUnit(unit, { serial: '3063358F' })).toBe('no');
    expect(sameUnit({ ...unit, serial: 'FFFFFFFEFFFF' }, { serial: 'FFFFFFFEFFFF' })).toBe('unknown');
    expect(sameUnit(unit, { serial: '' })).toBe('unknown');
    // Every board with that program says so (ChibiOS's own version).
    expect(sameUnit({ ...unit, serial: '400' }, { serial: '400' })).toBe('unknown');
  });

  it('is told by the port otherwise, and a virtual board is never a real one', () => {
    const shared = { ...unit, serial: 'FFFFFFFEFFFF' };
    const key = (change: object) => unitKey({ board: 'NanoVNA-H', virtual: false, unit: shared, ...change });
    expect(key({})).not.toBe(key({ unit: { ...shared, portPath: '1-5' } }));
    expect(key({})).not.toBe(key({ virtual: true }));
    const version = { ...unit, serial: '400' };
    expect(key({ unit: version })).not.toBe(key({ unit: { ...version, portPath: '1-5' } }));
    expect(key({ unit: version })).not.toBe(key({}));
    expect(key({ unit })).toBe(key({ unit: { ...unit, portPath: '2-1' } }));
  });
});
