// What is plugged in, kept up to date: hints from the buses only ever make us look.
import type { BoardReport } from '../../shared/board.ts';
import { FlashError, toFlashError } from '../../shared/errors/flash-error.ts';
import { limits } from '../../shared/limits.ts';
import { sleep } from '../base/clock.ts';
import { Snapshots } from '../base/snapshots.ts';
import { startWait } from '../base/wait.ts';
import type { Services } from './services.ts';
import { surveyOnce, type IsBusy, type Sighting, type SurveyMemory } from './survey.ts';
import { refuseAnother } from './which-board.ts';

/** What the ports show. */
export interface BoardsSeen {
  readonly boards: readonly BoardReport[];
  readonly problem: { readonly code: string; readonly params: object } | undefined;
  readonly looked: boolean;
}

/** One look at all ports, ms. */
const lookLimitMs = 20_000;
/** Looks are this far apart, ms: a device that comes and goes without end is not looked at without end. */
const pauseMs = 50;
/** Hints may be lost: without any, the ports are looked at this often, ms. Nothing is opened again for it. */
const restMs = 5_000;

/** Looks when told to, one look at a time, and tells what changed. */
export class BoardWatch implements AsyncDisposable {
  readonly seen: Snapshots<BoardsSeen>;
  readonly #services: Services;
  readonly #busy: IsBusy;
  readonly #memory: SurveyMemory = { seen: new Map(), last: new Map() };
  readonly #abort = new AbortController();
  readonly #watches: Disposable[];
  #running: Promise<void> | undefined;
  /** The look that was asked for and has not begun. */
  #next: PromiseWithResolvers<undefined> | undefined;
  #sightings: readonly Sighting[] = [];
  #lookedAt = Number.NEGATIVE_INFINITY;
  /** Whether the next look also tries boards that could not be opened. */
  #retry = true;
  #stopResting = (): void => undefined;

  /** @param busy what a job has, or waits for: it is not opened */
  constructor(services: Services, busy: IsBusy) {
    this.#services = services;
    this.#busy = busy;
    const nothing: BoardsSeen = { boards: [], problem: undefined, looked: false };
    this.seen = new Snapshots(nothing, services.clock, limits.snapshotEveryMs);
    this.#watches = services.buses.map((bus) => bus.watch(() => void this.refresh()));
  }

  /** Looks; resolves after a look that began later than the call, whatever is asked for meanwhile. Never rejects. */
  async refresh(): Promise<void> {
    this.#retry = true;
    await this.#lookSoon();
  }

  /**
   * A person says which board stands on a port, or takes it back. It is remembered until another board stands there.
   * @throws FlashError `api.unknown`, `device.not-that-board` when it cannot be that one, or is proven to be another
   */
  async tell(portPath: string, profileId: string | undefined): Promise<void> {
    const { profiles, tracker } = this.#services;
    const sighting = this.sightingAt(portPath);
    if (sighting === undefined) throw new FlashError('api.unknown', { what: 'board' });
    const profile = profiles.find((one) => one.id === profileId);
    if (profileId !== undefined && profile === undefined)
      throw new FlashError('api.unknown', { what: 'profile' });
    refuseAnother(this.#services, sighting, profileId);
    const { bus, facts } = sighting;
    const place = { bus: bus.name, portPath, generation: facts.generation };
    if (!tracker.tell(place, profile)) throw new FlashError('api.unknown', { what: 'board' });
    await this.refresh();
  }

  /** All that is there, as it was seen last. */
  get sightings(): readonly Sighting[] {
    return this.#sightings;
  }

  /** The board on a port, as it was seen last; undefined where none is. */
  sightingAt(portPath: string): Sighting | undefined {
    return this.sightings.find(({ facts }) => facts.portPath === portPath);
  }

  async #lookSoon(): Promise<void> {
    if (this.#abort.signal.aborted) return;
    const { promise } = (this.#next ??= Promise.withResolvers<undefined>());
    this.#running ??= this.#lookUntilQuiet();
    await promise;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const watch of this.#watches) watch[Symbol.dispose]();
    this.#abort.abort();
    this.#stopResting();
    await this.#running;
  }

  async #lookUntilQuiet(): Promise<void> {
    const { signal } = this.#abort;
    const { clock } = this.#services;
    while (this.#next !== undefined && !signal.aborted) {
      const sinceMs = clock.now() - this.#lookedAt;
      if (sinceMs < pauseMs) await sleep(clock, pauseMs - sinceMs, signal).catch(() => undefined);
      const { resolve } = this.#next;
      this.#next = undefined;
      await this.#look();
      this.#lookedAt = clock.now();
      resolve(undefined);
    }
    this.#next?.resolve(undefined);
    this.#running = undefined;
    if (signal.aborted) return;
    this.#stopResting();
    this.#stopResting = clock.after(restMs, () => void this.#lookSoon());
  }

  async #look(): Promise<void> {
    const wait = startWait(this.#services.clock, lookLimitMs, this.#abort.signal);
    const look = { busy: this.#busy, retry: this.#retry };
    this.#retry = false;
    try {
      const partly = (sightings: readonly Sighting[]): void => {
        this.#sightings = sightings;
        this.#tell({ ...this.seen.value, boards: shown(sightings) });
      };
      const { sightings, problem } = await surveyOnce(this.#services, this.#memory, look, wait, partly);
      this.#sightings = sightings;
      this.#tell({ boards: shown(sightings), problem, looked: true });
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

function shown(sightings: readonly Sighting[]): BoardReport[] {
  return sightings.map(({ report }) => report).filter((board) => !board.internal);
}
