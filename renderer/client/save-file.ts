import type { StudioClient } from './connect.ts';

/** Hands a backup to the browser's own "save as". @throws as the contract does */
export async function saveBackup(client: StudioClient, id: string, bytes: number): Promise<void> {
  const pieces: Blob[] = [];
  for (let offset = 0; offset < bytes;) {
    const piece = await client.backups.read({ id, offset });
    if (piece.size === 0) break;
    pieces.push(piece);
    offset += piece.size;
  }
  const address = URL.createObjectURL(new Blob(pieces, { type: 'application/octet-stream' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = id;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
