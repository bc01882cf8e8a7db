import type { Profile } from '../../shared/profile.ts';
import type { FlashModeAccess } from '../../shared/rights.ts';
import type { Clock } from '../base/clock.ts';
import type { Bus } from '../devices/bus.ts';
import type { SerialDoor } from '../devices/bus.ts';
import type { Tracker } from '../devices/tracker.ts';
import type { Host } from '../host.ts';
import type { Log } from '../log/log.ts';
import type { Journal } from './journal.ts';
import type { Heard } from './families/heard.ts';

/** Parts of the core that steps are allowed to use. */
export interface Services {
  readonly host: Host;
  readonly clock: Clock;
  readonly buses: readonly Bus[];
  /** Serial ports of this computer and of the virtual boards. */
  readonly serial: readonly SerialDoor[];
  /** Every board we know. */
  readonly profiles: readonly Profile[];
  /** What became of every board since the program began. */
  readonly tracker: Tracker;
  readonly log: Log;
  /** What is recorded of every job, and what earlier ones left. */
  readonly journal: Journal;
  /** Kinds of devices that once misbehaved under early polling. */
  readonly pollMemory: Set<string>;
  /** What programs said before their boards went into flash mode, by board; see families/heard.ts. */
  readonly heard: Map<string, Heard>;
  /** Whether this account may open a board with these ids (`04d8:f014`) in flash mode, told before it is there. */
  readonly flashModeAccess?: ((ids: string, dfuInterface: boolean) => Promise<FlashModeAccess>) | undefined;
  /** Throws old backups away, where the person wants that; asked after each job that made one. */
  readonly tidyBackups?: (() => Promise<void>) | undefined;
  /** From power to being seen on this computer, by profile. */
  readonly delays?: EnumerationDelays | undefined;
}

/** What this computer has shown of how long boards take to be seen. */
export interface EnumerationDelays {
  /** ms; undefined where it was never measured. */
  usual(profile: string): number | undefined;
  /** Takes a measurement in; nonsense is left out. Kept on disk as well as the disk lets it. */
  note(profile: string, delayMs: number): void;
}
