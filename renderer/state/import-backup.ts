import type { StudioClient } from '../client/connect.ts';
import { sendFile } from '../client/send-file.ts';

/** Sends a file and has it taken in as a backup of that board. @throws as the contract does */
export async function takeFile(client: StudioClient, file: File, board: string): Promise<void> {
  const { id } = await sendFile(client, file, { asRaw: false });
  try {
    await client.backups.import({ image: id, board, virtual: false });
  } finally {
    await client.images.close({ id }).catch(() => undefined);
  }
}
