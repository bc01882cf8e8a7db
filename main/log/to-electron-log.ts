// The program's own log file, kept by electron-log: `electron-log/node` in the command line and the server, its logger
// of the main process in the window. Which one is the shell's choice; what it is told is the same.
import { appendFileSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { NodeLogger } from 'electron-log';
import { limits } from '../../shared/limits.ts';
import { formatLogEntry, type LogLevel } from '../../shared/log.ts';
import type { LogSink } from './log-book.ts';

export interface LogFileOptions {
  /** The file; older ones lie beside it as `NAME.1.log` to `NAME.4.log`. */
  readonly file: string;
  /** First lines of every file after the first: a rotated-away beginning must not take the versions along. */
  readonly header: readonly string[];
  /** `info` when not given. */
  readonly least?: LogLevel;
}

/**
 * Makes a logger of electron-log keep one file of at most `limits.logFileBytes` and a few older ones, and do nothing
 * else: no console, no messages between processes. The sink throws when a line could not be written.
 */
export function toElectronLog(logger: NodeLogger, options: LogFileOptions): LogSink {
  const { file: transport, console: terminal } = logger.transports;
  /** What went wrong with the line being written: electron-log tells of it by events, while it writes. */
  const troubles: Error[] = [];
  let open = false;
  // Its types promise transports that it leaves out outside of Electron.
  const all: ({ level: unknown } | null | undefined)[] = Object.values(logger.transports);
  for (const other of all) if (other) other.level = false;
  // Its file transport reports trouble to the console whatever the level; we hear of it below.
  terminal.writeFn = () => undefined;
  // Else it looks for a package.json to learn a name we do not use.
  transport.setAppName('Rekindle');
  transport.level = 'silly';
  transport.resolvePathFn = () => options.file;
  transport.maxSize = limits.logFileBytes;
  transport.writeOptions = { flag: 'a', mode: 0o600, encoding: 'utf8' };
  // Lines come finished; its own formatting would take a % of theirs for a directive.
  transport.transforms = [({ data }) => data[0] as unknown[]];
  transport.archiveLogFn = () => {
    try {
      rotate(options);
    } catch (error) {
      troubles.push(error as Error);
      // Ends this line's way through electron-log before it is written: a file that cannot be rotated stops growing.
      throw error;
    }
  };

  return {
    name: 'the log file',
    least: options.least ?? 'info',
    write(entry) {
      if (!open) {
        // Tried by ourselves first: a file it fails to open once, electron-log never tries again.
        mkdirSync(path.dirname(options.file), { recursive: true, mode: 0o700 });
        appendFileSync(options.file, '', { mode: 0o600 });
        transport.getFile().on('error', (error) => troubles.push(error));
        open = true;
      }
      troubles.length = 0;
      logger[entry.level](formatLogEntry(entry));
      const [error] = troubles;
      if (error !== undefined) throw error;
    },
  };
}

/** Moves each file one place on, the oldest out. Where that fails the file is begun anew: its bound holds in any case. */
function rotate({ file, header }: LogFileOptions): void {
  const { dir, name, ext } = path.parse(file);
  const older = (index: number): string => path.join(dir, `${name}.${index}${ext}`);
  try {
    for (let index = limits.logFiles - 2; index >= 1; index--) {
      if (existsSync(older(index))) renameSync(older(index), older(index + 1));
    }
    renameSync(file, older(1));
  } catch {
    rmSync(file, { force: true });
  }
  appendFileSync(file, header.map((line) => `${line}\n`).join(''), { mode: 0o600 });
}
