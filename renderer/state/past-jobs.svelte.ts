// The history as it is looked at: one filter, newest first, older ones on request.
import type { HistoryQuery } from '../../shared/contract/history.ts';
import type { HistoryCounts, HistoryEntry, RecordedUnit } from '../../shared/history.ts';
import type { StudioState } from './studio.svelte.ts';

/** Which jobs; `virtual` undefined: both. */
export type PastQuery = HistoryQuery & { readonly virtual?: boolean };

/** One list of jobs. */
export class PastJobs {
  jobs = $state.raw<readonly HistoryEntry[]>();
  more = $state(false);
  counts = $state.raw<HistoryCounts>();
  /** The board, where one is asked for. */
  unit = $state.raw<RecordedUnit>();
  readonly #studio: StudioState;
  #query: PastQuery = {};
  /** Only the newest wish counts. */
  #wish = 0;

  constructor(studio: StudioState) {
    this.#studio = studio;
  }

  /** Begins anew with a filter. @throws as `history.list` */
  async ask(query: PastQuery): Promise<void> {
    this.#query = query;
    const wish = ++this.#wish;
    const page = await this.#studio.client.history.list(query);
    if (wish !== this.#wish) return;
    this.jobs = page.jobs;
    this.more = page.more;
    this.counts = page.counts;
    this.unit = page.unit;
  }

  /** Puts older ones behind the last. @throws as `history.list` */
  async askMore(): Promise<void> {
    const last = this.jobs?.at(-1);
    if (last === undefined) return;
    const wish = ++this.#wish;
    const page = await this.#studio.client.history.list({ ...this.#query, before: last.number });
    if (wish !== this.#wish) return;
    this.jobs = [...(this.jobs ?? []), ...page.jobs];
    this.more = page.more;
  }
}
