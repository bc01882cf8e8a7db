// Going on with a batch whose program ended: the same file, the same options, for the boards that are left.
import type { KeptRecipe, OpenBatch } from '../../../shared/batch.ts';
import type { BoardReport } from '../../../shared/board.ts';
import { toFlashError } from '../../../shared/errors/flash-error.ts';
import type { FirmwareImage } from '../../images/image.ts';
import type { Journal } from '../journal.ts';
import type { FlashRequest } from '../request.ts';
import { openBatches, putAwayBatch, recipeOfOpenBatch } from './read-open-batches.ts';
import type { Services } from '../services.ts';
import type { Batch } from './batch.ts';
import type { BatchRequest } from './run-batch.ts';

/** By its id, or as much of its beginning as fits one only; undefined where none fits, or several do. @throws FlashError `store.*` */
export async function findOpenBatch(journal: Journal, id: string): Promise<OpenBatch | undefined> {
  const found = (await openBatches(journal)).filter((batch) => id !== '' && batch.id.startsWith(id));
  return found.length === 1 ? found[0] : undefined;
}

/** Nothing is started. @throws FlashError `resume.unknown`, `resume.no-image`, `store.*` */
export async function requestToGoOn(
  journal: Journal,
  batch: OpenBatch,
): Promise<BatchRequest & { readonly goesOn: OpenBatch }> {
  const { images, options } = await recipeOfOpenBatch(journal, batch.id);
  const done = batch.boards.filter(({ state }) => state === 'done').length;
  return {
    flash: flashOf(images, options),
    backup: options.backup === false ? false : undefined,
    profile: batch.profile,
    way: undefined,
    count: Math.max(1, batch.wanted - done),
    runningAtOnce: undefined,
    goesOn: batch,
  };
}

/** Whether the board here had its turn then. In its program it may show another serial number, or none. */
export function wasDone(
  { boards }: OpenBatch,
  { portPath, serial, mode, virtual }: Pick<BoardReport, 'portPath' | 'serial' | 'mode' | 'virtual'>,
): boolean {
  return boards.some(
    (one) =>
      one.state === 'done' &&
      one.portPath === portPath &&
      one.virtual === virtual &&
      (mode !== 'dfu' || one.serial === serial),
  );
}

/**
 * The new one does what is left of the one before: boards that were done then and still stand there are not meant, and the
 * one before is over. Where that cannot be recorded it is offered once more, and that is all.
 */
export async function takeOver(
  batch: Batch,
  before: OpenBatch,
  present: readonly BoardReport[],
  { journal, log }: Pick<Services, 'journal' | 'log'>,
): Promise<void> {
  batch.passOver(present.filter((board) => wasDone(before, board)).map(({ portPath }) => portPath));
  try {
    await putAwayBatch(journal, before.id);
  } catch (error) {
    const { code, params } = toFlashError(error);
    log.write('warn', 'queue', `the batch before is not closed: ${code} ${JSON.stringify(params)}`);
  }
}

/** What was not kept is as it usually is: nothing that was allowed then is allowed now. */
function flashOf(images: readonly FirmwareImage[], options: KeptRecipe): FlashRequest {
  const {
    backup = true,
    verify = true,
    leave = true,
    full = false,
    keepRest = false,
    asRaw = false,
  } = options;
  const { address, fromStart, insistOnBackup } = options;
  return {
    kind: 'flash',
    images,
    selection: { waitMs: 0 },
    dryRun: false,
    address,
    fromStart,
    backup,
    ...(insistOnBackup === undefined ? {} : { insistOnBackup }),
    verify,
    leave,
    full,
    keepRest,
    asRaw,
    reset: false,
    allow: new Set(),
  };
}
