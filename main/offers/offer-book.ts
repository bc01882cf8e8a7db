// What was found for the boards that are plugged in, for as long as they are: pages name offers by these, and nothing else.
import type { BoardUpdates } from '../../shared/board-updates.ts';
import { versionNameOf } from '../../shared/board-updates.ts';
import { FlashError } from '../../shared/errors/flash-error.ts';
import { limits } from '../../shared/limits.ts';
import type { Profile } from '../../shared/profile.ts';
import type { Result } from '../../shared/result.ts';
import { Snapshots } from '../base/snapshots.ts';
import { startWait, type Wait } from '../base/wait.ts';
import type { Services } from '../jobs/services.ts';
import type { Sighting } from '../jobs/survey.ts';
import type { Ask } from '../updates/updates.ts';
import { fetchOffer, type FetchedOffer } from './fetch-offer.ts';
import { keptForBoard, lookForBoard, updatesOf, type Found } from './look-for-board.ts';
import type { FirmwareSources } from './sources.ts';

interface Entry {
  readonly found: Found;
  /** The board it was found for, and where it is. */
  readonly unit: string;
  readonly bus: string;
  /** Somebody has looked: its folders are looked into again. */
  readonly asked: boolean;
  /** Id of the newer firmware that came to be known without anybody looking. */
  readonly news: string | undefined;
}

/** The boards of this run, as the book has to know them. */
export interface BoardsAtHand {
  readonly sightings: readonly Sighting[];
  /** The board on a port, as it was seen last. */
  sightingAt(portPath: string): Sighting | undefined;
  /** A job has it: it is not disturbed. */
  isBusy(sighting: Sighting): boolean;
}

/** Looks when told to, one look a port at a time. */
export class OfferBook implements Disposable {
  /** One entry a port, in the order of the first looks. */
  readonly seen: Snapshots<readonly BoardUpdates[]>;
  readonly #services: Services;
  readonly #sources: FirmwareSources;
  readonly #boards: BoardsAtHand;
  readonly #entries = new Map<string, Entry>();
  readonly #looking = new Map<string, Promise<BoardUpdates>>();
  readonly #ending = new AbortController();

  constructor(services: Services, sources: FirmwareSources, boards: BoardsAtHand) {
    this.#services = services;
    this.#sources = sources;
    this.#boards = boards;
    this.seen = new Snapshots<readonly BoardUpdates[]>([], services.clock, limits.snapshotEveryMs);
  }

  /** The boards that are there and were looked for. */
  get askedFor(): readonly Profile[] {
    const asked = [...this.#entries.values()].filter((one) => one.asked);
    return [...new Set(asked.flatMap(({ found }) => found.profile ?? []))];
  }

  /**
   * Asks a board and its sources. Who asks while a look is on its way gets that one.
   * @throws FlashError `api.unknown` where no board is, `device.locked`, `job.*`, `file.*`, `update.malformed`
   */
  look(portPath: string, ask: Ask): Promise<BoardUpdates> {
    const key = `${ask} ${portPath}`;
    const running = this.#looking.get(key);
    if (running !== undefined) return running;
    const look = this.#look(portPath, ask).finally(() => this.#looking.delete(key));
    this.#looking.set(key, look);
    return look;
  }

  async #look(portPath: string, ask: Ask): Promise<BoardUpdates> {
    const wait = this.#wait(limits.boardLookMs);
    const sighting = this.#boards.sightingAt(portPath);
    if (sighting === undefined) throw new FlashError('api.unknown', { what: 'board' });
    if (this.#boards.isBusy(sighting)) {
      const { shell } = this.#services.host;
      throw new FlashError('device.locked', { portPath, pid: process.pid, shell });
    }
    const bus = sighting.bus.name;
    const found = await lookForBoard(this.#services, this.#sources, sighting, { wait, ask });
    const unit = this.#services.tracker.lastOn({ bus, portPath });
    if (unit === undefined) throw new FlashError('api.unknown', { what: 'board' });
    const before = this.#entries.get(portPath);
    const asked = ask === 'sources' || (before?.unit === unit && before.asked);
    this.#entries.set(portPath, { found, unit, bus, asked, news: undefined });
    this.#tell();
    return updatesOf(found);
  }

  /** What was found for a port. @throws FlashError `api.unknown` where nothing was looked for */
  foundFor(portPath: string): Found {
    const entry = this.#entries.get(portPath);
    if (entry === undefined) throw new FlashError('api.unknown', { what: 'offer' });
    return entry.found;
  }

  /**
   * Fetches an offer found for a port.
   * @throws FlashError `api.unknown` for one that was not; `update.*`, `file.*`, `job.aborted`
   */
  async fetch(portPath: string, id: string): Promise<FetchedOffer> {
    const found = this.foundFor(portPath);
    return await fetchOffer(this.#sources, found, id, {
      wait: this.#wait(limits.offerFetchMs),
      ask: 'sources',
    });
  }

