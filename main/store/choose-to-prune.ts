// Which backups a policy lets go. Pure; by the order in which they came, not by what clocks said.
import { unitKey } from '../../shared/backup-record.ts';
import { isTelling } from '../../shared/serial-worth.ts';
import type { BackupReport } from '../../shared/contract/backups.ts';
import type { PrunePolicy } from '../../shared/prune-policy.ts';

const dayMs = 24 * 60 * 60 * 1000;

export interface PruneSurroundings {
  readonly now: Date;
  /** Ids of those that something open needs. */
  readonly needed: ReadonlySet<string>;
}

/** Of one board: what would go, and the newest, which stays and should be good. */
export interface PrunableUnit {
  readonly newest: BackupReport;
  readonly going: readonly BackupReport[];
}

/**
 * The newest of a board always stays, and so does whatever a person gave a name or a note, and what is needed. Where nobody knows whose
 * a backup is, it stays as well.
 */
export function chooseToPrune(
  backups: readonly BackupReport[],
  policy: PrunePolicy,
  around: PruneSurroundings,
): PrunableUnit[] {
  if (policy.keep === undefined && policy.olderThanDays === undefined) return [];
  const madeAt = timesOf(backups, around.now);
  const units = Map.groupBy(backups.filter(isSomebodys), (backup) =>
    unitKey({ ...backup, unit: backup.record?.unit }),
  );
  return [...units.values()].flatMap((all) => {
    const [newest, ...older] = newestFirst(all, around.now);
    if (newest === undefined) return [];
    const going = older.filter(
      (backup, index) =>
        !isWanted(backup) &&
        !around.needed.has(backup.id) &&
        index + 1 >= (policy.keep ?? 1) &&
        isOlder(madeAt.get(backup.id), policy, around.now),
    );
    return going.length === 0 ? [] : [{ newest, going }];
  });
}

/** Of a backup without a unit nobody can say whose newest it is. */
function isSomebodys({ record }: BackupReport): boolean {
  return record !== undefined && (isTelling(record.unit.serial) || record.unit.portPath !== '');
}

function isWanted({ record }: BackupReport): boolean {
  return record === undefined || record.name !== '' || record.note !== '';
}

function orderOf({ record }: BackupReport): number {
  return record?.order ?? 0;
}

/**
 * By the order in which they came. Those from before there was one are older than all others; among themselves the time they bear has to do, and
 * of one that bears a time to come nobody can say where it belongs: it is left out.
 */
function newestFirst(backups: readonly BackupReport[], now: Date): BackupReport[] {
  return backups
    .filter((backup) => orderOf(backup) > 0 || new Date(backup.when) <= now)
    .toSorted((a, b) => orderOf(b) - orderOf(a) || b.when.localeCompare(a.when));
}

/**
 * When each was made, as far as can be relied on: never before one that came earlier, whatever its own clock said; undefined
 * where only a time to come is known.
 */
function timesOf(backups: readonly BackupReport[], now: Date): ReadonlyMap<string, number> {
  const times = new Map<string, number>();
  let earliest = 0;
  for (const backup of backups.toSorted((a, b) => orderOf(a) - orderOf(b))) {
    const said = new Date(backup.when).getTime();
    if (said > now.getTime()) continue;
    if (orderOf(backup) > 0) earliest = Math.max(earliest, said);
    times.set(backup.id, orderOf(backup) > 0 ? earliest : said);
  }
  return times;
}

function isOlder(madeAt: number | undefined, { olderThanDays }: PrunePolicy, now: Date): boolean {
  if (olderThanDays === undefined) return true;
  return madeAt !== undefined && now.getTime() - madeAt > olderThanDays * dayMs;
}
