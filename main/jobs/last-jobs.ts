import { limits } from '../../shared/limits.ts';
import type { NewJob } from './new-job.ts';

/** What was asked for last, by port: to be done again. At most as many as may run, for files are large. */
export class LastJobs {
  readonly #last = new Map<string, { readonly id: string; readonly job: NewJob }>();

  /** The newest goes to the end, the oldest makes room. */
  remember(id: string, job: NewJob): void {
    const { request, portPath } = job;
    const key = portPath === '' && request.kind === 'arm' ? `any ${request.profile}` : portPath;
    this.#last.delete(key);
    this.#last.set(key, { id, job });
    const [oldest] = this.#last.keys();
    if (this.#last.size > limits.runningJobs && oldest !== undefined) this.#last.delete(oldest);
  }

  find(id: string): NewJob | undefined {
    return [...this.#last.values()].find((one) => one.id === id)?.job;
  }

  forget(id: string): void {
    for (const [key, last] of this.#last) if (last.id === id) this.#last.delete(key);
  }
}
