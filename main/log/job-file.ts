// One file a job, kept apart from the program's own log: what is sent along with a question about that one flash.
import { closeSync, mkdirSync, openSync, readdirSync, unlinkSync, writeSync } from 'node:fs';
import path from 'node:path';
import { limits } from '../../shared/limits.ts';
import { formatLogEntry, type LogEntry } from '../../shared/log.ts';
import type { LogSink } from './log-book.ts';

/** The file of one job. */
export interface JobFile extends LogSink, Disposable {
  readonly path: string;
}

const namePattern = /^\d{8}T\d{6}-[A-Za-z0-9-]{1,64}\.log$/;

/**
 * Prepares a job's file, which is made with its first line: a job that says nothing leaves none. At
 * `limits.jobLogBytes` it ends with a word, and beyond `limits.jobLogFiles` the oldest files go.
 * @param header the first lines: versions
 */
export function prepareJobFile(folder: string, job: string, now: Date, header: readonly string[]): JobFile {
  const time = now.toISOString().replace(/[-:]|\.\d+Z/g, '');
  const file = path.join(folder, `${time}-${job.replace(/[^A-Za-z0-9-]/g, '-').slice(0, 64)}.log`);
  let descriptor: number | undefined;
  let [size, ended] = [0, false];

  const put = (line: string): void => {
    const bytes = new TextEncoder().encode(`${line}\n`);
    for (let done = 0; done < bytes.length;) done += writeSync(descriptor as number, bytes, done);
    size += bytes.length;
  };
  const begin = (): void => {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    prune(folder);
    // Never through a link, never over another job's file.
    descriptor = openSync(file, 'wx', 0o600);
    for (const line of header) put(line);
  };
  return {
    name: 'the log of this job',
    path: file,
    write(entry: LogEntry) {
      if (ended) return;
      if (descriptor === undefined) begin();
      if (size < limits.jobLogBytes) {
        put(formatLogEntry(entry));
        return;
      }
      ended = true;
      put(`The log of this job ends here, at ${size} bytes; what follows is in the program's own log.`);
    },
    [Symbol.dispose]() {
      ended = true;
      if (descriptor !== undefined) closeSync(descriptor);
      descriptor = undefined;
    },
  };
}

/** Names begin with their time, so the oldest sort first. */
function prune(folder: string): void {
  const names = readdirSync(folder)
    .filter((name) => namePattern.test(name))
    .toSorted();
  for (const name of names.slice(0, Math.max(0, names.length - limits.jobLogFiles + 1))) {
    try {
      unlinkSync(path.join(folder, name));
    } catch {
      // Another Rekindle was quicker, or it is open there (Windows).
    }
  }
}
