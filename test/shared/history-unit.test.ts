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
const own = { ...romOnly, serial: '3157' };

function backup(unit: Partial<BackupRecord['unit']>, virtual = false) {
  const record = {
    unit: { portPath: '1-2', serial: 'FFFFFFFEFFFF', ids: '0483:df11', ...unit },
  } as BackupRecord;
  return { record, virtual };
}

describe('one and the same board', () => {
  it('is told by a serial number of its own in any port, and by its port otherwise', () => {
    const ids = { vendorId: 0x0483, productId: 0xdf11 };
    expect(filterOfUnit(own)).toEqual({ serial: '3157', ids, virtual: false });
    expect(filterOfUnit(romOnly)).toEqual({ serial: 'FFFFFFFEFFFF', ids, virtual: false, portPath: '1-2' });
  });

  it.each([
    [romOnly, backup({}), true],
    [romOnly, backup({ portPath: '1-3' }), false],
    [romOnly, backup({ ids: '1209:0001' }), false],
    [romOnly, backup({}, true), false],
    [romOnly, { record: undefined, virtual: false }, false],
    [own, backup({ serial: '3157', portPath: '9-9' }), true],
    [own, backup({ serial: '3158' }), false],
    [own, backup({}), false],
  ])('%# has its backups and no others', (unit, one, is) => {
    expect(isBackupOf(unit, one)).toBe(is);
  });
});
