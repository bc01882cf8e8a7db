// Log lines as pages show them and files keep them.

/** From the least to the most urgent. */
export const logLevels = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof logLevels)[number];

/** One line. Texts are cleaned and bounded when it is made; nothing below may hold bytes of a firmware file. */
export interface LogEntry {
  /** Counts from 1 within one run of the program. */
  readonly sequence: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly level: LogLevel;
  /** The part of Rekindle that speaks: `dfu`, `job`, `rights`. */
  readonly source: string;
  /** The job it belongs to, where it belongs to one. */
  readonly job?: string | undefined;
  readonly message: string;
}

/** Which lines. Without `after`, the newest; with `before`, the newest older ones: pages are read backwards. */
export interface LogQuery {
  /** Only lines with a lower number. */
  readonly before?: number | undefined;
  /** Only lines with a higher number, oldest first: how a page follows. Wins over `before`. */
  readonly after?: number | undefined;
  /** At most this many; never more than `limits.logPageLines`. */
  readonly limit: number;
  /** This level and more urgent ones. */
  readonly level?: LogLevel | undefined;
  readonly job?: string | undefined;
}

/** Lines that fit, oldest first. */
export interface LogPage {
  readonly entries: readonly LogEntry[];
  /** Whether there are more that fit, in the direction that was asked for. */
  readonly more: boolean;
  /** The oldest number still kept, 1 for an empty log: what is lower is only in the file. */
  readonly first: number;
  /** The newest number, whether it fits or not; 0 for an empty log. Follow from here when `more` is false. */
  readonly last: number;
}

/** Whether a line is at least this urgent. */
export function isAtLeast(level: LogLevel, least: LogLevel): boolean {
  return logLevels.indexOf(level) >= logLevels.indexOf(least);
}

/** A line as files and the clipboard have it: `2026-11-21T12:00:00.000Z warn  dfu: ... [job 4f1c]`. */
export function formatLogEntry(entry: LogEntry): string {
  const job = entry.job === undefined ? '' : ` [job ${entry.job}]`;
  return `${new Date(entry.at).toISOString()} ${entry.level.padEnd(5)} ${entry.source}: ${entry.message}${job}`;
}
