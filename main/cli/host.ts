import { dataFolder, pathsIn } from '../data-folder.ts';
import type { Host } from '../host.ts';
import type { Log } from '../log/log.ts';

declare const REKINDLE_VERSION: string;
export const version: string = REKINDLE_VERSION;

/** The system we run on; what is neither Windows nor macOS is treated as Linux. */
export const platform: Host['platform'] =
  process.platform === 'win32' || process.platform === 'darwin' ? process.platform : 'linux';

/** The terminal as a place for the core to run in. */
export function terminalHost(log: Log): Host {
  return {
    platform,
    shell: 'command line',
    version,
    log,
    paths: pathsIn(dataFolder(platform)),
    now: () => new Date(),
  };
}
