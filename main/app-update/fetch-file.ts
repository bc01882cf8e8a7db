// A package of a release: straight to the disk, and there only if it is what the signed list says.
import { createHash } from 'node:crypto';
import { open, rm, type FileHandle } from 'node:fs/promises';
import type { AppReleaseFile } from '../../shared/app-release.ts';
import { FlashError } from '../../shared/errors/flash-error.ts';
import { limits } from '../../shared/limits.ts';
import type { Wait } from '../base/wait.ts';
import { writeError } from '../store/atomic-file.ts';
import type { UpdateServices } from '../updates/updates.ts';
import { askWeb, hostOf } from '../updates/web.ts';

export type ReleaseProgress = (doneBytes: number, totalBytes: number) => void;

/** @throws FlashError `update.*`, `file.*`, `job.aborted`; nothing is left at the destination then */
export async function fetchReleaseFile(
  services: UpdateServices,
  address: string,
  file: AppReleaseFile,
  destination: string,
  options: { readonly wait: Wait; readonly progress: ReleaseProgress },
): Promise<void> {
  try {
    await using handle = await open(destination, 'w', 0o600);
    await fill(handle, services, { address, destination, file }, options);
    await handle.sync();
  } catch (error) {
    await rm(destination, { force: true }).catch(() => undefined);
    throw writeError(error, destination);
  }
}

async function fill(
  handle: FileHandle,
  services: UpdateServices,
  { address, destination, file }: { address: string; destination: string; file: AppReleaseFile },
  { wait, progress }: { readonly wait: Wait; readonly progress: ReleaseProgress },
): Promise<void> {
  const { name: fileName, sizeBytes, sha512 } = file;
  const hash = createHash('sha512');
  let received = 0;
  const answer = await askWeb(services, {
    address,
    ownHost: undefined,
    limitBytes: sizeBytes,
    limitMs: limits.releaseFetchMs,
    wait,
    async take(part) {
      hash.update(part);
      received += part.length;
      progress(received, sizeBytes);
      await handle.writeFile(part).catch((error: unknown) => {
        throw writeError(error, destination);
      });
    },
  });
  if (answer.status !== 200)
    throw new FlashError('update.status', { host: hostOf(address), status: answer.status });
  if (received !== sizeBytes)
    throw new FlashError('update.wrong-size', { fileName, expected: sizeBytes, found: received });
  const found = hash.digest('base64');
  if (found !== sha512) throw new FlashError('update.wrong-digest', { fileName, expected: sha512, found });
}
