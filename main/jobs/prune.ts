// Old backups, thrown away by a policy: never one that an open job needs to put its board right.
import path from 'node:path';
import type { BackupReport } from '../../shared/contract/backups.ts';
import type { PrunePolicy } from '../../shared/prune-policy.ts';
import type { PruneSurroundings } from '../store/choose-to-prune.ts';
import { findPrunable, pruneBackups } from '../store/prune-backups.ts';
import type { Journal } from './journal.ts';

/** What the policy lets go now. @throws FlashError `file.*`, `store.*`: where it is not known what is needed, nothing may go */
export async function prunable(journal: Journal, policy: PrunePolicy): Promise<BackupReport[]> {
  const { backups } = journal.host.paths;
  return await findPrunable(backups, policy, await surroundings(journal));
}

/**
 * Throws it away; answers what is gone.
 * @param only what a person was shown
 * @throws FlashError `file.*`, `store.*`
 */
export async function prune(
  journal: Journal,
  policy: PrunePolicy,
  only?: ReadonlySet<string>,
): Promise<BackupReport[]> {
  const { backups } = journal.host.paths;
  const gone = await pruneBackups(backups, policy, await surroundings(journal), only);
  if (gone.length > 0)
    journal.host.log.write('info', 'backups', `old ones removed: ${gone.map(({ id }) => id).join(', ')}`);
  return gone;
}

async function surroundings(journal: Journal): Promise<PruneSurroundings> {
  const jobs = await journal.openJobs();
  const needed = jobs.flatMap(({ backup }) => (backup === undefined ? [] : [path.basename(backup.path)]));
  return { now: journal.host.now(), needed: new Set(needed) };
}
