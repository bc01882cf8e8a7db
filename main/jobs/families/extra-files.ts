// Text that belongs beside a backup. The backup has all of it as bytes: a file that cannot be written fails nothing.
import { writeFileAtomically } from '../../store/atomic-file.ts';
import { toFlashError } from '../../../shared/errors/flash-error.ts';
import type { ExtraBackup } from '../../families/family.ts';
import type { JobContext } from '../context.ts';
import type { SavedBackup } from '../steps/save-backup.ts';

/** Saves each as `<backup>.<kind>.txt`; the backup with what lies beside it. */
export async function saveBeside(
  context: JobContext,
  saved: SavedBackup,
  extra: ExtraBackup | undefined,
): Promise<SavedBackup> {
  const beside: string[] = [];
  for (const { kind, text } of extra?.files ?? []) {
    const place = `${saved.path.replace(/\.[^./\\]+$/, '')}.${kind}.txt`;
    try {
      await writeFileAtomically(place, new TextEncoder().encode(text), { exclusive: false });
      beside.push(place);
    } catch (error) {
      context.services.log.write('warn', 'families', `${place}: ${toFlashError(error).message}`);
    }
  }
  return beside.length === 0 ? saved : { ...saved, beside };
}
