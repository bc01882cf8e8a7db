import { FlashError } from '../../shared/errors/flash-error.ts';
import { limits } from '../../shared/limits.ts';
import { backupPath, listBackups, readBackup } from '../store/backup-list.ts';
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
    context.images.add(input.id, await readBackup(folderOf(context), input.id)),
  ),
  read: studio.backups.read.handler(async ({ context, input }) => {
    const bytes = await readBackup(folderOf(context), input.id);
    return new Blob([new Uint8Array(bytes.subarray(input.offset, input.offset + limits.chunkBytes))]);
  }),
  show: studio.backups.show.handler(async ({ context, input }) => {
    const { showFile } = context.parts.actions;
    if (showFile === undefined) throw new FlashError('api.unknown', { what: 'file manager' });
    await showFile(backupPath(folderOf(context), input.id));
  }),
};
