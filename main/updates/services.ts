import type { Clock } from '../base/clock.ts';
import type { Log } from '../log/log.ts';
import type { UpdateServices } from './updates.ts';

/** What a shell's host has of what looking needs: `updateServices(host, clock)`. */
export function updateServices(
  host: {
    readonly version: string;
    readonly log: Log;
    readonly paths: { readonly updates: string };
    now(): Date;
  },
  clock: Clock,
): UpdateServices {
  return {
    folder: host.paths.updates,
    clock,
    log: host.log,
    version: host.version,
    now: () => host.now(),
  };
}
