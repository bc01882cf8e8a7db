// Whether a backup is made first. Some boards have no time for one, or may not let themselves be read: their profiles say so.
import type { BoardFacts } from './board-facts.ts';
import type { FlashRequest } from './request.ts';

/** Why no backup is made although none was refused: the profile's own words; undefined where one is made if it can be. */
export function whyNoBackup(board: BoardFacts, request: FlashRequest): string | undefined {
  if (!request.backup || request.insistOnBackup === true || request.backupTo !== undefined) return undefined;
  const settled = board.families?.filter((one) => one.settled) ?? [];
  const profiles = settled.flatMap((one) => one.profile ?? one.candidates);
  if (profiles.length === 0 || profiles.some((one) => one.backup?.default !== 'off')) return undefined;
  return profiles[0]?.backup?.why ?? '';
}
