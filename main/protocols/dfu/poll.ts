// When to ask GETSTATUS again (dfu.md 0 rule 6, 2.11 "Execution model", 6.4).
import type { Clock } from '../../base/clock.ts';

/** What the device is busy with. Durations are learned per kind and size: all blocks of one size take alike. */
export interface Operation {
  readonly kind: 'program' | 'erase' | 'mass-erase' | 'address' | 'option-bytes' | 'plain-block' | 'manifest';
  /** Bytes it works on; 0 where that means nothing. */
  readonly sizeBytes: number;
}

/**
 * Hard ceilings in ms: past them the device is stuck, whatever it says (dfu.md 6.4; mass erase of an F4
 * takes up to 32 s, 2.10; plain DFU has fwupd's busy watchdog of 120 s, 1.9).
 */
export const ceilingMs: Record<Operation['kind'], number> = {
  program: 5_000,
  erase: 10_000,
  'mass-erase': 40_000,
  address: 5_000,
  'option-bytes': 10_000,
  'plain-block': 120_000,
  manifest: 60_000,
};

/** Stalls (or wire errors) of GETSTATUS in a row that still mean "busy" (dfu.md 2.11: L4 ROM stalls while erasing). */
export function toleratedStalls(kind: Operation['kind']): number {
  return kind === 'mass-erase' ? 10 : 3;
}

/** Devices that once misbehaved under early polling, by `vid:pid:bcd`; shared by all sessions of a core. */
export type PollMemory = Set<string>;

/** Least wait after a stalled GETSTATUS, ms (dfu.md 6.4). */
const leastAfterStallMs = 10;
/**
 * When to ask next, as a part of how long the work took. After an answer that came busy: just before the end. After
 * one that came at once and done: the work may have been over for a while, so earlier, and the more so the more often.
 * After one the device held back until it was done (NAKs, dfu.md 2.11): well before, for then the answer comes at the
 * very moment.
 */
const eagerness = { busy: 0.985, done: 0.95, held: 0.9 } as const;
/** An answer was held back when it took this much longer than usual; less is the computer's own slowness. */
const heldPart = 0.04;
const leastHeldMs = 2;
const heldFactor = 2;
/** Asking too early costs nothing where answers are held back, so one slow answer does not move the moment far. */
const heldGrowth = 1.05;
/** Weight of the newest answer in what is usual. */
const usualWeight = 0.25;

/** How the last question of a piece of work went. Moments are ms since the work began. */
export interface LastPoll {
  /** When it was to be asked; the computer may have been late, which says nothing of the device. */
  readonly plannedMs: number;
  readonly askedMs: number;
  readonly answeredMs: number;
  /** Whether an earlier one, after a wait, found the device busy. */
  readonly sawBusy: boolean;
  /** How long the first answer took, which no device holds back: it starts the work. */
  readonly firstAnswerMs: number;
}

/**
 * Decides each wait between two GETSTATUS. Obedient: the device's own bwPollTimeout. Early: learns how
 * long an operation really takes, asks just before that, then in short steps; a device that has not been
 * timed yet is asked at growing fractions of its hint. After any anomaly it is obedient for good.
 */
export class PollPolicy {
  /** When to ask, ms after the start of the work. */
  readonly #learned = new Map<string, number>();
  /** Answers in a row that came at once and done. */
  readonly #streaks = new Map<string, number>();
  #usualAnswerMs: number | undefined;
  readonly #memory: PollMemory;
  readonly #deviceKey: string;
  readonly #fixedMs: number | undefined;
  #obedient: boolean;

  constructor(options: {
    obedient: boolean;
    fixedMs?: number | undefined;
    memory: PollMemory;
    deviceKey: string;
  }) {
    this.#memory = options.memory;
    this.#deviceKey = options.deviceKey;
    this.#fixedMs = options.fixedMs;
    this.#obedient = options.obedient || options.memory.has(options.deviceKey);
  }

  get obedient(): boolean {
    return this.#obedient;
  }

  /** The device stalled, erred or lost its place while polled early: no more of that on this kind of device. */
  reportAnomaly(): void {
    this.#obedient = true;
    this.#memory.add(this.#deviceKey);
  }

