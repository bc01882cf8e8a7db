import path from 'node:path';
import logger from 'electron-log/node.js';
import { dataFolder, pathsIn } from '../data-folder.ts';
import type { Host } from '../host.ts';
import type { LogBook } from '../log/log-book.ts';
import { openShellLog } from '../shell-log.ts';

declare const REKINDLE_VERSION: string;

/** The window as a place for the core to run in, and the folders only the window has. */
export interface WindowHost {
  readonly host: Host;
  readonly logs: LogBook;
  readonly folders: { readonly window: string; readonly logs: string; readonly backups: string };
}

/** The folder of the window's own files: its place, its caches. */
export function windowFolder(): string {
  return path.join(dataFolder(platform), 'window');
}

const platform: Host['platform'] =
  process.platform === 'win32' || process.platform === 'darwin' ? process.platform : 'linux';

/** Opens the log; what boards need is shared with the command line. */
export function windowHost(): WindowHost {
  const paths = pathsIn(dataFolder(platform));
  const version = REKINDLE_VERSION;
  const logs = openShellLog(logger, {
    shell: 'window',
    version,
    logs: paths.logs,
    fileName: 'window.log',
    verbose: false,
  });
  return {
    host: { platform, shell: 'window', version, log: logs.log, paths, now: () => new Date() },
    logs,
    folders: { window: windowFolder(), logs: paths.logs, backups: paths.backups },
  };
}
