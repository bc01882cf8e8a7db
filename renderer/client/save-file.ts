import type { StudioClient } from './connect.ts';
import { gatherHistory, type HistoryWish } from './history-file.ts';

export type BackupFormat = 'saved' | 'dfuse' | 'hex' | 'bin';

const endings: { readonly [format in BackupFormat]: string } = {
  saved: '',
  dfuse: '.dfu',
  hex: '.hex',
  bin: '.bin',
};

/** Hands a backup to the browser's own "save as", in the format that is wanted. @throws as the contract does */
export async function saveBackup(client: StudioClient, id: string, format: BackupFormat): Promise<void> {
  const pieces: Blob[] = [];
  for (let offset = 0; ;) {
    const piece = await client.backups.read({ id, format, offset });
    if (piece.size === 0) break;
    pieces.push(piece);
    offset += piece.size;
  }
  const name = format === 'saved' ? id : `${id.replace(/\.[a-z]+$/, '')}${endings[format]}`;
  saveBlob(name, new Blob(pieces, { type: 'application/octet-stream' }));
}

/** Hands the history to the browser's own "save as". @throws as the contract does */
export async function saveHistory(client: StudioClient, name: string, wish: HistoryWish): Promise<void> {
  saveBlob(`${name}.${wish.format}`, await gatherHistory(client, wish));
}

/** Hands the table of a batch's boards to the browser's own "save as". @throws as the contract does */
export async function saveBatchTable(client: StudioClient, batch: string, name: string): Promise<void> {
  const pieces: Blob[] = [];
  for (let from: number | undefined = 0; from !== undefined;) {
    const { piece, next }: { piece: Blob; next: number | undefined } = await client.jobs.batchTable({
      batch,
      from,
    });
    pieces.push(piece);
    from = next;
  }
  saveBlob(name, new Blob(pieces, { type: 'text/csv' }));
}

/** The same for a text. */
export function saveText(name: string, text: string): void {
  saveBlob(name, new Blob([text], { type: 'text/plain' }));
}

function saveBlob(name: string, blob: Blob): void {
  const address = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // The browser reads it after the click; a minute is ample.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
