export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** Where notes for the person who will look into a problem go. Never a channel between layers. */
export interface Log {
  write(level: LogLevel, source: string, message: string): void;
}

/** Drops everything. */
export const silentLog: Log = { write: () => undefined };
