import type { Profile } from '../../shared/profile.ts';
import type { Clock } from '../base/clock.ts';
import type { Bus } from '../devices/bus.ts';
import type { SerialDoor } from '../devices/bus.ts';
import type { Host } from '../host.ts';
import type { Log } from '../log/log.ts';
import type { Journal } from './journal.ts';

/** Parts of the core that steps are allowed to use. */
export interface Services {
  readonly host: Host;
  readonly clock: Clock;
  readonly buses: readonly Bus[];
  /** Serial ports of this computer and of the virtual boards. */
  readonly serial: readonly SerialDoor[];
  /** Every board we know. */
  readonly profiles: readonly Profile[];
  readonly log: Log;
  /** What is recorded of every job, and what earlier ones left. */
  readonly journal: Journal;
  /** Kinds of devices that once misbehaved under early polling. */
  readonly pollMemory: Set<string>;
}
