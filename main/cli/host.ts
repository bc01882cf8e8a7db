import path from 'node:path';
import { dataFolder } from '../data-folder.ts';
import type { Host } from '../host.ts';
import type { Log } from '../log/log.ts';

declare const REKINDLE_VERSION: string;
export const version: string = REKINDLE_VERSION;

/** The system we run on; what is neither Windows nor macOS is treated as Linux. */
export const platform: Host['platform'] =
  process.platform === 'win32' || process.platform === 'darwin' ? process.platform : 'linux';

/** The terminal as a place for the core to run in. */
export function terminalHost(log: Log): Host {
  const data = dataFolder(platform);
  return {
    platform,
    shell: 'command line',
    version,
    log,
    paths: {
      backups: path.join(data, 'backups'),
      locks: path.join(data, 'locks'),
      settings: path.join(data, 'settings.json'),
    },
    now: () => new Date(),
  };
}
