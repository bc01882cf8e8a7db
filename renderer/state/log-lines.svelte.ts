// The log as the page shows it: the newest lines, older ones on request, new ones as they come.
import { limits } from '../../shared/limits.ts';
import type { LogEntry, LogLevel } from '../../shared/log.ts';
import type { StudioState } from './studio.svelte.ts';

/** Lines kept in the page; the oldest go first. */
const mostLines = 20_000;

/** Which lines are shown. */
export interface LogFilter {
  readonly level: LogLevel;
  readonly job: string | undefined;
}

/** One filter's view of the log; thrown away when the filter changes. */
export class LogLines {
  lines = $state.raw<readonly LogEntry[]>([]);
  /** There are older ones the core still has. */
  more = $state(false);
  readonly #studio: StudioState;
  readonly #filter: LogFilter;
  #last = 0;
  #loading = false;

  constructor(studio: StudioState, filter: LogFilter) {
    this.#studio = studio;
    this.#filter = filter;
  }

  /** Loads the newest lines and follows until the signal. */
  async follow(signal: AbortSignal): Promise<void> {
    const page = await this.#page({});
    this.lines = page.entries;
    this.more = page.more;
    this.#last = page.last;
    try {
      for await (const _ of await this.#studio.client.logs.watch({}, { signal })) await this.#append();
    } catch {
      // The filter changed, the view was left, or the connection is gone: whoever shows lines next begins anew.
    }
  }

  /** Puts older lines before the first. */
  async loadOlder(): Promise<void> {
    const [first] = this.lines;
    if (this.#loading || !this.more || first === undefined) return;
    this.#loading = true;
    const page = await this.#page({ before: first.sequence });
    this.lines = [...page.entries, ...this.lines];
    this.more = page.more;
    this.#loading = false;
  }

  async #append(): Promise<void> {
    for (;;) {
      const page = await this.#page({ after: this.#last });
      const newest = page.entries.at(-1);
      if (newest !== undefined) this.lines = [...this.lines, ...page.entries].slice(-mostLines);
      this.#last = page.more ? (newest?.sequence ?? page.last) : page.last;
      if (!page.more) return;
    }
  }

  #page(where: { before?: number; after?: number }) {
    const { level, job } = this.#filter;
    return this.#studio.client.logs.page({
      ...where,
      limit: limits.logPageLines,
      level,
      ...(job === undefined ? {} : { job }),
    });
  }
}
