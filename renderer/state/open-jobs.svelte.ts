// What earlier jobs left, and what is wrong with the history: asked when the page opens and whenever a job has ended.
import type { OpenJobReport } from '../../shared/contract/history.ts';
import { failureOf, type Failure } from '../client/errors.ts';
import type { StudioState } from './studio.svelte.ts';

/** One for the whole page: what the core tells once is kept until it was read. */
class OpenJobs {
  /** Those of programs that still run are theirs. */
  jobs = $state.raw<readonly OpenJobReport[]>([]);
  /** Undefined until the core has answered for the first time. */
  asked = $state(false);
  troubles = $state.raw<readonly Failure[]>([]);
  readonly #studio: StudioState;
  readonly #read = new Set<string>();
  #wish = 0;

  constructor(studio: StudioState) {
    this.#studio = studio;
  }

  /** Asks the core. Never rejects. */
  async look(): Promise<void> {
    const wish = ++this.#wish;
    try {
      const { jobs, notices } = await this.#studio.client.history.open({});
      for (const notice of notices) this.#tell(notice);
      if (wish === this.#wish) this.jobs = jobs.filter(({ state }) => state !== 'running');
    } catch (error) {
      const failure = failureOf(error);
      // Without a connection there is nobody to ask; it is asked again with the next one.
      if (failure.code !== 'internal' && !this.#read.has(failure.code)) this.#tell(failure);
    }
    this.asked = true;
  }

  /** The person has read it: of this kind, it is not said again. */
  dismiss(trouble: Failure): void {
    this.#read.add(trouble.code);
    this.troubles = this.troubles.filter((one) => one.code !== trouble.code);
  }

  #tell(trouble: Failure): void {
    this.troubles = [...this.troubles.filter(({ code }) => code !== trouble.code), trouble];
  }
}

const known = new WeakMap<StudioState, OpenJobs>();

/** What earlier jobs left, of this page's core. */
export function openJobsOf(studio: StudioState): OpenJobs {
  const found = known.get(studio) ?? new OpenJobs(studio);
  known.set(studio, found);
  return found;
}
