import path from 'node:path';
import { dataFolder } from '../data-folder.ts';
import type { Host } from '../host.ts';
import type { Log } from '../log/log.ts';

declare const REKINDLE_VERSION: string;

/** A browser's page as a place for the core to run in. */
export function serverHost(log: Log): Host {
  const platform: Host['platform'] =
    process.platform === 'win32' || process.platform === 'darwin' ? process.platform : 'linux';
  const data = dataFolder(platform);
  return {
    platform,
    shell: 'browser',
    version: REKINDLE_VERSION,
    log,
    paths: {
      backups: path.join(data, 'backups'),
      locks: path.join(data, 'locks'),
      settings: path.join(data, 'settings.json'),
    },
    now: () => new Date(),
  };
}
