import type { BatchSnapshot } from '../shared/batch.ts';
import type { BoardReport } from '../shared/board.ts';
import type { ProgramSays } from '../shared/families.ts';
import { limits } from '../shared/limits.ts';
import type { Profile } from '../shared/profile.ts';
import type { Result } from '../shared/result.ts';
import type { Clock } from './base/clock.ts';
import type { Wait } from './base/wait.ts';
import { Tracker } from './devices/tracker.ts';
import type { Host } from './host.ts';
import type { FirmwareImage } from './images/image.ts';
import type { ReadOptions } from './images/registry.ts';
import { askBoards, refuseLocked } from './jobs/families/ask-boards.ts';
import { findBoard } from './jobs/steps/detect.ts';
import { Journal } from './jobs/journal.ts';
import type { JobControl, JobRequest, Selection } from './jobs/request.ts';
import { runBatch, type BatchControl, type BatchRequest } from './jobs/batch/run-batch.ts';
import { runAnyJob } from './jobs/run-any.ts';
import type { Services } from './jobs/services.ts';
import { surveyBoards, type Sighting } from './jobs/survey.ts';
import { fetchOffer, refuseOtherVersion, type FetchedOffer } from './offers/fetch-offer.ts';
import { lookForBoard, type Found } from './offers/look-for-board.ts';
import type { FirmwareSources } from './offers/sources.ts';
import { readFileBounded, readStreamBounded, writeFileAtomically } from './store/atomic-file.ts';
import type { UsbBus } from './transports/usb/usb-device.ts';
import { openDelays } from './store/learned-delays.ts';
import type { FetchOptions, LookOptions } from './updates/updates.ts';
import { openImage } from './workers/read-image.ts';
import { openStore } from './workers/store.ts';

export type {
  ArmRequest,
  ChipRequest,
  Choose,
  FlashRequest,
  JobControl,
  JobRequest,
  Permission,
  Selection,
} from './jobs/request.ts';
export type { FirmwareImage, FormatId, ImageIds } from './images/image.ts';
export type { ReadOptions } from './images/registry.ts';
export { convertImage, writtenFormats, type WrittenFormat } from './images/convert.ts';
export { searchedBytes } from './images/look.ts';
export { bytesIn, compareRuns, endOf, findIn, viewRuns, type ViewRun } from './images/view.ts';
export { builtInProfiles } from './devices/profiles.ts';
export { newerThan } from './app-update/app-updates.ts';
export { openReleases } from './app-update/releases.ts';
export { loadProfiles, readProfileFile, type LoadedProfiles } from './devices/user-profiles.ts';
export { planForChip } from './jobs/check-files.ts';
export { chipChoices } from './jobs/arm/expected-board.ts';
export { permissions } from './jobs/request.ts';
export { createLibusbBus } from './transports/usb/libusb.ts';
export { openSerialPorts } from './transports/serial/serial-port.ts';
export { recordBus } from './transports/recorder.ts';
export { playTrace } from './transports/player.ts';
export { realClock } from './base/clock.ts';
export { startWait } from './base/wait.ts';
export { importBackupFile } from './jobs/import-backup.ts';
export { backupPath, describeBackup, listBackups } from './store/backup-list.ts';
export { changeRecord, checkContent, readIntactBackup, removeBackup } from './store/backup-library.ts';
export { prunable, prune } from './jobs/prune.ts';
export { readRecord } from './store/backup-record.ts';
export type { Journal } from './jobs/journal.ts';
export { openBatches, putAwayBatch } from './jobs/batch/read-open-batches.ts';
export { findOpenBatch, requestToGoOn } from './jobs/batch/resume-batch.ts';
export { UnitLog } from './store/unit-log.ts';
export type { BatchControl, BatchRequest } from './jobs/batch/run-batch.ts';
export { historyCsv } from './store/history-csv.ts';
export { loadSettings } from './store/settings.ts';
export { readFileBounded } from './store/atomic-file.ts';
export { isFolderThere } from './updates/folder-source.ts';
export { boardsLookedFor } from './updates/kept-looks.ts';
export type { Sighting } from './jobs/survey.ts';
export { lookForProfile, updatesOf, type Found } from './offers/look-for-board.ts';
export { openSources, type FirmwareSources } from './offers/sources.ts';
export { lookForUpdates, pagesOf } from './updates/look.ts';
export { makeIndex, signIndex } from './updates/make-index.ts';
export { changeOwnSources, loadOwnSources, namedAddressProblem, sourcesOf } from './updates/own-sources.ts';
export { updateServices } from './updates/services.ts';
export type { LookOptions, UpdateServices } from './updates/updates.ts';
export { openRights, type Rights } from './rights/rights.ts';

