import { describe, expect, it } from 'vitest';
import type { BackupRecord } from '../../shared/backup-record.ts';
import { filterOfUnit, isBackupOf } from '../../shared/history-unit.ts';

const romOnly = {
  portPath: '1-2',
  serial: 'FFFFFFFEFFFF',
  vendorId: 0x0483,
  productId: 0xdf11,
  virtual: false,
};
const version = { ...romOnly, serial: '400' };
const own = { ...romOnly, serial: '205A3157' };

function backup(unit: Partial<BackupRecord['unit']>, virtual = false) {
  const record = {
    unit: { portPath: '1-2', serial: 'FFFFFFFEFFFF', ids: '0483:df11', ...unit },
  } as BackupRecord;
  return { record, virtual };
}

describe('one and the same board', () => {
  it('is told by a serial number of its own in any port, and by its port otherwise', () => {
    const ids = { vendorId: 0x0483, productId: 0xdf11 };
    expect(filterOfUnit(own)).toEqual({ serial: '205A3157', ids, virtual: false });
    expect(filterOfUnit(romOnly)).toEqual({ serial: 'FFFFFFFEFFFF', ids, virtual: false, portPath: '1-2' });
    expect(filterOfUnit(version)).toMatchObject({ serial: '400', portPath: '1-2' });
  });

  it.each([
    [romOnly, backup({}), true],
    [romOnly, backup({ portPath: '1-3' }), false],
    [romOnly, backup({ ids: '1209:0001' }), false],
    [romOnly, backup({}, true), false],
    [romOnly, { record: undefined, virtual: false }, false],
    [own, backup({ serial: '205A3157', portPath: '9-9' }), true],
    [own, backup({ serial: '205A3158' }), false],
    [own, backup({}), false],
    // What a program says that gives all its boards one number.
    [version, backup({ serial: '400' }), true],
    [version, backup({ serial: '400', portPath: '9-9' }), false],
  ])('%# has its backups and no others', (unit, one, is) => {
    expect(isBackupOf(unit, one)).toBe(is);
  });
});
