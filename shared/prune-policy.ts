// Which backups may go by themselves. The newest of a board never does, nor one with a name or a note, nor one that is needed.

/** Both given: only what both would let go. Neither: nothing. */
export interface PrunePolicy {
  /** All but so many of each board, the newest first. */
  readonly keep?: number;
  /** Older than this. */
  readonly olderThanDays?: number;
}

/** What a person can choose as a setting. `never`: all are kept. */
export const pruneKinds = ['never', 'count', 'age'] as const;

export interface PruneChoice {
  readonly prune: (typeof pruneKinds)[number];
  readonly pruneKeep: number;
  readonly pruneDays: number;
}

export const mostKept = 1_000;
export const mostDays = 36_500;

/** Undefined where all are kept. */
export function policyOf({ prune, pruneKeep, pruneDays }: PruneChoice): PrunePolicy | undefined {
  switch (prune) {
    case 'never':
      return undefined;
    case 'count':
      return { keep: pruneKeep };
    case 'age':
      return { olderThanDays: pruneDays };
  }
}
