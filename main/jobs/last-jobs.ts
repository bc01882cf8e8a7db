import { limits } from '../../shared/limits.ts';
import type { Plan } from '../../shared/plan.ts';
import type { NewJob } from './new-job.ts';

interface LastJob {
  readonly id: string;
  readonly job: NewJob;
  /** The first plan it made of its board: what was agreed to. */
  plan: Plan | undefined;
}

/** What was asked for last, by port: to be done again. At most as many as may run, for files are large. */
export class LastJobs {
  readonly #last = new Map<string, LastJob>();

  /** The newest goes to the end, the oldest makes room. */
  remember(id: string, job: NewJob): void {
    const { request, portPath } = job;
    const key = portPath === '' && request.kind === 'arm' ? `any ${request.profile}` : portPath;
    this.#last.delete(key);
    this.#last.set(key, { id, job, plan: undefined });
    const [oldest] = this.#last.keys();
    if (this.#last.size > limits.runningJobs && oldest !== undefined) this.#last.delete(oldest);
  }

  /** Reading only takes work away from the first plan: the later ones are of that one board. */
  planned(id: string, plan: Plan): void {
    const last = this.#find(id);
    if (last !== undefined) last.plan ??= plan;
  }

  find(id: string): NewJob | undefined {
    return this.#find(id)?.job;
  }

  planOf(id: string): Plan | undefined {
    return this.#find(id)?.plan;
  }

  forget(id: string): void {
    for (const [key, last] of this.#last) if (last.id === id) this.#last.delete(key);
  }

  #find(id: string): LastJob | undefined {
    return [...this.#last.values()].find((one) => one.id === id);
  }
}
