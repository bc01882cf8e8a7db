// Known, wanted, fetched, installed: each on a person's word, and never beside a job. On a clock of the test's own.
import { describe, expect, it } from 'vitest';
import { AppUpdates } from '../../main/app-update/app-updates.ts';
import type { BringFile, ReleaseInstaller } from '../../main/app-update/installer.ts';
import type { Releases } from '../../main/app-update/releases.ts';
import { abortedError, type Wait } from '../../main/base/wait.ts';
import { sleep } from '../../main/base/clock.ts';
import { SimulatedClock } from '../../main/bench/simulated-clock.ts';
import type { AppRelease } from '../../shared/app-release.ts';
import type { ReleaseLooks, SelfUpdateObstacle } from '../../shared/app-update.ts';
import { FlashError } from '../../shared/errors/flash-error.ts';
import { releaseLine, releaseStanding } from '../../shared/text/app-update.ts';
import { releaseFile } from '../support/app-release.ts';

const hourMs = 60 * 60_000;
const start = Date.parse('2026-11-21T12:00:00Z');
const release = (version: string): AppRelease => ({
  version,
  publishedAt: '2026-11-20T09:00:00.000Z',
  notes: `What is new in ${version}.`,
  files: [releaseFile(version)],
});

interface Scene {
  looks: ReleaseLooks;
  jobs: number;
  offered: string | undefined;
  /** Of fetching a package, ms. */
  fetchMs: number;
  fails: FlashError | undefined;
  installing: (stillFree: () => void) => Promise<void>;
  readonly done: string[];
}

/** A program of version 1.3.0. */
function open(changes: Partial<Scene> = {}, obstacle?: SelfUpdateObstacle, place = true) {
  const clock = new SimulatedClock();
  const now = (): Date => new Date(start + clock.now());
  const scene: Scene = {
    looks: 'when-asked',
    jobs: 0,
    offered: '1.4.0',
    fetchMs: 60_000,
    fails: undefined,
    installing: () => new Promise(() => undefined),
    done: [],
    ...changes,
  };
  const fetchFor = async (wait: Wait): Promise<void> => {
    await sleep(clock, scene.fetchMs, wait.signal).catch(() => {
      throw abortedError(wait.signal);
    });
  };
  const releases: Releases = {
    page: 'https://github.com/acme/rekindle/releases',
    kept: () => Promise.resolve(undefined),
    look() {
      scene.done.push(`look ${Math.round(clock.now() / hourMs)}`);
      if (scene.offered === undefined)
        return Promise.reject(new FlashError('update.offline', { host: 'github.com', reason: 'ENOTFOUND' }));
      return Promise.resolve({ release: release(scene.offered), at: now().toISOString() });
    },
    async fetch(version, file, _destination, { wait, progress }) {
      scene.done.push(`fetch ${version}`);
      progress(0, file.sizeBytes);
      await fetchFor(wait);
      if (scene.fails !== undefined) throw scene.fails;
      progress(file.sizeBytes, file.sizeBytes);
    },
  };
  const installer: ReleaseInstaller = {
    obstacle,
    async prepare({ files }: AppRelease, bring: BringFile) {
      const [file] = files;
      if (file !== undefined) await bring(file, '/nowhere');
    },
    install(stillFree) {
      scene.done.push('install');
      return scene.installing(stillFree);
    },
  };
  const updates = new AppUpdates({
    clock,
    now,
    log: { write: () => undefined },
    version: '1.3.0',
    releases: place ? releases : undefined,
    installer,
    looks: () => scene.looks,
    jobs: () => scene.jobs,
  });
  const setJobs = (jobs: number): void => {
    scene.jobs = jobs;
    updates.jobsChanged();
  };
  return { clock, scene, updates, setJobs, now: () => updates.snapshots.value };
}

/** Until the clock has nothing more to do at this moment. */
const settle = (clock: SimulatedClock) => sleep(clock, 1);

