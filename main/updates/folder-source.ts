// Firmware that lies in a folder: of this computer, or one that another shares.
import { lstat, opendir } from 'node:fs/promises';
import path from 'node:path';
import { FlashError } from '../../shared/errors/flash-error.ts';
import type { FirmwareOffer } from '../../shared/firmware.ts';
import type { FolderSource } from '../../shared/firmware-source.ts';
import { limits } from '../../shared/limits.ts';
import { checkWait, type Wait } from '../base/wait.ts';
import { fitPattern } from './name-pattern.ts';
import { makeOffer, usable, type Found, type KnownSource } from './offers.ts';
import type { UpdateServices } from './updates.ts';

/**
 * Newest version of a file first, by the time it was changed. The version is what the pattern says of the name.
 * @throws FlashError `update.folder`, `job.aborted`
 */
export async function lookIntoFolder(
  { clock }: UpdateServices,
  known: KnownSource & { readonly source: FolderSource },
  wait: Wait,
): Promise<Found> {
  const { folder } = known.source;
  const made: { readonly at: number; readonly offer: FirmwareOffer | undefined }[] = [];
  let looked = 0;
  try {
    for await (const { name } of await opendir(folder)) {
      checkWait(wait, clock);
      if (++looked > limits.firmwareFolderEntries) break;
      for (const asset of known.source.assets) {
        const version = fitPattern(asset.name, name)?.version;
        if (version === undefined) continue;
        const file = path.join(folder, name);
        const entry = await lstat(file);
        if (!entry.isFile()) continue;
        made.push({
          at: entry.mtimeMs,
          offer: makeOffer(known, {
            variant: asset.variant,
            version,
            channel: 'stable',
            fileName: name,
            address: file,
            sizeBytes: entry.size,
            sha256: undefined,
            notes: undefined,
            publishedAt: entry.mtime.toISOString(),
            smallestBootloader: undefined,
          }),
        });
      }
    }
  } catch (error) {
    if (error instanceof FlashError) throw error;
    const reason = (error as NodeJS.ErrnoException).code ?? 'unknown';
    throw new FlashError('update.folder', { folder, reason }, error);
  }
  const sorted = made.toSorted((a, b) => b.at - a.at).map((one) => one.offer);
  return { ...usable(sorted), signature: 'not-signable' };
}
