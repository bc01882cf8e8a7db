// Whose turn it is: one lane for each port, and a limit over all of them. Knows states and no boards.
import { FlashError } from '../../shared/errors/flash-error.ts';
import type { Holder, LoweredLimit } from '../../shared/job-state.ts';
import { hasLane, hasSlot, newJobState, transition, type JobState, type JobStateEvent } from './states.ts';

/** A job as the queue sees it. */
export interface QueueEntry {
  readonly id: string;
  /** Its port; empty while it waits for its board on any. */
  readonly lane: string;
  /** Waits for its board first, and needs no slot for that. */
  readonly armed: boolean;
  readonly state: JobState;
}

/** What the queue tells its owner. */
export interface QueueEvents {
  /** Its turn has come, or it waits for its board from now on: it may begin. */
  readonly begin: (id: string) => void;
  /** It has its slot back. */
  readonly goOn: (id: string) => void;
  readonly changed: (entry: QueueEntry) => void;
}

/** All jobs that have not ended, in the order in which they are served. */
export class Queue {
  readonly #events: QueueEvents;
  #entries: QueueEntry[] = [];
  #chosen: number;
  #lowered: LoweredLimit | undefined;
  #asleep = false;

  constructor(runningAtOnce: number, events: QueueEvents) {
    this.#chosen = runningAtOnce;
    this.#events = events;
  }

  get entries(): readonly QueueEntry[] {
    return this.#entries;
  }

  get runningAtOnce(): number {
    return this.#chosen;
  }

  get lowered(): LoweredLimit | undefined {
    return this.#lowered;
  }

  get asleep(): boolean {
    return this.#asleep;
  }

  /** Jobs that may run at a time now. */
  get limit(): number {
    return Math.min(this.#chosen, this.#lowered?.to ?? this.#chosen);
  }

  find(id: string): QueueEntry | undefined {
    return this.#entries.find((one) => one.id === id);
  }

  /** Takes a job in; it may begin before this returns. */
  add(id: string, lane: string, armed: boolean): void {
    const holders: readonly Holder[] = this.#asleep ? ['computer'] : [];
    this.#entries.push({ id, lane, armed, state: { ...newJobState, holders } as JobState });
    this.#serve();
  }

  /** A person's choice: what was lowered by itself is taken back. */
  choose(runningAtOnce: number): void {
    this.#chosen = runningAtOnce;
    this.#lowered = undefined;
    this.#serve();
  }

  /** Fewer at a time from here on; those that run go on. Nothing where it is so already. */
  lower(lowered: LoweredLimit): void {
    if (lowered.to < this.limit) this.#lowered = lowered;
  }

  /** One event for one job. @throws FlashError `api.unknown` for a job there is not */
  tell(id: string, event: Exclude<JobStateEvent, { type: 'admit' }>): JobState {
    const entry = this.#change(id, event);
    this.#serve();
    return entry.state;
  }

  /** The computer is about to sleep, or is awake again: all jobs are held, and let go. */
  sleep(asleep: boolean): void {
    this.#asleep = asleep;
    for (const { id } of this.#entries)
      this.#change(id, { type: asleep ? 'hold' : 'release', by: 'computer' });
    this.#serve();
  }

  /**
   * A job that waited for its board has found it. False where the port is another's, no slot is free, or somebody
   * holds the job: then it goes on waiting.
   */
  claim(id: string, lane: string): boolean {
    const entry = this.find(id);
    if (entry?.state.is === 'running' && entry.lane === lane) return true;
    if (entry?.armed !== true || (entry.lane !== '' && entry.lane !== lane)) return false;
    if (this.#laneTaken(lane, id) || !this.#slotFree()) return false;
    if (entry.state.is !== 'waiting' || entry.state.holders.length > 0) return false;
    this.#put({
      ...entry,
      lane,
      state: transition(transition(entry.state, { type: 'ready' }), { type: 'admit' }),
    });
    return true;
  }

  /** It waits again, on the port it was bound to, or on any. */
  unclaim(id: string, lane: string): void {
    const entry = this.find(id);
    if (entry === undefined) return;
    this.#put({ ...entry, lane, state: transition(entry.state, { type: 'wait' }) });
    this.#serve();
  }

  /** Whether no other job has this port. */
  isFree(id: string, lane: string): boolean {
    return !this.#laneTaken(lane, id);
  }

  /** The board of a job came back on another port: the old one is free for others. False where the new one is another's. */
  follow(id: string, lane: string): boolean {
    const entry = this.find(id);
    if (entry === undefined || this.#laneTaken(lane, id)) return false;
    this.#put({ ...entry, lane });
    this.#serve();
    return true;
  }

  /** Before another one; at the end without one. Only what has not begun has an order. @throws FlashError `api.unknown` */
  move(id: string, before: string | undefined): void {
    const entry = this.find(id);
    if (entry?.state.is !== 'queued') throw new FlashError('api.unknown', { what: 'job' });
    if (before === id) return;
    const rest = this.#entries.filter((one) => one.id !== id);
    const at = before === undefined ? rest.length : rest.findIndex((one) => one.id === before);
    if (at < 0) throw new FlashError('api.unknown', { what: 'job' });
    this.#entries = [...rest.slice(0, at), entry, ...rest.slice(at)];
    this.#serve();
  }

  #change(id: string, event: JobStateEvent): QueueEntry {
    const entry = this.find(id);
    if (entry === undefined) throw new FlashError('api.unknown', { what: 'job' });
    const state = transition(entry.state, event);
    if (state === entry.state) return entry;
    const changed = { ...entry, state };
    this.#put(changed);
    return changed;
  }

  #put(entry: QueueEntry): void {
    this.#entries = this.#entries.flatMap((one) => {
      if (one.id !== entry.id) return one;
      return entry.state.is === 'ended' ? [] : entry;
    });
    this.#events.changed(entry);
  }

  #laneTaken(lane: string, by: string): boolean {
    return this.#entries.some(
      (one) => one.id !== by && one.lane === lane && lane !== '' && hasLane(one.state),
    );
  }

  #slotFree(): boolean {
    return this.#entries.filter(({ state }) => hasSlot(state)).length < this.limit;
  }

  /** Those whose boards are open go first; then the first in line whose port is free. */
  #serve(): void {
    for (;;) {
      const next = this.#nextDue() ?? this.#nextQueued();
      if (next === undefined) return;
      const waits = next.state.is === 'queued' && next.armed;
      const due = next.state.is === 'due';
      this.#change(next.id, { type: waits ? 'wait' : 'admit' });
      if (due) this.#events.goOn(next.id);
      else this.#events.begin(next.id);
    }
  }

  #nextDue(): QueueEntry | undefined {
    if (!this.#slotFree()) return undefined;
    return this.#entries.find(({ state }) => state.is === 'due' && state.holders.length === 0);
  }

  #nextQueued(): QueueEntry | undefined {
    const slotFree = this.#slotFree();
    return this.#entries.find(({ id, lane, armed, state }) => {
      if (state.is !== 'queued' || state.holders.length > 0 || this.#laneTaken(lane, id)) return false;
      return armed || slotFree;
    });
  }
}
