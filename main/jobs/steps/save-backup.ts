// Where a backup goes, in which format, and what is noted beside it.
import path from 'node:path';
import type { BackupRecord, BackupUnit } from '../../../shared/backup-record.ts';
import { FlashError, isFlashError, toFlashError } from '../../../shared/errors/flash-error.ts';
import { formatIds } from '../../../shared/hex.ts';
import { findFacts } from '../../images/findings/find.ts';
import { addDfuSuffix } from '../../images/formats/dfu-write.ts';
import { writeDfuse } from '../../images/formats/dfuse-write.ts';
import { writeIntelHex } from '../../images/formats/ihex-write.ts';
import { addressedPart } from '../../images/image.ts';
import { nextOrder } from '../../store/backup-order.ts';
import { readRecord, writeRecord } from '../../store/backup-record.ts';
import { isFolder, saveBackup, saveBackupAs } from '../../store/backups.ts';
import type { BoardFacts } from '../board-facts.ts';
import type { JobContext } from '../context.ts';
import { foundIn } from '../found-in.ts';
import type { KnownRun } from '../known.ts';

/** A backup on disk. */
export interface SavedBackup {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
  /** Text that lies beside it. */
  readonly beside?: readonly string[];
}

/**
 * Saves what was read, and beside a backup of the library what is known of it.
 * @throws FlashError `file.*`, `backup.failed`
 */
export async function saveRuns(
  context: JobContext,
  board: BoardFacts,
  known: readonly KnownRun[],
  save: { readonly to: string | undefined; readonly raw: boolean; readonly twice: boolean },
): Promise<SavedBackup> {
  const bytes = fileOf(board, known, save);
  try {
    const { host } = context.services;
    const folder = save.to === undefined ? host.paths.backups : path.resolve(save.to);
    if (save.to !== undefined && !(await isFolder(folder))) return await saveBackupAs(folder, bytes);
    const name = board.virtual ? `virtual-${board.slug}` : board.slug;
    const extension = save.raw ? 'bin' : 'dfu';
    const when = host.now();
    const saved = await saveBackup({ folder, board: name, when, bytes, extension });
    await noteBeside(context, saved, recordOf(context, board, known, saved, when, save.twice));
    return saved;
  } catch (error) {
    if (isFlashError(error)) throw error;
    throw new FlashError('backup.failed', { reason: toFlashError(error).code }, error);
  }
}

/** A backup without its record is still a backup: its loss ends no job. */
async function noteBeside(context: JobContext, saved: SavedBackup, record: BackupRecord): Promise<void> {
  try {
    // The same content in the same second is one backup: what a person noted of it stays.
    if (typeof (await readRecord(saved.path)) !== 'string') return;
    await writeRecord(saved.path, { ...record, order: await nextOrder(path.dirname(saved.path)) });
  } catch (error) {
    const { code } = toFlashError(error);
    context.services.log.write('warn', 'backup', `its record could not be written: ${code}`);
  }
}

function recordOf(
  context: JobContext,
  board: BoardFacts,
  known: readonly KnownRun[],
  saved: SavedBackup,
  when: Date,
  readTwice: boolean,
): BackupRecord {
  const { host } = context.services;
  return {
    format: 1,
    board: board.name.slice(0, 60),
    virtual: board.virtual,
    ...(board.profile === undefined ? {} : { profile: board.profile.id }),
    unit: unitOf(board),
    when: when.toISOString(),
    ranges: board.addressed
      ? known
          .slice(0, mostRanges)
          .map(({ alternate, start, bytes }) => ({ alternate, start, end: start + bytes.length }))
      : [],
    found: firmwareIn(board, known),
    protocol: board.protocol,
    readTwice,
    program: `Rekindle ${host.version}`,
    bytes: saved.bytes,
    sha256: saved.sha256,
    name: '',
    note: '',
  };
}

function unitOf(board: BoardFacts): BackupUnit {
  const { portPath, serial, chip, ownNumber } = board;
  return {
    portPath,
    serial,
    ids: formatIds(board.vendorId, board.productId),
    ...(chip === undefined ? {} : { chip }),
    ...(ownNumber === undefined || ownNumber === serial ? {} : { ownNumber }),
  };
}

const mostRanges = 1_000;

/** Products and versions as they stand in what was read. */
function firmwareIn(board: BoardFacts, known: readonly KnownRun[]): BackupRecord['found'] {
  const parts = known.map(({ start, bytes }) => addressedPart(board.addressed ? start : undefined, bytes));
  return foundIn(findFacts({ format: 'raw', name: '', parts, ids: undefined, facts: [] }));
}

/** A name that asks for Intel HEX. */
export function isHexName(to: string | undefined): boolean {
  return to !== undefined && /\.i?hex$/i.test(to);
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