describe('a newer release of Rekindle', () => {
  it('is looked for by nobody who was not asked', async () => {
    const { clock, scene, updates, now } = open();
    await updates.load();
    await sleep(clock, 72 * hourMs);
    expect(scene.done).toEqual([]);
    expect(now().state).toEqual({ is: 'idle' });
    expect(releaseStanding(now())).toBe('Nobody has looked yet.');
    updates[Symbol.dispose]();
  });

  it('is looked for once a day where that was chosen, and fetched by nobody', async () => {
    const { clock, scene, updates, now } = open({ looks: 'daily' });
    await sleep(clock, 50 * hourMs);
    expect(scene.done).toEqual(['look 0', 'look 24', 'look 48']);
    expect(now().state).toMatchObject({ is: 'known', release: { version: '1.4.0' } });
    expect(releaseLine(now())).toBe('Rekindle 1.4.0 is available.');
    updates[Symbol.dispose]();
  });

  it.each(['1.3.0', '1.2.9'])('is not told of when it is %s, which is not newer', async (offered) => {
    const { updates, now } = open({ offered });
    await updates.look();
    expect(now().state).toEqual({ is: 'idle' });
    expect(releaseStanding(now())).toMatch(/^There was no newer one on 2026-11-21 12:00 UTC\.$/);
    expect(() => updates.get()).toThrow(expect.objectContaining({ code: 'api.unknown' }));
    updates[Symbol.dispose]();
  });

  it('is fetched when it is wanted, and installed when that is wanted', async () => {
    const { clock, scene, updates, now } = open();
    await updates.look();
    await sleep(clock, hourMs);
    expect(scene.done).toEqual(['look 0']);
    updates.get();
    await settle(clock);
    expect(now().state.is).toBe('fetching');
    expect(releaseLine(now())).toMatch(/^Fetching Rekindle 1\.4\.0: 0 B of /);
    await sleep(clock, 2 * 60_000);
    expect(now().state.is).toBe('ready');
    await sleep(clock, hourMs);
    expect(scene.done).toEqual(['look 0', 'fetch 1.4.0']);
    void updates.install();
    expect(scene.done.at(-1)).toBe('install');
    expect(releaseLine(now())).toBe('Rekindle 1.4.0 is installed. Rekindle ends now, and starts again.');
    updates[Symbol.dispose]();
  });

  it('is not fetched beside a job: it waits, stands back for the next, and goes on', async () => {
    const { clock, scene, updates, setJobs, now } = open({ jobs: 2 });
    await updates.look();
    updates.get();
    await sleep(clock, hourMs);
    expect(now().state.is).toBe('asked');
    expect(releaseLine(now())).toBe('Rekindle 1.4.0 is fetched once no job runs: 2 jobs run or wait.');
    expect(scene.done).toEqual(['look 0']);
    setJobs(0);
    await settle(clock);
    expect(now().state.is).toBe('fetching');
    setJobs(1);
    await settle(clock);
    expect(now()).toMatchObject({ state: { is: 'asked' }, problem: undefined });
    await sleep(clock, hourMs);
    expect(scene.done).toEqual(['look 0', 'fetch 1.4.0']);
    setJobs(0);
    await sleep(clock, 2 * 60_000);
    expect(now().state.is).toBe('ready');
    expect(scene.done).toEqual(['look 0', 'fetch 1.4.0', 'fetch 1.4.0']);
    updates[Symbol.dispose]();
  });

  it('is not installed beside a job, and not by itself when that has ended', async () => {
    const { clock, scene, updates, setJobs, now } = open();
    await updates.look();
    updates.get();
    await sleep(clock, 2 * 60_000);
    setJobs(1);
    await expect(updates.install()).rejects.toMatchObject({ code: 'release.busy', params: { jobs: 1 } });
    expect(releaseLine(now())).toContain('It can be installed once no job runs: a job runs or waits.');
    setJobs(0);
    await sleep(clock, hourMs);
    expect(scene.done).not.toContain('install');
    expect(now().state.is).toBe('ready');
    // One that begins while what was fetched is looked at once more.
    scene.installing = async (stillFree) => {
      setJobs(1);
      await settle(clock);
      stillFree();
    };
    await expect(updates.install()).rejects.toMatchObject({ code: 'release.busy' });
    expect(now().state.is).toBe('ready');
    updates[Symbol.dispose]();
  });

  it('says what went wrong, and is as far as it was', async () => {
    const { clock, scene, updates, now } = open({ offered: undefined });
    await updates.look();
    expect(now()).toMatchObject({
      state: { is: 'idle' },
      looking: false,
      problem: { code: 'update.offline' },
    });
    scene.offered = '1.4.0';
    await updates.look();
    expect(now().problem).toBeUndefined();
    scene.fails = new FlashError('update.wrong-digest', { fileName: 'x', expected: 'a', found: 'b' });
    updates.get();
    await sleep(clock, 2 * 60_000);
    expect(now()).toMatchObject({ state: { is: 'known' }, problem: { code: 'update.wrong-digest' } });
    scene.fails = undefined;
    updates.get();
    await sleep(clock, 2 * 60_000);
    const reason = 'EACCES';
    scene.installing = () =>
      Promise.reject(new FlashError('release.not-installed', { version: '1.4.0', reason }));
    await updates.install();
    expect(now()).toMatchObject({ state: { is: 'known' }, problem: { code: 'release.not-installed' } });
    updates[Symbol.dispose]();
  });

  it('can be given up while it is fetched, and wanted again at once', async () => {
    const { clock, scene, updates, now } = open();
    await updates.look();
    updates.get();
    await settle(clock);
    updates.cancel();
    expect(now().state.is).toBe('known');
    updates.get();
    await sleep(clock, 2 * 60_000);
    expect(now().state.is).toBe('ready');
    expect(scene.done).toEqual(['look 0', 'fetch 1.4.0', 'fetch 1.4.0']);
    updates[Symbol.dispose]();
  });

  it('is not spoken of after "Later", until a newer one', async () => {
    const { scene, updates, now } = open();
    await updates.look();
    updates.later();
    await updates.look();
    expect(now()).toMatchObject({ later: true, state: { is: 'known' } });
    scene.offered = '1.5.0';
    await updates.look();
    expect(now().later).toBe(false);
    updates[Symbol.dispose]();
  });

  it('is off on request, and what is under way ends', async () => {
    const { clock, scene, updates, now } = open({ looks: 'daily' });
    await updates.look();
    updates.get();
    await settle(clock);
    scene.looks = 'never';
    updates.looksChanged();
    await sleep(clock, 72 * hourMs);
    expect(now().state).toEqual({ is: 'off', why: 'switched-off' });
    expect(scene.done).toEqual(['look 0', 'fetch 1.4.0']);
    await expect(updates.look()).rejects.toMatchObject({ code: 'release.off' });
    scene.looks = 'when-asked';
    updates.looksChanged();
    expect(now().state.is).toBe('known');
    updates[Symbol.dispose]();
  });

  it('cannot be looked for where no address is built in, and says so', async () => {
    const { updates, now } = open({}, 'server', false);
    await updates.load();
    expect(now().state).toEqual({ is: 'off', why: 'no-address' });
    await expect(updates.look()).rejects.toMatchObject({
      code: 'release.off',
      params: { why: 'no-address' },
    });
    expect(releaseStanding(now())).toContain('No address of releases is built into this Rekindle');
    updates[Symbol.dispose]();
  });

  it('is only told of where this Rekindle does not replace itself', async () => {
    const { scene, updates, now } = open({}, 'package');
    await updates.look();
    expect(releaseLine(now())).toBe(
      'Rekindle 1.4.0 is available. This Rekindle came as a package of your system: install the newer one the same way.',
    );
    expect(() => updates.get()).toThrow(expect.objectContaining({ code: 'release.not-here' }));
    expect(scene.done).toEqual(['look 0']);
    updates[Symbol.dispose]();
  });
});
