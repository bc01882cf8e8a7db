// The queue alone: whatever happens in whatever order, lanes and limit hold, and every job ends.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Queue } from '../../main/jobs/queue.ts';
import { hasLane, hasSlot, newJobState, stateName, transition } from '../../main/jobs/states.ts';

const soak = process.env['REKINDLE_SOAK'] !== undefined;
const lanes = ['1-1.1', '1-1.2', '1-1.3', '1-1.4', '1-2.1', '1-2.2', '1-2.3', '1-2.4'];

type Move =
  | { readonly do: 'add'; readonly lane: string; readonly armed: boolean }
  | {
      readonly do:
        'end' | 'stop' | 'hold' | 'release' | 'border' | 'wait' | 'ready' | 'claim' | 'unclaim' | 'move';
      readonly which: number;
      readonly lane: string;
    }
  | { readonly do: 'sleep' | 'wake' }
  | { readonly do: 'choose' | 'lower'; readonly limit: number };

const lane = fc.constantFrom(...lanes);
const moves: fc.Arbitrary<Move[]> = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.record({ do: fc.constant('add' as const), lane, armed: fc.boolean() }) },
    {
      weight: 12,
      arbitrary: fc.record({
        do: fc.constantFrom(
          ...([
            'end',
            'stop',
            'hold',
            'release',
            'border',
            'wait',
            'ready',
            'claim',
            'unclaim',
            'move',
          ] as const),
        ),
        which: fc.nat(20),
        lane,
      }),
    },
    fc.record({ do: fc.constantFrom('sleep' as const, 'wake' as const) }),
    fc.record({
      do: fc.constantFrom('choose' as const, 'lower' as const),
      limit: fc.integer({ min: 1, max: 6 }),
    }),
  ),
  { maxLength: 60 },
);

/** A queue whose every step is held against the rules. */
class Watched {
  readonly began: string[] = [];
  readonly queue: Queue;
  #next = 1;

  constructor() {
    this.queue = new Queue(3, {
      begin: (id) => {
        expect(this.began).not.toContain(id);
        this.began.push(id);
        this.#checkAdmitted(id);
      },
      goOn: (id) => {
        expect(this.began).toContain(id);
        this.#checkAdmitted(id);
      },
      changed: () => undefined,
    });
  }

  /** Whoever gets a slot gets one that is there, and nobody keeps it from going on. */
  #checkAdmitted(id: string): void {
    const { state } = this.queue.find(id) ?? {};
    if (state?.is !== 'running') return;
    expect(this.slots).toBeLessThanOrEqual(this.queue.limit);
    expect(state.holders).toEqual([]);
  }

  get slots(): number {
    return this.queue.entries.filter(({ state }) => hasSlot(state)).length;
  }

  make(move: Move): void {
    const { queue } = this;
    switch (move.do) {
      case 'add': {
        const anyPort = move.armed && this.#next % 2 === 0;
        queue.add(`job-${this.#next++}`, anyPort ? '' : move.lane, move.armed);
        return;
      }
      case 'sleep':
      case 'wake':
        queue.sleep(move.do === 'sleep');
        return;
      case 'choose':
        queue.choose(move.limit);
        return;
      case 'lower':
        queue.lower({ to: move.limit, hub: '1-1', ports: [] });
        return;
      default:
        this.#moveOne(move);
    }
  }

  #moveOne(move: Extract<Move, { which: number }>): void {
    const { queue } = this;
    const entry = queue.entries[move.which % Math.max(1, queue.entries.length)];
    if (entry === undefined) return;
    const { id, state } = entry;
    const before = this.slots;
    if (move.do === 'hold' || move.do === 'release') queue.tell(id, { type: move.do, by: 'person' });
    else if (move.do === 'claim') {
      const got = queue.claim(id, move.lane);
      // One that runs on that port has its slot already.
      if (got && state.is !== 'running') expect(before).toBeLessThan(queue.limit);
    } else if (move.do === 'unclaim') {
      if (entry.armed && state.is === 'running') queue.unclaim(id, '');
    } else if (move.do === 'move') {
      if (state.is === 'queued') queue.move(id, undefined);
    } else if (state.is !== 'queued' || move.do === 'stop') queue.tell(id, { type: move.do });
  }

  check(): void {
    const { entries } = this.queue;
    for (const one of lanes) {
      const mine = entries.filter((entry) => entry.lane === one && hasLane(entry.state));
      expect(mine.length, `two on lane ${one}`).toBeLessThanOrEqual(1);
    }
    const busy = new Set(entries.filter(({ state }) => hasLane(state)).map((entry) => entry.lane));
    const free = entries.filter(({ state, lane: one, armed }) => {
      const mayBegin = state.is === 'due' || (state.is === 'queued' && !armed && !busy.has(one));
      return mayBegin && state.holders.length === 0;
    });
    // Nobody waits for nothing.
    if (this.slots < this.queue.limit) expect(free).toEqual([]);
    const armed = entries.filter((entry) => entry.armed && entry.state.is === 'queued');
    for (const entry of armed)
      if (entry.state.is === 'queued' && entry.state.holders.length === 0)
        expect(entry.lane !== '' && busy.has(entry.lane)).toBe(true);
  }

  /** People let go of what they held, and all that runs comes to its end. */
  finish(): void {
    this.queue.sleep(false);
    for (const { id } of this.queue.entries) this.queue.tell(id, { type: 'release', by: 'person' });
    for (let left = 500; this.queue.entries.length > 0; left--) {
      expect(left, 'jobs that never end').toBeGreaterThan(0);
      const next = this.queue.entries.find(({ state }) => hasSlot(state) || hasLane(state));
      expect(next, 'jobs that never begin').toBeDefined();
      if (next !== undefined) this.queue.tell(next.id, { type: 'end' });
      this.check();
    }
  }
}

