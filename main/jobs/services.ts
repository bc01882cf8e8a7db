import type { Clock } from '../base/clock.ts';
import type { Bus } from '../devices/bus.ts';
import type { Host } from '../host.ts';
import type { Log } from '../log/log.ts';

/** Parts of the core that steps are allowed to use. */
export interface Services {
  readonly host: Host;
  readonly clock: Clock;
  readonly buses: readonly Bus[];
  readonly log: Log;
  /** Kinds of devices that once misbehaved under early polling. */
  readonly pollMemory: Set<string>;
}
