// What a shell can do to put a newer Rekindle in the place of this one; the desktop program's is main/electron/self-update.ts.
import type { AppRelease, AppReleaseFile } from '../../shared/app-release.ts';
import type { SelfUpdateObstacle } from '../../shared/app-update.ts';

/** Brings a file of the release to a path, checked, or throws; see `Releases.fetch`. */
export type BringFile = (file: AppReleaseFile, destination: string) => Promise<void>;

export interface ReleaseInstaller {
  /** Why it cannot; undefined where it can. */
  readonly obstacle: SelfUpdateObstacle | undefined;
  /**
   * Has the release ready to be installed, checked as its system checks. Nothing is installed by it, not at the end of the program either.
   * @throws FlashError `release.*`, and whatever `bring` throws
   */
  prepare(release: AppRelease, bring: BringFile): Promise<void>;
  /**
   * Ends this program, installs what is ready, and starts the new one. Where it comes back, nothing was installed.
   * @param stillFree throws where a job has begun meanwhile; asked last, when nothing stands in the way
   * @throws FlashError `release.not-installed`, what `stillFree` throws
   */
  install(stillFree: () => void): Promise<void>;
}

/** Of shells that only tell. */
export function tellOnly(obstacle: SelfUpdateObstacle): ReleaseInstaller {
  const refuse = (): Promise<never> => Promise.reject(new Error('there is no installer'));
  return { obstacle, prepare: refuse, install: refuse };
}
