// Batches that were under way when their programs ended: told, opened again for a person to go on with, or put away.
import type { KeptRecipe, OpenBatch } from '../../../shared/batch.ts';
import { FlashError, isFlashError } from '../../../shared/errors/flash-error.ts';
import * as v from 'valibot';
import { decodeImage } from '../../images/held-image.ts';
import type { FirmwareImage } from '../../images/image.ts';
import type { OpenBatchRow } from '../../store/batch-calls.ts';
import { isHeld, readHeldImage } from '../../store/held-images.ts';
import type { Journal } from '../journal.ts';
import { openBatchOf } from './open-batches.ts';

const flag = v.fallback(v.optional(v.boolean()), undefined);

/** People may edit the file: what does not fit is left out, never guessed. */
const keptSchema = v.object({
  address: v.fallback(
    v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(0xffff_ffff))),
    undefined,
  ),
  fromStart: flag,
  backup: flag,
  insistOnBackup: flag,
  verify: flag,
  leave: flag,
  full: flag,
  keepRest: flag,
  asRaw: flag,
});

/** Newest first; those of virtual boards alone went with their boards. @throws FlashError `store.*` */
export async function openBatches(journal: Journal): Promise<OpenBatch[]> {
  const open: OpenBatch[] = [];
  for (const row of await leftRows(journal)) {
    const batch = openBatchOf(row, await areHeld(journal, row));
    const gone = batch.boards.length > 0 && batch.boards.every(({ virtual }) => virtual);
    if (gone) await close(journal, row.id, 'gone');
    else open.push(batch);
  }
  return open;
}

/** What it was begun with: nothing is started. @throws FlashError `resume.unknown`, `resume.no-image`, `store.*` */
export async function recipeOfOpenBatch(
  journal: Journal,
  id: string,
): Promise<{ readonly images: readonly FirmwareImage[]; readonly options: KeptRecipe }> {
  const row = (await leftRows(journal)).find((one) => one.id === id);
  if (row === undefined) throw new FlashError('resume.unknown', { id });
  const images: FirmwareImage[] = [];
  for (const { name, held } of row.images) {
    try {
      images.push(decodeImage(await readHeldImage(journal.imagesFolder, held), name));
    } catch (error) {
      if (!isFlashError(error)) throw error;
      throw new FlashError('resume.no-image', { name }, error);
    }
  }
  return { images, options: v.parse(keptSchema, row.recipe) };
}

/** Nothing will be done about it any more; its boards' open jobs stay. @throws FlashError `resume.unknown`, `store.*` */
export async function putAwayBatch(journal: Journal, id: string): Promise<void> {
  if (!(await leftRows(journal)).some((one) => one.id === id)) throw new FlashError('resume.unknown', { id });
  await close(journal, id, 'discarded');
}

async function leftRows(journal: Journal): Promise<OpenBatchRow[]> {
  return (await journal.store.ask('openBatches')).filter(({ run }) => !journal.isAlive(run));
}

async function areHeld(journal: Journal, { images }: OpenBatchRow): Promise<boolean> {
  for (const { held } of images) if (!(await isHeld(journal.imagesFolder, held))) return false;
  return images.length > 0;
}

async function close(journal: Journal, id: string, why: 'gone' | 'discarded'): Promise<void> {
  await journal.store.ask('closeBatch', id, why, journal.host.now().toISOString());
  await journal.sweep();
}
