// Throwing old backups away, by a policy.
import type { BackupReport } from '../../shared/contract/backups.ts';
import { isFlashError } from '../../shared/errors/flash-error.ts';
import type { PrunePolicy } from '../../shared/prune-policy.ts';
import { checkContent, removeBackup } from './backup-library.ts';
import { listBackups } from './backup-list.ts';
import { chooseToPrune, type PruneSurroundings } from './choose-to-prune.ts';

/**
 * What a policy lets go now, newest first. Where the newest of a board is not what was saved any more, all of that board's stay: an older
 * one may be the only good one. @throws FlashError `file.*`
 */
export async function findPrunable(
  folder: string,
  policy: PrunePolicy,
  around: PruneSurroundings,
): Promise<BackupReport[]> {
  const found: BackupReport[] = [];
  for (const { newest, going } of chooseToPrune(await listBackups(folder), policy, around))
    if (await isIntact(folder, newest.id)) found.push(...going);
  return found.toSorted((a, b) => b.when.localeCompare(a.when));
}

/**
 * Throws away what the policy lets go; answers what is gone.
 * @param only of those, where a person was shown what would go: never more than that
 * @throws FlashError `file.*`
 */
export async function pruneBackups(
  folder: string,
  policy: PrunePolicy,
  around: PruneSurroundings,
  only?: ReadonlySet<string>,
): Promise<BackupReport[]> {
  const gone: BackupReport[] = [];
  for (const backup of await findPrunable(folder, policy, around)) {
    if (only !== undefined && !only.has(backup.id)) continue;
    try {
      await removeBackup(folder, backup.id);
      gone.push(backup);
    } catch (error) {
      // Another program was quicker.
      if (!isFlashError(error, 'api.unknown')) throw error;
    }
  }
  return gone;
}

async function isIntact(folder: string, id: string): Promise<boolean> {
  try {
    return (await checkContent(folder, id)) === 'same';
  } catch {
    return false;
  }
}
