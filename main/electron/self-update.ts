// Puts a newer Rekindle in the place of this one: whether that can be, what is ready, and in which order things end and begin.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { AppRelease, AppReleaseFile } from '../../shared/app-release.ts';
import { FlashError } from '../../shared/errors/flash-error.ts';
import type { ReleaseInstaller } from '../app-update/installer.ts';
import type { Clock } from '../base/clock.ts';
import type { Log } from '../log/log.ts';
import { obstacleTo, type ProgramPlace, type UpdatedProgram } from './program-place.ts';
import type { Updater } from './updater.ts';

export function openInstaller(
  place: ProgramPlace,
  program: UpdatedProgram,
  { clock, log }: { readonly clock: Clock; readonly log: Log },
): ReleaseInstaller {
  let ready: { readonly release: AppRelease; readonly file: AppReleaseFile; readonly at: string } | undefined;
  let made: Updater | undefined;
  // Loaded and made when it is first needed: a window opens without it, and its constructors reach for Electron on macOS.
  const updater = async () => {
    const { openUpdater } = await import('./updater.ts');
    return (made ??= openUpdater(place, program, { clock, log }));
  };
  return {
    obstacle: obstacleTo(place),
    async prepare(release, bring) {
      const { version } = release;
      const file = fileFor(place, release);
      if (file === undefined) throw new FlashError('release.not-here', { version, why: 'no-file' });
      ready = undefined;
      const at = await (await updater()).download({ version, file, bring });
      ready = { release, file, at };
    },
    async install(stillFree) {
      if (ready === undefined)
        throw new FlashError('release.not-installed', { version: '', reason: 'nothing is ready' });
      const { release, file, at } = ready;
      const notInstalled = (reason: string): FlashError =>
        new FlashError('release.not-installed', { version: release.version, reason });
      // It may have lain there for days.
      if ((await sha512Of(at)) !== file.sha512) {
        ready = undefined;
        // It remembers a file that was good once; a new one looks again.
        made = undefined;
        throw notInstalled('what was fetched is no longer there as it was');
      }
      const one = await updater();
      stillFree();
      if (one.endsByItself !== undefined) {
        await one.endsByItself(notInstalled);
        return;
      }
      await program.leave(() => {
        program.releaseSingleInstanceLock();
        try {
          if (one.replace()) return;
        } catch (error) {
          log.write('error', 'releases', String(error));
        }
        log.write('error', 'releases', `${release.version} was not installed; the old one starts again`);
        program.relaunch();
      });
    },
  };
}

function fileFor({ platform, arch }: ProgramPlace, { files }: AppRelease): AppReleaseFile | undefined {
  return files.find((file) => file.platform === platform && file.arch === arch);
}

/** In base64; undefined for a file that cannot be read. */
async function sha512Of(file: string): Promise<string | undefined> {
  const hash = createHash('sha512');
  try {
    await pipeline(createReadStream(file), hash);
  } catch {
    return undefined;
  }
  return hash.digest('base64');
}
