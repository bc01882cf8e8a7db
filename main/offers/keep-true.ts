// What was found for a board counts as long as it is that board, and holds what it held.
import type { BoardWatch } from '../jobs/board-watch.ts';
import type { RunningJobs } from '../jobs/running-jobs.ts';
import type { OfferBook } from './offer-book.ts';

/** Until the signal. */
export async function keepOffersTrue(
  offers: OfferBook,
  jobs: RunningJobs,
  boards: BoardWatch,
  signal: AbortSignal,
): Promise<void> {
  const watchBoards = async (): Promise<void> => {
    for await (const _ of boards.seen.watch(signal)) offers.boardsChanged();
  };
  const watchJobs = async (): Promise<void> => {
    const told = new Set<string>();
    for await (const all of jobs.snapshots.watch(signal)) {
      for (const { id, portPath, result } of all) {
        if (result === undefined || told.has(id)) continue;
        told.add(id);
        offers.jobEnded(portPath, result);
      }
      for (const id of told) if (!all.some((job) => job.id === id)) told.delete(id);
    }
  };
  await Promise.all([watchBoards(), watchJobs()]);
}
