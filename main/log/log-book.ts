// From a note to all who keep it: the ring for pages, the program's file, the job's own file, the terminal.
import { limits } from '../../shared/limits.ts';
import { isAtLeast, type LogEntry, type LogLevel, type LogPage, type LogQuery } from '../../shared/log.ts';
import { cleanLine } from './clean-line.ts';
import { prepareJobFile, type JobFile } from './job-file.ts';
import type { Log } from './log.ts';
import { createLogRing } from './ring.ts';

/** Somewhere lines are kept. */
export interface LogSink {
  /** For people: `the log file`. */
  readonly name: string;
  /** Only lines at least this urgent; all when not given. */
  readonly least?: LogLevel;
  /** May throw: the line is then missing there and nowhere else, and nobody above notices. */
  write(entry: LogEntry): void;
}

/** A log whose lines carry one job's id, and which keeps them in a file of their own as well. */
export interface JobLog extends Log, Disposable {
  /** Where its file is once it has a line; undefined where no folder was given. */
  readonly file: string | undefined;
}

/** All logging of one run of the program. */
export interface LogBook {
  /** For everything that belongs to no job. */
  readonly log: Log;
  /** Lines of this run; see LogQuery. */
  page(query: LogQuery): LogPage;
  /** Tells of every new line, at once and without saying which: ask for a page after the last number you know. */
  watch(changed: () => void): Disposable;
  /** @param job its id; letters, digits and hyphens go into the file's name */
  openJob(job: string): JobLog;
}

export interface LogBookOptions {
  readonly now: () => Date;
  readonly sinks: readonly LogSink[];
  /** Folder of the jobs' own files; none are kept without. */
  readonly jobFolder?: string | undefined;
  /** All versions, a line each (`sessionHeader`): first of everything that is kept. */
  readonly header: readonly string[];
}

/** Room for time, level, source and job in a line of `limits.logLineBytes`. */
const messageBytes = limits.logLineBytes - 256;

/** Opens the log and writes its first lines. Nothing in here ever throws: a log that cannot be written stops no job. */
export function openLogBook(options: LogBookOptions): LogBook {
  const ring = createLogRing();
  const broken = new WeakSet<LogSink>();

  const keep = (sinks: readonly LogSink[], line: Omit<LogEntry, 'sequence'>): void => {
    const entry = ring.add(line);
    const complaints: string[] = [];
    for (const sink of sinks) {
      if (!isAtLeast(entry.level, sink.least ?? 'debug')) continue;
      try {
        sink.write(entry);
        broken.delete(sink);
      } catch (error) {
        // Said once, and again only after it had worked meanwhile.
        if (!broken.has(sink)) complaints.push(`${sink.name} cannot be written: ${String(error)}`);
        broken.add(sink);
      }
    }
    const hearing = sinks.filter((sink) => !broken.has(sink));
    for (const complaint of complaints) {
      keep(hearing, { ...line, level: 'warn', source: 'log', message: cleanLine(complaint, messageBytes) });
    }
  };
  const logTo = (sinks: readonly LogSink[], job?: string): Log => ({
    write(level: LogLevel, source: string, message: string) {
      keep(sinks, {
        at: options.now().getTime(),
        level,
        source: cleanLine(source, 40),
        ...(job === undefined ? {} : { job }),
        message: cleanLine(message, messageBytes),
      });
    },
  });

  const log = logTo(options.sinks);
  for (const line of options.header) log.write('info', 'session', line);
  return {
    log,
    page: (query) => ring.page(query),
    watch: (changed) => ring.watch(changed),
    openJob(id) {
      const job = cleanLine(id, 64);
      const file = jobFile(options, job);
      return {
        ...logTo(file === undefined ? options.sinks : [...options.sinks, file], job),
        file: file?.path,
        [Symbol.dispose]: () => file?.[Symbol.dispose](),
      };
    },
  };
}

function jobFile({ jobFolder, now, header }: LogBookOptions, job: string): JobFile | undefined {
  return jobFolder === undefined ? undefined : prepareJobFile(jobFolder, job, now(), header);
}
