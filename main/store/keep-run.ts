// The program's own row, which whatever it records first brings along.
import type { SQLInputValue } from 'node:sqlite';
import type { RunRow } from './journal-rows.ts';

/** Writes it where it is not there yet. @throws SQLite's errors */
export function keepRun(
  run: (sql: string, ...values: SQLInputValue[]) => unknown,
  { process, ...program }: RunRow,
): void {
  run(
    'INSERT OR IGNORE INTO run VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
    program.id,
    process.pid,
    process.started,
    process.uptimeSeconds,
    program.shell,
    program.version,
    program.system,
    program.startedAt,
  );
}
