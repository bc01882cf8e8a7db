import type { Log } from './log/log.ts';

/** What a shell gives the core: the place it runs in. */
export interface Host {
  /** `win32`, `darwin`, `linux`: words and remedies depend on it. */
  readonly platform: 'linux' | 'darwin' | 'win32';
  /** Name of the shell, for locks and logs: `command line`, `window`. */
  readonly shell: string;
  readonly version: string;
  readonly log: Log;
  readonly paths: {
    /** Backups go here unless a file is named. */
    readonly backups: string;
    /** Boards a person has described. */
    readonly profiles: string;
    /** The history and journal of all jobs; images of open ones lie in `images` beside it. */
    readonly database: string;
    /** What the person has chosen. */
    readonly settings: string;
    /** Firmware that was looked for and fetched, and the person's own sources of it. */
    readonly updates: string;
    /** Lock files of boards in use, shared by all of a user's shells. */
    readonly locks: string;
    /** The program's log files, and in `jobs` those of single jobs. */
    readonly logs: string;
  };
  /** The wall clock, for names and records. */
  now(): Date;
}
