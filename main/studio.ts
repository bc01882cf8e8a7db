// The core as a page sees it: boards watched, jobs kept, pages served. The same in window and browser.
import type { AppReport, Licence } from '../shared/contract/app.ts';
import { limits } from '../shared/limits.ts';
import { releaseOf } from '../shared/app-update.ts';
import { policyOf } from '../shared/prune-policy.ts';
import { stepTexts, untouchedText } from '../shared/text/plan.ts';
import type { ShellActions, StudioParts, VirtualBoards } from './api/context.ts';
import type { Channel } from './api/channel.ts';
import { AppUpdates } from './app-update/app-updates.ts';
import type { ReleaseInstaller } from './app-update/installer.ts';
import type { Releases } from './app-update/releases.ts';
import { portChannel, type ServedPort } from './api/port-channel.ts';
import { servePage } from './api/serve-page.ts';
import type { Clock } from './base/clock.ts';
import { Snapshots } from './base/snapshots.ts';
import { Tracker } from './devices/tracker.ts';
import { loadProfiles } from './devices/user-profiles.ts';
import type { Host } from './host.ts';
import { Batches } from './jobs/batch/batches.ts';
import { BoardWatch } from './jobs/board-watch.ts';
import { Journal } from './jobs/journal.ts';
import { prune } from './jobs/prune.ts';
import { RunningJobs } from './jobs/running-jobs.ts';
import type { Services } from './jobs/services.ts';
import { keepOffersTrue } from './offers/keep-true.ts';
import { lookByItself } from './offers/look-by-itself.ts';
import { OfferBook } from './offers/offer-book.ts';
import type { FirmwareSources } from './offers/sources.ts';
import { openImage } from './workers/read-image.ts';
import { openStore } from './workers/store.ts';
import { KeptSettings } from './store/kept-settings.ts';
import { openDelays } from './store/learned-delays.ts';
import { loadSettings } from './store/settings.ts';
import type { LogBook } from './log/log-book.ts';
import type { Rights } from './rights/rights.ts';
import type { SerialPorts } from './transports/serial/serial-line.ts';
import type { UsbBus } from './transports/usb/usb-device.ts';

export type { Channel, Frame } from './api/channel.ts';
export type { ServedPort } from './api/port-channel.ts';

export interface StudioOptions {
  /** Real ports and the virtual boards' own. */
  readonly buses: readonly UsbBus[];
  readonly serial: readonly SerialPorts[];
  readonly virtualBoards: VirtualBoards;
  readonly rights: Rights;
  /** Where firmware is looked for, once somebody wants to. */
  readonly sources: FirmwareSources;
  /** Of Rekindle itself; undefined where no address of them is built in. */
  readonly releases: Releases | undefined;
  readonly installer: ReleaseInstaller;
  readonly logs: LogBook;
  readonly actions: ShellActions;
  readonly versions: AppReport['versions'];
  readonly licences: () => Promise<readonly Licence[]>;
}

/** A job that runs, and what would become of its board if the program ended now. */
export interface BusyBoard {
  readonly boardName: string;
  readonly ifQuitNow: string;
}

/** The core behind the typed API, as a shell holds it. */
export interface Studio {
  /** Serves one page; what it returns lets the page go. */
  serve(channel: Channel): Disposable;
  /** The same, over a MessagePort. */
  servePort(port: ServedPort): void;
  busy(): readonly BusyBoard[];
  /** Called whenever `busy` may have another answer. */
  onBusyChange(listener: () => void): Disposable;
  /** The computer is about to sleep, or is awake again: jobs stop at their next block border, and go on. */
  sleep(asleep: boolean): void;
  /** A release of Rekindle newer than this one, where one is known; nobody is asked for it. */
  newerRelease(): { readonly version: string; readonly page: string } | undefined;
  /** Stops what runs at the next safe point, lets the pages go, and every board. */
  close(): Promise<void>;
}

/** What a window needs of it. */
export type WindowStudio = Omit<Studio, 'serve' | 'newerRelease'>;

