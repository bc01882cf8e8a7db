// What to ask for to go on with a batch whose program ended: the same file, the same options, for the boards that are left.
import type { KeptRecipe, OpenBatch } from '../../../shared/batch.ts';
import type { FirmwareImage } from '../../images/image.ts';
import type { Journal } from '../journal.ts';
import type { FlashRequest } from '../request.ts';
import { openBatches, recipeOfOpenBatch } from './read-open-batches.ts';
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