  /** Folders have changed: those of boards that were looked for are looked into, and nobody else is asked. Never rejects. */
  async foldersChanged(): Promise<void> {
    for (const [portPath, { asked }] of [...this.#entries])
      if (asked) await this.#takeLooks(portPath, 'folders', false);
  }

  /** Sources were looked at by themselves: what is kept of them now is told of every board that is there. Never rejects. */
  async lookedDaily(): Promise<void> {
    for (const portPath of [...this.#entries.keys()]) await this.#takeLooks(portPath, 'kept', true);
    await this.takeKept();
  }

  /** Of boards that nobody looked for, what is kept of earlier looks is told; no board is opened, nobody asked. Never rejects. */
  async takeKept(): Promise<void> {
    this.boardsChanged();
    for (const sighting of this.#boards.sightings) {
      const { portPath } = sighting.facts;
      const bus = sighting.bus.name;
      const unit = this.#services.tracker.lastOn({ bus, portPath });
      if (unit === undefined || this.#entries.has(portPath)) continue;
      const wait = this.#wait(limits.boardLookMs);
      const found = await keptForBoard(this.#services, this.#sources, sighting, wait).catch(() => undefined);
      // Somebody may have looked meanwhile, or another board have come.
      if (found === undefined || this.#entries.has(portPath)) continue;
      if (this.#services.tracker.lastOn({ bus, portPath }) !== unit) continue;
      const news = updatesOf(found).best;
      this.#entries.set(portPath, { found, unit, bus, asked: false, news });
      this.#tell();
    }
  }

  /** Boards came or went: what was found for one is of no use to the next on its port. */
  boardsChanged(): void {
    const before = this.#entries.size;
    for (const [portPath, { unit, bus }] of this.#entries)
      if (this.#services.tracker.lastOn({ bus, portPath }) !== unit) this.#entries.delete(portPath);
    if (this.#entries.size !== before) this.#tell();
  }

  /** A job on this port has ended: what the board holds may be another version. */
  jobEnded(portPath: string, { content, says }: Pick<Result, 'content' | 'says'>): void {
    const entry = this.#entries.get(portPath);
    if (entry === undefined || content.kind === 'untouched') return;
    const { found } = entry;
    const of = versionNameOf(found.profile);
    const version = says?.after?.versions.find((one) => one.of === of);
    const standing = {
      ...found.standing,
      version: version === undefined ? undefined : ({ ...version, from: 'program' } as const),
    };
    this.#entries.set(portPath, { ...entry, found: { ...found, standing } });
    this.#tell();
  }

  [Symbol.dispose](): void {
    this.#ending.abort();
  }

  async #takeLooks(portPath: string, ask: Ask, unasked: boolean): Promise<void> {
    const before = this.#entries.get(portPath);
    if (before?.found.profile === undefined) return;
    const { profile } = before.found;
    const wait = this.#wait(limits.boardLookMs);
    const looks = await this.#sources.look(profile, { wait, ask }).catch(() => undefined);
    const now = this.#entries.get(portPath);
    // A look with the board itself, or another board, came in between.
    if (looks === undefined || now === undefined || now.found.looks !== before.found.looks) return;
    const found = { ...now.found, looks };
    const { best } = updatesOf(found);
    const isNew = unasked && best !== undefined && best !== updatesOf(now.found).best;
    this.#entries.set(portPath, { ...now, found, news: isNew ? best : now.news });
    this.#tell();
  }

  #wait(limitMs: number): Wait {
    return startWait(this.#services.clock, limitMs, this.#ending.signal);
  }

  #tell(): void {
    if (this.#ending.signal.aborted) return;
    const all = [...this.#entries.values()].map(({ found, news }) => {
      const updates = updatesOf(found);
      return news !== undefined && news === updates.best ? { ...updates, news } : updates;
    });
    this.seen.set(all, true);
  }
}
