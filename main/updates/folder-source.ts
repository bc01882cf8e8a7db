// Firmware that lies in a folder: of this computer, or one that another shares.
import type { Stats } from 'node:fs';
import { lstat, opendir, stat } from 'node:fs/promises';
import path from 'node:path';
import { FlashError, isFlashError } from '../../shared/errors/flash-error.ts';
import type { FirmwareOffer } from '../../shared/firmware.ts';
import type { FolderSource } from '../../shared/firmware-source.ts';
import { limits } from '../../shared/limits.ts';
import type { Clock } from '../base/clock.ts';
import { checkWait, type Wait } from '../base/wait.ts';
import { readFileBounded } from '../store/atomic-file.ts';
import { atFolder } from './at-folder.ts';
import { fitPattern } from './name-pattern.ts';
import { makeOffer, usable, type Found, type KnownSource } from './offers.ts';
import type { UpdateServices } from './updates.ts';

/** A source that is a folder, of a profile or the person's own. */
export type KnownFolder = KnownSource & { readonly source: FolderSource };

/**
 * Newest version of a file first, by the time it was changed. The version is what the pattern says of the name.
 * @throws FlashError `update.folder`, `job.aborted`
 */
export async function lookIntoFolder(
  { clock }: Pick<UpdateServices, 'clock'>,
  known: KnownFolder,
  wait: Wait,
): Promise<Found> {
  const { folder } = known.source;
  try {
    return await atFolder(folder, wait, clock, () => listFolder(known, wait, clock));
  } catch (error) {
    throw folderError(error, folder);
  }
}

/** Whether it is there now; one that does not answer in time is not. Never rejects. */
export async function isFolderThere(clock: Clock, folder: string, wait: Wait): Promise<boolean> {
  try {
    return await atFolder(folder, wait, clock, async () => (await stat(folder)).isDirectory());
  } catch {
    return false;
  }
}

/**
 * A file of a folder, whole, as it was when it was looked at: nothing else that has taken its name since, and no link.
 * @throws FlashError `update.folder` where it does not come in time, `file.*`, `job.aborted`
 */
export async function readFromFolder(
  { clock }: Pick<UpdateServices, 'clock'>,
  { address: file, publishedAt }: Pick<FirmwareOffer, 'address' | 'publishedAt'>,
  wait: Wait,
): Promise<Uint8Array<ArrayBuffer>> {
  const folder = path.dirname(file);
  const refuseAnother = async (): Promise<void> => {
    const entry = await statOf(file);
    if (entry === undefined) throw new FlashError('file.not-found', { path: file });
    if (!entry.isFile() || entry.mtime.toISOString() !== publishedAt)
      throw new FlashError('file.unreadable', { path: file, reason: 'CHANGED' });
  };
  const read = async (): Promise<Uint8Array> => {
    await refuseAnother();
    const bytes = await readFileBounded(file, limits.containerBytes);
    await refuseAnother();
    return bytes;
  };
  try {
    return new Uint8Array(await atFolder(folder, wait, clock, read));
  } catch (error) {
    throw folderError(error, folder);
  }
}

async function listFolder(known: KnownFolder, wait: Wait, clock: Clock): Promise<Found> {
  const { folder, assets } = known.source;
  const made: { readonly at: number; readonly offer: FirmwareOffer | undefined }[] = [];
  let looked = 0;
  for await (const { name } of await opendir(folder)) {
    checkWait(wait, clock);
    if (++looked > limits.firmwareFolderEntries) break;
    for (const asset of assets) {
      const version = fitPattern(asset.name, name)?.version;
      if (version === undefined) continue;
      const file = path.join(folder, name);
      const entry = await statOf(file);
      if (entry?.isFile() !== true) continue;
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
  const sorted = made.toSorted((a, b) => b.at - a.at).map((one) => one.offer);
  return { ...usable(sorted), signature: 'not-signable' };
}

/** A file that went away while its folder was listed costs the others nothing. */
async function statOf(file: string): Promise<Stats | undefined> {
  try {
    return await lstat(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** A share that never answers is told as any folder that cannot be used. */
function folderError(error: unknown, folder: string): FlashError {
  if (isFlashError(error, 'job.timeout'))
    return new FlashError('update.folder', { folder, reason: 'ETIMEDOUT' }, error);
  if (isFlashError(error)) return error;
  const reason = (error as NodeJS.ErrnoException).code ?? 'unknown';
  return new FlashError('update.folder', { folder, reason }, error);
}
