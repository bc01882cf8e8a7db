// Lines of the core in a file that is kept small.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import electronLog from 'electron-log/node.js';
import { limits } from '../../shared/limits.ts';
import { cleanText } from '../../shared/text/clean.ts';
import type { Log } from './log.ts';

/** One file and the one before it. */
const fileLimitBytes = 5 * 1024 * 1024;

/**
 * Writes to `<name>.log` in the folder; past 5 MiB that becomes `<name>.old.log`. Every line is on its way to the disk
 * when the call returns, so that a crash leaves what led to it. A log that cannot be written ends nothing.
 * @param versions what the first lines of each run name
 */
export function openFileLog(folder: string, name: string, versions: Readonly<Record<string, string>>): Log {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch {
    // The file transport meets the same trouble and says so once, on the console.
  }
  const logger = electronLog.create({ logId: name });
  logger.transports.console.level = false;
  logger.transports.file.level = 'debug';
  logger.transports.file.maxSize = fileLimitBytes;
  logger.transports.file.format = '{iso} [{level}] {text}';
  logger.transports.file.resolvePathFn = () => path.join(folder, `${name}.log`);
  const log: Log = {
    write(level, source, message) {
      logger[level](lineOf(source, message));
    },
  };
  for (const [what, version] of Object.entries(versions)) log.write('info', 'versions', `${what} ${version}`);
  return log;
}

/** One line whatever a message holds: no forged lines, no control characters, no end of the disk. */
function lineOf(source: string, message: string): string {
  return cleanText(`${source}: ${message}`).slice(0, limits.logLineBytes);
}
