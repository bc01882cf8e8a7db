import { FlashError } from '../../../shared/errors/flash-error.ts';
import { totalSize, type Range } from '../../../shared/ranges.ts';
import type { Region, Target } from '../../targets/target.ts';
import type { BoardFacts } from '../board-facts.ts';
import { offsetFlow, type JobContext } from '../context.ts';
import type { KnownRun } from '../known.ts';
import { isHexName, saveRuns, type SavedBackup } from './save-backup.ts';

/** A place to read; without a range, all there is. */
export interface ReadPart {
  readonly region: Region;
  readonly range: Range | undefined;
}

/** Bytes to be read, where that is known beforehand. */
function sizeOfParts(parts: readonly ReadPart[]): number | undefined {
  return parts.some((part) => part.range === undefined)
    ? undefined
    : totalSize(parts.flatMap((part) => part.range ?? []));
}

/** Reads only to learn which sectors need no writing. @throws FlashError as the target does */
export async function compareSectors(
  context: JobContext,
  target: Target,
  parts: readonly ReadPart[],
): Promise<KnownRun[]> {
  return await context.run('compare', sizeOfParts(parts), (flow) => readParts(target, parts, flow));
}

/**
 * Reads and saves. The file is on disk, synced, before this resolves.
 * @param save.to a file to create or a folder, the backups folder otherwise
 * @param save.twice read again before it is saved, and compare
 * @throws FlashError `file.*` when it cannot be saved, as the target does when it cannot be read, `backup.reads-differ`; nothing
 *   was erased
 */
export async function backUp(
  context: JobContext,
  target: Target,
  board: BoardFacts,
  parts: readonly ReadPart[],
  save: { readonly to: string | undefined; readonly raw: boolean; readonly twice: boolean },
): Promise<{ known: KnownRun[]; saved: SavedBackup }> {
  const size = sizeOfParts(parts);
  const total = size === undefined || !save.twice ? size : 2 * size;
  return await context.run('back-up', total, async (flow) => {
    const known = await readParts(target, parts, flow);
    context.checkStop();
    if (save.twice) compareReads(known, await readParts(target, parts, offsetFlow(flow, size ?? 0)));
    context.checkStop();
    const saved = await saveRuns(context, board, known, save);
    context.emit({ type: 'backup', ...saved });
    return { known, saved };
  });
}

async function readParts(
  target: Target,
  parts: readonly ReadPart[],
  flow: Parameters<Target['read']>[2],
): Promise<KnownRun[]> {
  const known: KnownRun[] = [];
  let before = 0;
  for (const { region, range } of parts) {
    const bytes = await target.read(region, range, offsetFlow(flow, before));
    known.push({ alternate: region.alternate, start: range?.start ?? 0, bytes });
    before += bytes.length;
  }
  return known;
}

/**
 * Before anything is read: can what is read be saved under that name?
 * @throws FlashError `plan.unsupported-image` for Intel HEX of what has no addresses, or of several memories
 */
export function checkBackupFormat(
  to: string | undefined,
  board: BoardFacts,
  parts: readonly ReadPart[],
): void {
  if (!isHexName(to)) return;
  if (!board.addressed) throw new FlashError('plan.unsupported-image', { reason: 'hex-without-addresses' });
  if (new Set(parts.map((part) => part.region.alternate)).size > 1)
    throw new FlashError('plan.unsupported-image', { reason: 'hex-of-several-memories' });
}

/** @throws FlashError `backup.reads-differ` */
function compareReads(first: readonly KnownRun[], second: readonly KnownRun[]): void {
  let address: number | undefined;
  let count = 0;
  for (const [index, { start, bytes }] of first.entries()) {
    const again = second[index]?.bytes ?? new Uint8Array();
    for (let offset = 0; offset < Math.max(bytes.length, again.length); offset++) {
      if (bytes[offset] === again[offset]) continue;
      address ??= start + offset;
      count++;
    }
  }
  if (address !== undefined) throw new FlashError('backup.reads-differ', { address, count });
}
