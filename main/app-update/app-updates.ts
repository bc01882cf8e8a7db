// A newer release of Rekindle itself: known, wanted, fetched, installed, each on a person's word, and never beside a job.
import type { AppRelease } from '../../shared/app-release.ts';
import {
  releaseOf,
  type AppUpdateSnapshot,
  type AppUpdateState,
  type ReleaseLooks,
  type ReleaseReport,
} from '../../shared/app-update.ts';
import { FlashError, isFlashError, toFlashError } from '../../shared/errors/flash-error.ts';
import { limits } from '../../shared/limits.ts';
import { compareNumbered } from '../../shared/versions.ts';
import type { Clock } from '../base/clock.ts';
import { Snapshots } from '../base/snapshots.ts';
import { startWait } from '../base/wait.ts';
import type { Log } from '../log/log.ts';
import { lookDaily } from '../updates/daily.ts';
import type { ReleaseInstaller } from './installer.ts';
import type { KnownRelease, Releases } from './releases.ts';

export interface AppUpdateParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly now: () => Date;
  /** Of this program. */
  readonly version: string;
  /** Undefined where no address of releases is built in. */
  readonly releases: Releases | undefined;
  readonly installer: ReleaseInstaller;
  /** What the setting says now. */
  readonly looks: () => ReleaseLooks;
  /** Jobs and batches that have not ended: running, waiting for their turn, or for a board. */
  readonly jobs: () => number;
}

/** One for the whole program. */
export class AppUpdates implements Disposable {
  readonly snapshots: Snapshots<AppUpdateSnapshot>;
  readonly #parts: AppUpdateParts;
  readonly #daily: Disposable | undefined;
  readonly #ending = new AbortController();
  #known: KnownRelease | undefined;
  #fetching: AbortController | undefined;
  #looking: Promise<void> | undefined;
  #laterVersion: string | undefined;

