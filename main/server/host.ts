import logger from 'electron-log/node.js';
import { dataFolder, pathsIn } from '../data-folder.ts';
import type { Host } from '../host.ts';
import type { LogBook } from '../log/log-book.ts';
import { openShellLog } from '../shell-log.ts';

declare const REKINDLE_VERSION: string;

/** A browser's page as a place for the core to run in. */
export function serverHost(verbose: boolean): { host: Host; logs: LogBook } {
  const platform: Host['platform'] =
    process.platform === 'win32' || process.platform === 'darwin' ? process.platform : 'linux';
  const paths = pathsIn(dataFolder(platform));
  const version = REKINDLE_VERSION;
  const logs = openShellLog(logger, {
    shell: 'browser',
    version,
    logs: paths.logs,
    fileName: 'browser.log',
    verbose,
  });
  return { host: { platform, shell: 'browser', version, log: logs.log, paths, now: () => new Date() }, logs };
}
