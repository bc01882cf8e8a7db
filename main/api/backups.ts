import { FlashError } from '../../shared/errors/flash-error.ts';
import { limits } from '../../shared/limits.ts';
import { importForeign } from '../jobs/import-backup.ts';
import { prunable, prune } from '../jobs/prune.ts';
import { changeRecord, checkContent, readIntactBackup, removeBackup } from '../store/backup-library.ts';
import { backupPath, listBackups } from '../store/backup-list.ts';
import type { PageContext } from './context.ts';
import { studio } from './implement.ts';

function folderOf({ parts }: PageContext): string {
  return parts.services.host.paths.backups;
}

export const backups = {
  list: studio.backups.list.handler(async ({ context }) => {
    const folder = folderOf(context);
    return { folder, backups: await listBackups(folder) };
  }),
  open: studio.backups.open.handler(async ({ context, input }) =>
    context.images.add(input.id, await readIntactBackup(folderOf(context), input.id)),
  ),
  read: studio.backups.read.handler(async ({ context, input }) => {
    const bytes = await context.backupFiles.bytes(input.id, input.format);
    return new Blob([new Uint8Array(bytes.subarray(input.offset, input.offset + limits.chunkBytes))]);
  }),
  change: studio.backups.change.handler(({ context, input: { id, ...change } }) =>
    changeRecord(folderOf(context), id, change),
  ),
  check: studio.backups.check.handler(async ({ context, input }) => ({
    content: await checkContent(folderOf(context), input.id),
  })),
  import: studio.backups.import.handler(async ({ context, input: { image, board, virtual } }) => {
    const file = context.images.file(image);
    return { id: await importForeign(context.parts.services.host, file, { board, virtual }) };
  }),
  prunable: studio.backups.prunable.handler(async ({ context, input }) => ({
    backups: await prunable(context.parts.services.journal, input.policy),
  })),
  prune: studio.backups.prune.handler(async ({ context, input: { policy, shown } }) => {
    const gone = await prune(context.parts.services.journal, policy, new Set(shown));
    return { removed: gone.map(({ id }) => id) };
  }),
  remove: studio.backups.remove.handler(({ context, input }) => removeBackup(folderOf(context), input.id)),
  show: studio.backups.show.handler(async ({ context, input }) => {
    const { showFile } = context.parts.actions;
    if (showFile === undefined) throw new FlashError('api.unknown', { what: 'file manager' });
    await showFile(backupPath(folderOf(context), input.id));
  }),
};