  constructor(parts: AppUpdateParts) {
    const { releases, installer, clock } = parts;
    this.#parts = parts;
    const start: AppUpdateSnapshot = {
      state: { is: 'idle' },
      looking: false,
      lookedAt: undefined,
      problem: undefined,
      page: releases?.page,
      obstacle: installer.obstacle,
      later: false,
      jobs: parts.jobs(),
    };
    this.snapshots = new Snapshots(start, clock, limits.snapshotEveryMs);
    this.#rest();
    if (releases === undefined) return;
    this.#daily = lookDaily({
      clock,
      now: parts.now,
      wanted: () => parts.looks() === 'daily',
      lastLook: () => Promise.resolve(this.#known === undefined ? undefined : new Date(this.#known.at)),
      look: () => this.look().catch(() => undefined),
    });
  }

  /** What earlier looks brought, from the disk; nobody is asked. Never rejects. */
  async load(): Promise<void> {
    const kept = await this.#parts.releases?.kept();
    if (kept !== undefined && this.#known === undefined) this.#known = kept;
    this.#rest();
  }

  /** Asks now. What goes wrong is in the snapshot. @throws FlashError `release.off` */
  async look(): Promise<void> {
    const { releases, clock } = this.#parts;
    const { state } = this.snapshots.value;
    if (state.is === 'off' || releases === undefined)
      throw new FlashError('release.off', { why: state.is === 'off' ? state.why : 'no-address' });
    this.#looking ??= this.#look(releases, clock).finally(() => (this.#looking = undefined));
    await this.#looking;
  }

  /** Fetches it, at once or when no job runs any more. @throws FlashError `api.unknown`, `release.not-here` */
  get(): void {
    const { state, obstacle } = this.snapshots.value;
    if (state.is !== 'known') throw new FlashError('api.unknown', { what: 'release' });
    const { release } = state;
    if (obstacle !== undefined)
      throw new FlashError('release.not-here', { version: release.version, why: obstacle });
    this.#laterVersion = undefined;
    this.#set({ state: { is: 'asked', release }, problem: undefined, later: false });
    this.jobsChanged();
  }

  /** It is not wanted after all: what was fetched of it is left. */
  cancel(): void {
    const { state } = this.snapshots.value;
    if (state.is !== 'asked' && state.is !== 'fetching') return;
    this.#set({ state: { is: 'known', release: state.release } });
    this.#fetching?.abort();
  }

  /** No word about this release until the next start, or a newer one. */
  later(): void {
    this.#laterVersion = releaseOf(this.snapshots.value)?.version;
    this.#set({ later: this.#laterVersion !== undefined });
  }

  /**
   * Ends the program and installs. Comes back only where that failed, which the snapshot says.
   * @throws FlashError `api.unknown` where nothing is ready; `release.busy` while a job runs or waits
   */
  async install(): Promise<void> {
    const { state } = this.snapshots.value;
    if (state.is !== 'ready') throw new FlashError('api.unknown', { what: 'release' });
    const stillFree = (): void => {
      const jobs = this.#parts.jobs();
      if (jobs > 0) throw new FlashError('release.busy', { jobs });
    };
    stillFree();
    const { release } = state;
    this.#set({ state: { is: 'installing', release }, problem: undefined });
    try {
      await this.#parts.installer.install(stillFree);
    } catch (error) {
      const busy = isFlashError(error, 'release.busy');
      // What was fetched may be what is wrong: it is looked at again when it is wanted again.
      this.#set({ state: { is: busy ? 'ready' : 'known', release } });
      if (busy) throw error;
      this.#fail(error);
    }
  }

  /** Jobs began or ended: what is being fetched stands back, or goes on. */
  jobsChanged(): void {
    const jobs = this.#parts.jobs();
    if (jobs !== this.snapshots.value.jobs) this.#set({ jobs });
    const { state } = this.snapshots.value;
    if (state.is === 'fetching' && jobs > 0) {
      this.#set({ state: { is: 'asked', release: state.release } });
      this.#fetching?.abort();
    } else if (state.is === 'asked' && jobs === 0 && this.#fetching === undefined) {
      void this.#fetch(state.release);
    }
  }

  /** The setting is another now. */
  looksChanged(): void {
    this.#rest();
  }

  [Symbol.dispose](): void {
    this.#ending.abort();
    this.#fetching?.abort();
    this.#daily?.[Symbol.dispose]();
  }

  async #look(releases: Releases, clock: Clock): Promise<void> {
    this.#set({ looking: true, problem: undefined });
    try {
      this.#known = await releases.look(startWait(clock, limits.lookMs, this.#ending.signal));
    } catch (error) {
      this.#fail(error);
    } finally {
      this.#set({ looking: false });
      this.#rest();
    }
  }

  async #fetch(report: ReleaseReport): Promise<void> {
    const { releases, installer, clock } = this.#parts;
    const release = this.#known?.release;
    if (releases === undefined || release?.version !== report.version) {
      this.#rest('anew');
      return;
    }
    const abort = new AbortController();
    this.#fetching = abort;
    const wait = startWait(clock, limits.releaseFetchMs, abort.signal);
    const at = (doneBytes: number, totalBytes: number): AppUpdateState => ({
      is: 'fetching',
      release: report,
      doneBytes,
      totalBytes,
    });
    this.#set({ state: at(0, 0) });
    try {
      await installer.prepare(release, (file, destination) =>
        releases.fetch(report.version, file, destination, {
          wait,
          // What comes in after it was given up tells nothing any more.
          progress: (done, total) => {
            if (!abort.signal.aborted) this.#set({ state: at(done, total) }, false);
          },
        }),
      );
      // A job that began at the very end, or a person who thought better of it: it lies ready all the same.
      if (!abort.signal.aborted) this.#set({ state: { is: 'ready', release: report } });
    } catch (error) {
      if (!abort.signal.aborted) {
        this.#set({ state: { is: 'known', release: report } });
        this.#fail(error);
      }
    } finally {
      this.#fetching = undefined;
    }
    // Wanted again while the old one was ending, or its jobs are over by now.
    if (!this.#ending.signal.aborted) this.jobsChanged();
  }

  /** The state that follows from the setting and what is known, unless something is under way. */
  #rest(anew?: 'anew'): void {
    const { releases, looks, version } = this.#parts;
    const { state } = this.snapshots.value;
    if (releases === undefined) {
      this.#set({ state: { is: 'off', why: 'no-address' } });
      return;
    }
    if (looks() === 'never') {
      this.#set({ state: { is: 'off', why: 'switched-off' }, problem: undefined });
      this.#fetching?.abort();
      return;
    }
    const lookedAt = this.#known?.at;
    const newer = newerThan(version, this.#known?.release);
    const later = newer !== undefined && newer.version === this.#laterVersion;
    // What is under way goes on, even if something newer was heard of meanwhile: it is installed, and that told then.
    const underWay = ['asked', 'fetching', 'ready', 'installing'].includes(state.is) && anew === undefined;
    if (underWay) {
      this.#set({ lookedAt });
      return;
    }
    this.#set({
      lookedAt,
      later,
      state: newer === undefined ? { is: 'idle' } : { is: 'known', release: newer },
    });
  }

  #fail(error: unknown): void {
    if (isFlashError(error, 'job.aborted')) return;
    const { code, params } = toFlashError(error);
    this.#parts.log.write('warn', 'releases', `${code} ${JSON.stringify(params)}: ${String(error)}`);
    this.#set({ problem: { code, params } });
  }

  #set(change: Partial<AppUpdateSnapshot>, urgent = true): void {
    this.snapshots.set({ ...this.snapshots.value, ...change }, urgent);
  }
}

/** What is told of a release; undefined where it is not newer than this program, for which there is no way back. */
export function newerThan(version: string, release: AppRelease | undefined): ReleaseReport | undefined {
  if (release === undefined || (compareNumbered(release.version, version) ?? 0) <= 0) return undefined;
  const { notes, publishedAt } = release;
  return { version: release.version, notes, publishedAt };
}
