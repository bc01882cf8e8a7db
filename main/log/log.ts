import type { LogLevel } from '../../shared/log.ts';

/** Where notes for the person who will look into a problem go. Never a channel between layers. */
export interface Log {
  /** Never throws. What is written holds no bytes of firmware and no passwords. */
  write(level: LogLevel, source: string, message: string): void;
}

/** Drops everything. */
export const silentLog: Log = { write: () => undefined };
