import path from 'node:path';
import { dataFolder } from '../data-folder.ts';
import type { Host } from '../host.ts';
import { openFileLog } from '../log/to-electron-log.ts';

declare const REKINDLE_VERSION: string;

/** The window as a place for the core to run in, and the folders only the window has. */
export interface WindowHost {
  readonly host: Host;
  readonly folders: { readonly window: string; readonly logs: string; readonly backups: string };
}

/** Opens the log; what boards need is shared with the command line. */
export function windowHost(): WindowHost {
  const platform: Host['platform'] =
    process.platform === 'win32' || process.platform === 'darwin' ? process.platform : 'linux';
  const data = dataFolder(platform);
  const folders = {
    window: path.join(data, 'window'),
    logs: path.join(data, 'logs'),
    backups: path.join(data, 'backups'),
  };
  const { versions } = process;
  const log = openFileLog(folders.logs, 'window', {
    rekindle: REKINDLE_VERSION,
    system: `${process.platform} ${process.arch} ${process.getSystemVersion()}`,
    electron: versions.electron,
    chromium: versions.chrome,
    node: versions.node,
  });
  const host: Host = {
    platform,
    shell: 'window',
    version: REKINDLE_VERSION,
    log,
    paths: {
      backups: folders.backups,
      locks: path.join(data, 'locks'),
      settings: path.join(data, 'settings.json'),
    },
    now: () => new Date(),
  };
  return { host, folders };
}