/** Opens the studio on a host. Jobs end and pages are let go when it is closed. */
export async function openStudio(host: Host, clock: Clock, options: StudioOptions): Promise<Studio> {
  const known = await loadProfiles(host.paths.profiles, host.log);
  const settings = await loadSettings(host.paths.settings);
  const kept = new KeptSettings(host.paths.settings, new Snapshots(settings, clock, limits.snapshotEveryMs));
  const services: Services = {
    host,
    clock,
    buses: options.buses,
    serial: options.serial,
    profiles: known.profiles,
    tracker: new Tracker(known.profiles),
    log: host.log,
    journal: new Journal(host, (tell) => openStore(host.paths.database, clock, tell)),
    pollMemory: new Set(),
    flashModeAccess: (ids, dfuInterface) => options.rights.flashModeAccess(ids, dfuInterface),
    delays: await openDelays(host),
    heard: new Map(),
    tidyBackups: async () => {
      const policy = policyOf(kept.snapshots.value);
      if (policy !== undefined) await prune(services.journal, policy);
    },
  };
  const newestLine = new Snapshots(0, clock, limits.snapshotEveryMs);
  const logWatch = options.logs.watch(() => newestLine.set(newestLine.value + 1, false));
  const jobs = new RunningJobs(services, (id) => options.logs.openJob(id), settings.runningAtOnce);
  const batches = new Batches(services, jobs);
  const boards = new BoardWatch(services, (facts) => jobs.isBusy(facts));
  const offers = new OfferBook(services, options.sources, {
    get sightings() {
      return boards.sightings;
    },
    sightingAt: (portPath) => boards.sightingAt(portPath),
    isBusy: ({ facts }) => jobs.isBusy(facts),
  });
  const appUpdates = new AppUpdates({
    clock,
    log: host.log,
    now: () => host.now(),
    version: host.version,
    releases: options.releases,
    installer: options.installer,
    looks: () => kept.snapshots.value.releaseLooks,
    jobs: () => Math.max(jobs.count, batches.snapshots.value.filter(({ state }) => state !== 'ended').length),
  });
  await appUpdates.load();
  const parts: StudioParts = {
    appUpdates,
    offers,
    services,
    clock,
    boards,
    jobs,
    batches,
    virtualBoards: options.virtualBoards,
    rights: options.rights,
    logs: options.logs,
    profileProblems: known.problems,
    readImage: openImage,
    newestLine,
    settings: kept,
    report: {
      version: host.version,
      platform: host.platform,
      shell: host.shell,
      versions: options.versions,
      canShowFiles: options.actions.showFile !== undefined,
      canOpenLogFolder: options.actions.openLogFolder !== undefined,
      canOpenPages: options.actions.openAddress !== undefined,
    },
    licences: options.licences,
    actions: options.actions,
  };
  const pages = new Set<Disposable>();
  const ending = new AbortController();
  void boards.refresh();
  void lookAfterBatches(boards, batches, ending.signal);
  void lookAfterJobs(jobs, boards, ending.signal);
  void follow(appUpdates, { jobs, batches, settings: kept }, ending.signal);
  void keepOffersTrue(offers, jobs, boards, ending.signal);
  void lookByItself(
    {
      offers,
      boards,
      sources: options.sources,
      profiles: known.profiles,
      settings: parts.settings.snapshots,
    },
    ending.signal,
  );
  const serve = (channel: Channel): Disposable => {
    const page = servePage(channel, parts);
    pages.add(page);
    channel.onClose(() => pages.delete(page));
    return page;
  };
  return {
    serve,
    servePort: (port) => void serve(portChannel(port)),
    busy: () => busyBoards(jobs),
    onBusyChange(listener) {
      const abort = new AbortController();
      void tell(jobs, listener, abort.signal);
      return { [Symbol.dispose]: () => abort.abort() };
    },
    newerRelease() {
      const { page } = appUpdates.snapshots.value;
      const release = releaseOf(appUpdates.snapshots.value);
      return release === undefined || page === undefined ? undefined : { version: release.version, page };
    },
    sleep: (asleep) => jobs.sleep(asleep),
    async close() {
      ending.abort();
      offers[Symbol.dispose]();
      appUpdates[Symbol.dispose]();
      // Before their jobs: they would begin others.
      batches.stopAll();
      await jobs.stopAll();
      await batches.written();
      for (const page of pages) page[Symbol.dispose]();
      await boards[Symbol.asyncDispose]();
      logWatch[Symbol.dispose]();
      await services.journal[Symbol.asyncDispose]();
    },
  };
}

/** A port that a job has let go of may be opened again, and its board may be another by now. */
async function lookAfterJobs(jobs: RunningJobs, boards: BoardWatch, signal: AbortSignal): Promise<void> {
  let before = 0;
  for await (const _ of jobs.snapshots.watch(signal)) {
    const now = jobs.busyPorts.size + jobs.count;
    if (now < before) void boards.refresh();
    before = now;
  }
}

/** What fetches and installs nothing beside a job hears of every job, and of the setting. */
async function follow(
  appUpdates: AppUpdates,
  { jobs, batches, settings }: { jobs: RunningJobs; batches: Batches; settings: KeptSettings },
  signal: AbortSignal,
): Promise<void> {
  const each = async (changes: AsyncIterable<unknown>, act: () => void): Promise<void> => {
    for await (const _ of changes) act();
  };
  await Promise.all([
    each(jobs.snapshots.watch(signal), () => appUpdates.jobsChanged()),
    each(batches.snapshots.watch(signal), () => appUpdates.jobsChanged()),
    each(settings.snapshots.watch(signal), () => appUpdates.looksChanged()),
  ]);
}

/** Some batches take what comes. */
async function lookAfterBatches(boards: BoardWatch, batches: Batches, signal: AbortSignal): Promise<void> {
  for await (const _ of boards.seen.watch(signal)) batches.tend();
}

async function tell(jobs: RunningJobs, listener: () => void, signal: AbortSignal): Promise<void> {
  for await (const _ of jobs.snapshots.watch(signal)) listener();
}

function busyBoards(jobs: RunningJobs): BusyBoard[] {
  return jobs.snapshots.value
    .filter((job) => job.result === undefined)
    .map((job) => {
      const running = job.steps.find((step) => step.state === 'running');
      return {
        boardName: job.board,
        ifQuitNow: running === undefined ? untouchedText : stepTexts[running.step].ifUnplugged,
      };
    });
}
