import path from 'node:path';
import { FlashError, isFlashError, toFlashError } from '../../../shared/errors/flash-error.ts';
import { totalSize, type Range } from '../../../shared/ranges.ts';
import { addDfuSuffix } from '../../images/formats/dfu-write.ts';
import { writeDfuse } from '../../images/formats/dfuse-write.ts';
import { writeIntelHex } from '../../images/formats/ihex-write.ts';
import { isFolder, saveBackup, saveBackupAs } from '../../store/backups.ts';
import type { Region, Target } from '../../targets/target.ts';
import type { BoardFacts } from '../board-facts.ts';
import { offsetFlow, type JobContext } from '../context.ts';
import type { KnownRun } from '../known.ts';

/** A place to read; without a range, all there is. */
export interface ReadPart {
  readonly region: Region;
  readonly range: Range | undefined;
}

/** A backup on disk. */
export interface SavedBackup {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
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
 * @throws FlashError `file.*` when it cannot be saved, as the target does when it cannot be read; nothing was erased
 */
export async function backUp(
  context: JobContext,
  target: Target,
  board: BoardFacts,
  parts: readonly ReadPart[],
  save: { readonly to: string | undefined; readonly raw: boolean },
): Promise<{ known: KnownRun[]; saved: SavedBackup }> {
  return await context.run('back-up', sizeOfParts(parts), async (flow) => {
    const known = await readParts(target, parts, flow);
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

async function saveRuns(
  context: JobContext,
  board: BoardFacts,
  known: readonly KnownRun[],
  save: { readonly to: string | undefined; readonly raw: boolean },
): Promise<SavedBackup> {
  const bytes = fileOf(board, known, save);
  try {
    const { host } = context.services;
    const folder = save.to === undefined ? host.paths.backups : path.resolve(save.to);
    if (save.to !== undefined && !(await isFolder(folder))) return await saveBackupAs(folder, bytes);
    const name = board.virtual ? `virtual-${board.slug}` : board.slug;
    const extension = save.raw ? 'bin' : 'dfu';
    return await saveBackup({ folder, board: name, when: host.now(), bytes, extension });
  } catch (error) {
    if (isFlashError(error)) throw error;
    throw new FlashError('backup.failed', { reason: toFlashError(error).code }, error);
  }
}

function isHexName(to: string | undefined): boolean {
  return to !== undefined && /\.i?hex$/i.test(to);
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

/** A container that knows its addresses and its board, so that restoring it needs nothing but the file. */
function fileOf(
  board: BoardFacts,
  known: readonly KnownRun[],
  { raw, to }: { readonly raw: boolean; readonly to: string | undefined },
): Uint8Array {
  const ids = { vendorId: board.vendorId, productId: board.productId, bcdDevice: 0xffff };
  const [first, ...others] = known;
  if (raw && first !== undefined && others.length === 0) return first.bytes;
  if (isHexName(to)) return writeIntelHex(known);
  if (!board.addressed) return addDfuSuffix(first?.bytes ?? new Uint8Array(), ids, 0x0100);
  const alternates = [...new Set(known.map((run) => run.alternate))];
  return writeDfuse({
    ids,
    targets: alternates.map((alternate) => ({
      alternate,
      elements: known
        .filter((run) => run.alternate === alternate)
        .map((run) => ({ address: run.start, bytes: run.bytes })),
    })),
  });
}