/** What every shell drives: the same in window, browser and command line. */
export interface Core {
  /** Boards we know. */
  readonly profiles: readonly Profile[];
  /** Every board we can see and might flash, opened briefly for its names where it lets us. */
  survey(selection: Selection, wait: Wait): Promise<BoardReport[]>;
  /** The same, and what their programs say where they can be asked: their serial ports are opened for it. */
  ask(selection: Selection, wait: Wait): Promise<(BoardReport & { readonly says?: ProgramSays })[]>;
  /** The one board that is meant. @throws FlashError `device.*`, `usage`, `job.aborted` */
  find(selection: Selection, wait: Wait): Promise<Sighting>;
  /** What it could be updated to: it is asked what it is and holds, its sources what they have. @throws as `lookForBoard`; `device.locked` */
  lookFor(board: Sighting, sources: FirmwareSources, options: LookOptions): Promise<Found>;
  /** A hint that boards may have come or gone. */
  watch(changed: () => void): Disposable;
  /** What was done, and what is open. */
  readonly journal: Journal;
  /** Runs one job to its end. Never rejects: whatever goes wrong is in the result. */
  run(request: JobRequest, control: JobControl): Promise<Result>;
  /** Runs one recipe on many boards. @throws FlashError for what stands against it before its first board */
  batch(request: BatchRequest, control: BatchControl): Promise<BatchSnapshot>;
}

/** What was done and what is open, for commands that need no board. The caller disposes of it. */
export function openJournal(host: Host, clock: Clock): Journal {
  return new Journal(host, (tell) => openStore(host.paths.database, clock, tell));
}

/** What a shell puts the core on. */
export interface CoreParts extends Pick<Services, 'serial' | 'profiles' | 'flashModeAccess'> {
  readonly buses: readonly UsbBus[];
  /** Where what is done is written; that of the host's database unless given. */
  readonly journal?: Journal;
}

/** Builds the core from a shell's host, a clock, the ports it may use and the boards it knows. */
export function openCore(host: Host, clock: Clock, parts: CoreParts): Core {
  const { buses, journal = openJournal(host, clock) } = parts;
  const services: Services = {
    ...parts,
    host,
    clock,
    tracker: new Tracker(parts.profiles),
    log: host.log,
    journal,
    pollMemory: new Set(),
    heard: new Map(),
  };
  return {
    journal,
    profiles: services.profiles,
    survey: (selection, wait) => surveyBoards(services, selection, wait),
    ask: (selection, wait) => askBoards(services, selection, wait),
    find: (selection, wait) => findBoard(services, selection, wait),
    async lookFor(board, sources, options) {
      await refuseLocked(services, board);
      return await lookForBoard(services, sources, board, options);
    },
    watch(changed) {
      const watches = buses.map((bus) => bus.watch(changed));
      return {
        [Symbol.dispose]() {
          for (const watch of watches) watch[Symbol.dispose]();
        },
      };
    },
    async batch(request, control) {
      const delays = await openDelays(host);
      const ended = await runBatch(request, { ...services, delays }, control);
      await delays.saved();
      return ended;
    },
    async run(request, control) {
      const log = control.log ?? services.log;
      const delays = await openDelays(host);
      const result = await runAnyJob(request, { ...services, log, delays }, control);
      await delays.saved();
      return result;
    },
  };
}

/**
 * Reads and understands a firmware file.
 * @throws FlashError `file.*`, `image.*`
 */
export async function openImageFile(path: string, options: ReadOptions = {}): Promise<FirmwareImage> {
  return await openImage(await readFileBounded(path, limits.containerBytes), path, options);
}

/** The same from a stream, as `-` on the command line. */
export async function openImageStream(
  stream: AsyncIterable<Uint8Array>,
  options: ReadOptions = {},
): Promise<FirmwareImage> {
  const bytes = await readStreamBounded(stream, limits.containerBytes);
  return await openImage(bytes, 'standard input', options);
}

/**
 * Fetches an offer, or takes it from what is kept, and understands its file.
 * @throws FlashError as `fetchOffer` does; `image.*`; `update.other-version`
 */
export async function openOffer(
  sources: FirmwareSources,
  found: Found,
  id: string,
  { entry, ...options }: FetchOptions & Pick<ReadOptions, 'entry'>,
): Promise<Omit<FetchedOffer, 'bytes'> & { readonly image: FirmwareImage }> {
  const { bytes, ...fetched } = await fetchOffer(sources, found, id, options);
  const image = await openImage(bytes, fetched.kept.fileName, entry === undefined ? {} : { entry });
  refuseOtherVersion(fetched.offer, found.profile, image);
  return { ...fetched, image };
}

/**
 * Writes a file that must not be there yet.
 * @throws FlashError `file.*`
 */
export async function saveNewFile(path: string, bytes: Uint8Array): Promise<void> {
  await writeFileAtomically(path, bytes, { exclusive: true });
}

/** Writes a file whole, in the place of one that may be there. @throws FlashError `file.*` */
export async function replaceFile(path: string, bytes: Uint8Array): Promise<void> {
  await writeFileAtomically(path, bytes, { exclusive: false });
}
