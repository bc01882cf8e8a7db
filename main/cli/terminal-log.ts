import { dataFolder, pathsIn } from '../data-folder.ts';
import type { LogBook } from '../log/log-book.ts';
import { openShellLog } from '../shell-log.ts';
import { platform, version } from './host.ts';

/** The command line's log: its file, one file a job, and the terminal with `--verbose`. Never rejects. */
export async function openTerminalLog(verbose: boolean): Promise<LogBook> {
  const { logs } = pathsIn(dataFolder(platform));
  // Loaded late: `--help` and a mistyped option need no log.
  const { default: logger } = await import('electron-log/node.js');
  return openShellLog(logger, {
    shell: 'command line',
    version,
    logs,
    fileName: 'command-line.log',
    verbose,
  });
}
