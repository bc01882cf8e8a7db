// What is plugged in, kept up to date: hints from the buses only ever make us look.
import type { BoardReport } from '../../shared/board.ts';
import { toFlashError } from '../../shared/errors/flash-error.ts';
import { limits } from '../../shared/limits.ts';
import { Snapshots } from '../base/snapshots.ts';
import { startWait } from '../base/wait.ts';
import type { Services } from './services.ts';
import { surveyOnce, type Sighting } from './survey.ts';

/** What the ports show. */
export interface BoardsSeen {
  readonly boards: readonly BoardReport[];
  readonly problem: { readonly code: string; readonly params: object } | undefined;
  readonly looked: boolean;
}

/** One look at all ports, ms; a port that answers nonsense slowly does not hold up the others for longer. */
const lookLimitMs = 20_000;

/** Looks when told to, one look at a time, and tells what changed. */
export class BoardWatch implements AsyncDisposable {
  readonly seen: Snapshots<BoardsSeen>;
  readonly #services: Services;
  readonly #busy: () => ReadonlySet<string>;
  readonly #sightings = new Map<string, Sighting>();
  readonly #abort = new AbortController();
  readonly #watches: Disposable[];
  #running: Promise<void> | undefined;
  #again = false;

  /** @param busy ports a job has: nothing there is opened */
  constructor(services: Services, busy: () => ReadonlySet<string>) {
    this.#services = services;
    this.#busy = busy;
    const nothing: BoardsSeen = { boards: [], problem: undefined, looked: false };
    this.seen = new Snapshots(nothing, services.clock, limits.snapshotEveryMs);
    this.#watches = services.buses.map((bus) => bus.watch(() => void this.refresh()));
  }

  /** Looks, or looks again after the look that is under way. Never rejects. */
  async refresh(): Promise<void> {
    this.#again = true;
    this.#running ??= this.#lookUntilQuiet();
    await this.#running;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const watch of this.#watches) watch[Symbol.dispose]();
    this.#abort.abort();
    await this.#running;
  }

  async #lookUntilQuiet(): Promise<void> {
    while (this.#again && !this.#abort.signal.aborted) {
      this.#again = false;
      await this.#look();
    }
    this.#running = undefined;
  }

  async #look(): Promise<void> {
    const wait = startWait(this.#services.clock, lookLimitMs, this.#abort.signal);
    try {
      const { sightings, problem } = await surveyOnce(this.#services, this.#sightings, this.#busy(), wait);
      const boards = sightings.map(({ report }) => report).filter((board) => !board.internal);
      this.#tell({ boards, problem, looked: true });
    } catch (error) {
      if (this.#abort.signal.aborted) return;
      const { code, params } = toFlashError(error);
      this.#tell({ boards: this.seen.value.boards, problem: { code, params }, looked: true });
    }
  }

  #tell(seen: BoardsSeen): void {
    if (JSON.stringify(seen) !== JSON.stringify(this.seen.value)) this.seen.set(seen, true);
  }
}
