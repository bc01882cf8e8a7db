// Which jobs and backups are of one and the same board, as far as its marks tell.
import type { BackupRecord } from './backup-record.ts';
import { formatIds } from './hex.ts';
import type { HistoryFilter, RecordedUnit } from './history.ts';
import { isTelling } from './serial-worth.ts';

type Marks = Pick<RecordedUnit, 'portPath' | 'serial' | 'vendorId' | 'productId' | 'virtual'>;

/** All jobs of this board: a serial number of its own tells it in any port, otherwise port and ids do. */
export function filterOfUnit({ portPath, serial, vendorId, productId, virtual }: Marks): HistoryFilter {
  const marks = { serial, ids: { vendorId, productId }, virtual };
  return isTelling(serial) ? marks : { ...marks, portPath };
}

/** Whether a backup was read from this board. */
export function isBackupOf(
  { portPath, serial, vendorId, productId, virtual }: Marks,
  {
    record,
    virtual: virtualBackup,
  }: { readonly record: BackupRecord | undefined; readonly virtual: boolean },
): boolean {
  if (record === undefined || virtualBackup !== virtual) return false;
  if (record.unit.ids !== formatIds(vendorId, productId) || record.unit.serial !== serial) return false;
  return isTelling(serial) || record.unit.portPath === portPath;
}
