import path from 'node:path';
import { openLogBook, type LogBook, type LogSink } from '../log/log-book.ts';
import { sessionHeader } from '../log/session-header.ts';
import { toElectronLog } from '../log/to-electron-log.ts';
import { dataFolder, pathsIn } from '../data-folder.ts';
import { platform, version } from './host.ts';

/** Notes to standard error, where they were asked for. */
const standardError: LogSink = {
  name: 'standard error',
  write({ level, source, message }) {
    process.stderr.write(`[${level}] ${source}: ${message}\n`);
  },
};

/** The command line's log: its file, one file a job, and the terminal with `--verbose`. Never rejects. */
export async function openTerminalLog(verbose: boolean): Promise<LogBook> {
  const { logs } = pathsIn(dataFolder(platform));
  const header = sessionHeader({ version, shell: 'command line' });
  // Its own file: the window may be rotating its one while we run.
  const file = path.join(logs, 'command-line.log');
  const { default: logger } = await import('electron-log/node.js');
  return openLogBook({
    now: () => new Date(),
    sinks: [toElectronLog(logger, { file, header }), ...(verbose ? [standardError] : [])],
    jobFolder: path.join(logs, 'jobs'),
    header,
  });
}