describe('the queue', () => {
  it('keeps its rules in any order of events', { timeout: soak ? 600_000 : 60_000 }, () => {
    fc.assert(
      fc.property(moves, (schedule) => {
        const watched = new Watched();
        for (const move of schedule) {
          watched.make(move);
          watched.check();
        }
        watched.finish();
      }),
      { numRuns: soak ? 100_000 : 1_000 },
    );
  });

  function queueOf(limit: number): { queue: Queue; told: string[] } {
    const told: string[] = [];
    const queue = new Queue(limit, {
      begin: (id) => void told.push(`begin ${id}`),
      goOn: (id) => void told.push(`go on ${id}`),
      changed: () => undefined,
    });
    return { queue, told };
  }

  it('serves a port one job at a time, and other ports beside it', () => {
    const { queue, told } = queueOf(8);
    queue.add('a', '1-1', false);
    queue.add('b', '1-1', false);
    queue.add('c', '1-2', false);
    expect(told).toEqual(['begin a', 'begin c']);
    queue.tell('a', { type: 'end' });
    expect(told).toEqual(['begin a', 'begin c', 'begin b']);
  });

  it('lets another run while a person thinks, and gives the slot back in its turn', () => {
    const { queue, told } = queueOf(1);
    queue.add('a', '1-1', false);
    queue.add('b', '1-2', false);
    queue.add('c', '1-3', false);
    queue.tell('a', { type: 'wait' });
    expect(told).toEqual(['begin a', 'begin b']);
    queue.tell('a', { type: 'ready' });
    expect(queue.find('a')?.state.is).toBe('due');
    // Its board is open: it goes before one that has not begun.
    queue.tell('b', { type: 'end' });
    expect(told).toEqual(['begin a', 'begin b', 'go on a']);
  });

  it('pauses at a border and not before, and a pause makes room', () => {
    const { queue, told } = queueOf(1);
    queue.add('a', '1-1', false);
    queue.add('b', '1-2', false);
    queue.tell('a', { type: 'hold', by: 'person' });
    expect(stateName(queue.find('a')?.state ?? newJobState)).toBe('pausing');
    expect(told).toEqual(['begin a']);
    queue.tell('a', { type: 'border' });
    expect(told).toEqual(['begin a', 'begin b']);
    queue.tell('a', { type: 'release', by: 'person' });
    queue.tell('b', { type: 'end' });
    expect(told.at(-1)).toBe('go on a');
  });

  it('does not wake with the computer what a person holds', () => {
    const { queue } = queueOf(2);
    queue.add('a', '1-1', false);
    queue.tell('a', { type: 'hold', by: 'person' });
    queue.sleep(true);
    queue.tell('a', { type: 'border' });
    queue.add('b', '1-2', false);
    expect(queue.find('b')?.state.is).toBe('queued');
    queue.sleep(false);
    expect(queue.find('a')?.state.is).toBe('paused');
    expect(queue.find('b')?.state.is).toBe('running');
  });

  it('runs more at a time as soon as it may, and takes back what was lowered when a person chooses', () => {
    const { queue, told } = queueOf(4);
    queue.lower({ to: 1, hub: '1-1', ports: ['1-1.1', '1-1.2'] });
    for (const id of ['a', 'b', 'c']) queue.add(id, id, false);
    expect(told).toEqual(['begin a']);
    queue.choose(2);
    expect(queue.lowered).toBeUndefined();
    expect(told).toEqual(['begin a', 'begin b']);
  });

  it('moves those that have not begun, and no others', () => {
    const { queue, told } = queueOf(1);
    for (const id of ['a', 'b', 'c', 'd']) queue.add(id, id, false);
    queue.move('d', 'b');
    queue.move('b', undefined);
    expect(queue.entries.map(({ id }) => id)).toEqual(['a', 'd', 'c', 'b']);
    expect(() => queue.move('a', undefined)).toThrow(
      expect.objectContaining({ code: 'api.unknown' }) as Error,
    );
    expect(() => queue.move('b', 'z')).toThrow(expect.objectContaining({ code: 'api.unknown' }) as Error);
    queue.tell('a', { type: 'end' });
    expect(told.at(-1)).toBe('begin d');
  });
});

describe('a state', () => {
  it('that has ended stays so', () => {
    for (const type of ['admit', 'wait', 'ready', 'border', 'stop', 'end'] as const)
      expect(transition({ is: 'ended' }, { type })).toEqual({ is: 'ended' });
  });

  it('of a job that is told to end keeps its slot only if it had one', () => {
    const running = transition(newJobState, { type: 'admit' });
    expect(hasSlot(transition(running, { type: 'stop' }))).toBe(true);
    const asked = transition(running, { type: 'wait' });
    expect(hasSlot(transition(asked, { type: 'stop' }))).toBe(false);
    expect(transition(newJobState, { type: 'stop' })).toEqual({ is: 'ended' });
  });
});
