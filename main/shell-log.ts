// The log of one shell: its own rotating file, one file a job, the ring for pages, and whatever else it listens with.
import path from 'node:path';
import type { NodeLogger } from 'electron-log';
import type { Host } from './host.ts';
import { openLogBook, type LogBook, type LogSink } from './log/log-book.ts';
import { sessionHeader } from './log/session-header.ts';
import { toElectronLog } from './log/to-electron-log.ts';

/** Notes to standard error, where they were asked for. */
const standardError: LogSink = {
  name: 'standard error',
  write({ level, source, message }) {
    process.stderr.write(`[${level}] ${source}: ${message}\n`);
  },
};

/**
 * Opens a shell's log. Never throws: a log that cannot be written stops nothing.
 * @param logger electron-log's own default one (its write errors go nowhere else), loaded by the shell when it can
 *   spare the time
 */
export function openShellLog(
  logger: NodeLogger,
  options: {
    readonly shell: string;
    readonly version: string;
    readonly logs: Host['paths']['logs'];
    /** Each shell has its own file: two programs must not rotate one. */
    readonly fileName: string;
    readonly verbose: boolean;
  },
): LogBook {
  const { shell, version, logs, fileName, verbose } = options;
  const header = sessionHeader({ version, shell });
  const file = path.join(logs, fileName);
  return openLogBook({
    now: () => new Date(),
    sinks: [toElectronLog(logger, { file, header }), ...(verbose ? [standardError] : [])],
    jobFolder: path.join(logs, 'jobs'),
    header,
  });
}
