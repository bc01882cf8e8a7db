// electron-updater, driven: it is given the release that was checked already and never looks or fetches by itself. Its feed is
// what we hand it, its downloads are ours (main/app-update/fetch-file.ts). Loaded when it is first needed.
import { AppImageUpdater, MacUpdater, NsisUpdater } from 'electron-updater';
import type { ProviderRuntimeOptions } from 'electron-updater/out/providers/Provider.js';
import type { AppReleaseFile } from '../../shared/app-release.ts';
import { FlashError, isFlashError } from '../../shared/errors/flash-error.ts';
import type { BringFile } from '../app-update/installer.ts';
import type { Clock } from '../base/clock.ts';
import type { Log } from '../log/log.ts';
import { holdProgram } from './hold-program.ts';
import { configOf, type ProgramPlace, type UpdatedProgram } from './program-place.ts';
import { OneReleaseProvider, OurDownloads, type Feed } from './updater-feed.ts';

/** Squirrel checks the signature and unpacks before it answers, ms. */
const macInstallMs = 10 * 60_000;

/** What a program is replaced by. */
export interface Updater {
  /** @returns where it lies now. @throws FlashError of `bring`, `release.not-here`, `release.not-installed` */
  download(what: { version: string; file: AppReleaseFile; bring: BringFile }): Promise<string>;
  /** Puts it in the old one's place and starts it; whether that went well. @throws the system's error */
  replace(): boolean;
  /** On macOS, in place of that: ends the program too, or rejects. */
  readonly endsByItself: ((notInstalled: (reason: string) => FlashError) => Promise<void>) | undefined;
}

/** The updater of this system; nothing is asked by opening it. */
export function openUpdater(
  place: ProgramPlace,
  program: UpdatedProgram,
  { clock, log }: { readonly clock: Clock; readonly log: Log },
): Updater {
  const feed: Feed = { current: undefined };
  const updater = makeUpdater(place, program, feed, log);
  return {
    download: (what) => download(updater, feed, what),
    replace: () => !(updater instanceof MacUpdater) && replace(updater, place),
    endsByItself:
      updater instanceof MacUpdater
        ? (notInstalled) => installOnMac(updater, clock, notInstalled)
        : undefined,
  };
}

function makeUpdater(place: ProgramPlace, program: UpdatedProgram, feed: Feed, log: Log) {
  const Kind = { linux: AppImageUpdater, darwin: MacUpdater, win32: NsisUpdater }[place.platform];
  const updater = new Kind(undefined, {
    version: program.version,
    name: program.name,
    isPackaged: place.isPackaged,
    // On Windows its publisherName is whom the installer must be signed by.
    appUpdateConfigPath: configOf(place),
    userDataPath: program.userDataPath,
    baseCachePath: program.cacheFolder,
    whenReady: () => Promise.resolve(),
    relaunch: () => program.relaunch(),
    quit: () => program.quit(),
    onQuit: () => undefined,
  });
  updater.autoDownload = false;
  updater.autoInstallOnAppQuit = false;
  updater.allowDowngrade = false;
  updater.allowPrerelease = false;
  updater.disableWebInstaller = true;
  updater.disableDifferentialDownload = true;
  const write = (level: 'debug' | 'warn', message: unknown): void =>
    log.write(level, 'updater', String(message));
  updater.logger = {
    debug: (message) => write('debug', message),
    info: (message: unknown) => write('debug', message),
    warn: (message: unknown) => write('warn', message),
    error: (message: unknown) => write('warn', message),
  };
  Object.assign(updater, {
    httpExecutor: new OurDownloads(feed),
    // Otherwise it gives this computer a number, and keeps it.
    stagingUserIdPromise: { value: Promise.resolve('') },
  });
  updater.setFeedURL({
    provider: 'custom',
    updateProvider: class extends OneReleaseProvider {
      constructor(_options: unknown, _updater: unknown, runtime: ProviderRuntimeOptions) {
        super(feed, runtime);
      }
    },
  });
  return updater;
}

type MadeUpdater = ReturnType<typeof makeUpdater>;

async function download(
  updater: MadeUpdater,
  feed: Feed,
  { version, file, bring }: { version: string; file: AppReleaseFile; bring: BringFile },
): Promise<string> {
  feed.current = { version, file, bring };
  try {
    const found = await updater.checkForUpdates();
    // It has an opinion of its own on what is newer, and on whether it may be installed here.
    if (found?.isUpdateAvailable !== true)
      throw new FlashError('release.not-here', { version, why: 'no-file' });
    const [at] = await updater.downloadUpdate();
    if (at === undefined) throw new Error('nothing was fetched');
    return at;
  } catch (error) {
    if (isFlashError(error)) throw error;
    throw new FlashError('release.not-installed', { version, reason: reasonOf(error) }, error);
  } finally {
    feed.current = undefined;
  }
}

/** What it says of itself, without where on the disk. */
function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return (code ?? message).slice(0, 120);
}

/** Whether the new one stands in the old one's place, and starts. */
function replace(updater: AppImageUpdater | NsisUpdater, { appImage }: ProgramPlace): boolean {
  if (appImage === undefined) return updater.install(false, true);
  // The AppImage's updater takes the old one away before it puts the new one there.
  const held = holdProgram(appImage);
  let done = false;
  try {
    done = updater.install(false, true);
  } finally {
    if (done) held.drop();
    else held.restore();
  }
  return done;
}

/** Squirrel ends the program itself, through the same doors as a person would; what it says no to comes as an event. */
function installOnMac(
  updater: MacUpdater,
  clock: Clock,
  notInstalled: (reason: string) => FlashError,
): Promise<void> {
  return new Promise((_resolve, reject) => {
    const cancel = clock.after(macInstallMs, () => reject(notInstalled('macOS did not answer')));
    updater.once('error', (error: unknown) => {
      cancel();
      reject(notInstalled(reasonOf(error)));
    });
    updater.quitAndInstall();
  });
}
