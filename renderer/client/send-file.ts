import { limits } from '../../shared/limits.ts';
import type { ImageReport } from '../../shared/image-report.ts';
import type { StudioClient } from './connect.ts';

/** Sends a file to the core piece by piece, and has it understood. @throws as the contract does */
export async function sendFile(
  client: StudioClient,
  file: File,
  how: { readonly asRaw: boolean; readonly entry?: string | undefined },
): Promise<ImageReport> {
  const { id } = await client.images.begin({ name: file.name, bytes: file.size });
  try {
    for (let offset = 0; offset < file.size; offset += limits.chunkBytes) {
      await client.images.append({ id, offset, chunk: file.slice(offset, offset + limits.chunkBytes) });
    }
    return await client.images.inspect({
      id,
      asRaw: how.asRaw,
      ...(how.entry === undefined ? {} : { entry: how.entry }),
    });
  } catch (error) {
    await client.images.close({ id }).catch(() => undefined);
    throw error;
  }
}
