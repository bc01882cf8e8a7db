// What the methods may use: parts of the core, and what belongs to the one page that calls.
import type { BenchAction } from '../../shared/bench-action.ts';
import type { VirtualBoardPlace } from '../../shared/contract/boards.ts';
import type { AppReport, Licence } from '../../shared/contract/app.ts';
import type { ProfileFileProblems } from '../../shared/profile-problem.ts';
import type { AppUpdates } from '../app-update/app-updates.ts';
import type { Clock } from '../base/clock.ts';
import type { Snapshots } from '../base/snapshots.ts';
import type { OpenImages, ReadImage } from '../images/open-images.ts';
import type { BackupFiles } from '../jobs/backup-files.ts';
import type { Batches } from '../jobs/batch/batches.ts';
import type { BoardWatch } from '../jobs/board-watch.ts';
import type { RunningJobs } from '../jobs/running-jobs.ts';
import type { Services } from '../jobs/services.ts';
import type { LogBook } from '../log/log-book.ts';
import type { OfferBook } from '../offers/offer-book.ts';
import type { Rights } from '../rights/rights.ts';
import type { KeptSettings } from '../store/kept-settings.ts';

/** How a virtual board is put there. */
export interface VirtualBoardOptions {
  readonly plugged?: boolean;
  readonly startIn?: 'app' | 'dfu';
}

/** Virtual boards to try things on; the bench behind it is the core's business. */
export interface VirtualBoards {
  readonly names: readonly string[];
  /** Plugs one in, or lays it beside its port. @throws FlashError `api.unknown`, `api.limit` */
  plug(name: string, options: VirtualBoardOptions): VirtualBoardPlace;
  /** Whether one is there, or was. */
  has(portPath: string): boolean;
  /** Takes it away. @throws FlashError `api.unknown` */
  unplug(portPath: string): void;
  /** A hand does this to it; answers how its controls stand then. @throws FlashError `api.unknown` */
  act(portPath: string, action: BenchAction): VirtualBoardPlace;
  /** A harmless program for it. @throws FlashError `api.unknown` */
  image(name: string): {
    readonly name: string;
    readonly bytes: Uint8Array<ArrayBuffer>;
    readonly address: number | undefined;
  };
}

/** What a shell can do for a page beyond the core; each is left out where the shell cannot. */
export interface ShellActions {
  readonly showFile?: (file: string) => Promise<void>;
  readonly openLogFolder?: () => Promise<void>;
  /** Opens an https address in the system's browser. @throws FlashError `api.unknown` for any other */
  readonly openAddress?: (address: string) => Promise<void>;
}

/** The same for every page. */
export interface StudioParts {
  readonly services: Services;
  readonly clock: Clock;
  readonly boards: BoardWatch;
  readonly jobs: RunningJobs;
  readonly batches: Batches;
  readonly offers: OfferBook;
  readonly appUpdates: AppUpdates;
  readonly virtualBoards: VirtualBoards;
  readonly rights: Rights;
  readonly logs: LogBook;
  /** The number of the log's newest line. */
  readonly newestLine: Snapshots<number>;
  /** Files of the person's own that are not used. */
  readonly profileProblems: readonly ProfileFileProblems[];
  readonly readImage: ReadImage;
  readonly settings: KeptSettings;
  readonly report: AppReport;
  readonly licences: () => Promise<readonly Licence[]>;
  readonly actions: ShellActions;
}

/** One page's own. */
export interface PageContext {
  readonly parts: StudioParts;
  readonly images: OpenImages;
  readonly backupFiles: BackupFiles;
}
