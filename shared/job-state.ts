// Where a job stands among others, as pages and programs are told it.

/** Who keeps a job from going on: a person, or the computer, which is about to sleep. */
export type Holder = 'person' | 'computer';

/**
 * - `queued`: waits for its turn; nothing of it has begun.
 * - `waiting`: for a person: an answer, a hand on the board, the board itself. Holds no slot.
 * - `due`: has begun, and waits for a slot to go on.
 * - `running`: has its port and a slot.
 * - `pausing`: runs to the next block border, and stops there.
 * - `paused`: at a block border, its board open. Holds no slot.
 * - `ending`: was told to end, and tidies up.
 */
export type JobStateName =
  'queued' | 'waiting' | 'due' | 'running' | 'pausing' | 'paused' | 'ending' | 'ended';

/** Why fewer jobs run at a time than were chosen. */
export interface LoweredLimit {
  readonly to: number;
  /** The hub, by its port path, and the ports on it whose boards were lost. */
  readonly hub: string;
  readonly ports: readonly string[];
}

/** The queue as a whole. */
export interface QueueSnapshot {
  /** Jobs that may run at a time, as chosen. */
  readonly runningAtOnce: number;
  readonly lowered: LoweredLimit | undefined;
  /** Ids of those that have not begun, in the order in which they are served. */
  readonly order: readonly string[];
  /** The computer is about to sleep, or was a moment ago. */
  readonly asleep: boolean;
}