  /**
   * Milliseconds to wait before the next GETSTATUS.
   * @param hintMs the latest bwPollTimeout
   * @param elapsedMs since the operation was started by its first GETSTATUS
   * @param polls answered so far, at least 1
   */
  delay(operation: Operation, hintMs: number, elapsedMs: number, polls: number): number {
    if (operation.kind === 'address' && !this.#obedient) return 0;
    if (this.#fixedMs !== undefined) return this.#fixedMs;
    if (this.#obedient) return hintMs;
    const learned = this.#learned.get(keyOf(operation)) ?? this.#smaller(operation);
    if (learned !== undefined) {
      const early = learned - elapsedMs;
      if (early > 0) return early;
      return operation.kind === 'erase' ? Math.max(1, elapsedMs * 0.02) : stepMs(learned, polls);
    }
    return untimedDelay(operation.kind, hintMs, elapsedMs, polls);
  }

  /** A sector that has not been timed yet takes at least as long as a smaller one that has. */
  #smaller(operation: Operation): number | undefined {
    if (operation.kind !== 'erase') return undefined;
    const times = [...this.#learned].flatMap(([key, ms]) => {
      const [kind, size] = key.split(':');
      return kind === 'erase' && Number(size) < operation.sizeBytes ? [ms] : [];
    });
    return times.length === 0 ? undefined : Math.max(...times);
  }

  /** After a GETSTATUS that stalled: at least the last hint. */
  delayAfterStall(hintMs: number): number {
    return Math.max(leastAfterStallMs, this.#fixedMs ?? hintMs);
  }

  /** Notes how the work ended, for when to ask the next time. */
  learn(operation: Operation, last: LastPoll): void {
    const { plannedMs, askedMs, answeredMs, sawBusy, firstAnswerMs } = last;
    const usual = this.#usualAnswerMs ?? firstAnswerMs;
    this.#usualAnswerMs = usual + (firstAnswerMs - usual) * usualWeight;
    if (plannedMs <= 0) return;
    const key = keyOf(operation);
    const held = answeredMs - askedMs >= heldFactor * usual + Math.max(leastHeldMs, plannedMs * heldPart);
    const streak = held || sawBusy ? 0 : (this.#streaks.get(key) ?? 0) + 1;
    this.#streaks.set(key, streak);
    const before = this.#learned.get(key);
    if (held)
      this.#learned.set(key, Math.min(answeredMs * eagerness.held, (before ?? answeredMs) * heldGrowth));
    else if (sawBusy) this.#learned.set(key, plannedMs * eagerness.busy);
    else {
      const latest = Math.min(before ?? plannedMs, plannedMs);
      this.#learned.set(key, latest * eagerness.done ** streak);
    }
  }
}

/** Short at first and then doubling, so that a slow block costs few polls and a normal one little idle time. */
function stepMs(learnedMs: number, polls: number): number {
  return Math.max(1, learnedMs * 0.01) * 2 ** Math.max(0, Math.min(polls - 2, 12));
}

/**
 * At an eighth, a quarter, half and the whole of the hint. Past it the hint was too low: erases, which are long,
 * are then asked in steps of a twentieth of what has passed, blocks in doubling ones.
 */
function untimedDelay(kind: Operation['kind'], hintMs: number, elapsedMs: number, polls: number): number {
  const isErase = kind === 'erase' || kind === 'mass-erase';
  if (elapsedMs >= hintMs && elapsedMs > 0) return Math.max(1, elapsedMs * (isErase ? 0.05 : 1));
  if (hintMs <= 1) return polls === 1 ? 0 : 1;
  return Math.max(hintMs * 2 ** Math.min(0, polls - 4) - elapsedMs, hintMs / 16, 1);
}

function keyOf(operation: Operation): string {
  return `${operation.kind}:${operation.sizeBytes}`;
}

/** A clock reading and how to see what passed since. */
export function stopwatch(clock: Clock): () => number {
  const start = clock.now();
  return () => clock.now() - start;
}
