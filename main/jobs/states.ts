// The states of a job among others, and what leads from one to another. Pure: the queue holds the states, and its
// invariants are told of them alone.
import type { Holder, JobStateName } from '../../shared/job-state.ts';

interface Held {
  /** Who keeps it from going on; nobody is the usual case. */
  readonly holders: readonly Holder[];
}

/** See `JobStateName` for what each means; `pausing` is a running job that somebody holds. */
export type JobState =
  | ({ readonly is: 'queued' } & Held)
  | ({ readonly is: 'waiting' } & Held)
  | ({ readonly is: 'due' } & Held)
  | ({ readonly is: 'running' } & Held)
  | ({ readonly is: 'paused' } & Held)
  | { readonly is: 'ending'; readonly slot: boolean }
  | { readonly is: 'ended' };

export type JobStateEvent =
  /** Its turn has come. */
  | { readonly type: 'admit' }
  /** It waits for a person from here on. */
  | { readonly type: 'wait' }
  /** The person has answered, or the board is there. */
  | { readonly type: 'ready' }
  | { readonly type: 'hold' | 'release'; readonly by: Holder }
  /** It is at a block border. */
  | { readonly type: 'border' }
  /** It is told to end. */
  | { readonly type: 'stop' }
  | { readonly type: 'end' };

export const newJobState: JobState = { is: 'queued', holders: [] };

/** The state after an event; the very same where the event means nothing to it. */
export function transition(state: JobState, event: JobStateEvent): JobState {
  if (state.is === 'ended') return state;
  if (event.type === 'end') return { is: 'ended' };
  if (state.is === 'ending') return state;
  const { is, holders } = state;
  switch (event.type) {
    case 'admit':
      return (is === 'queued' || is === 'due') && holders.length === 0 ? { is: 'running', holders } : state;
    case 'wait':
      return is === 'queued' || is === 'running' ? { is: 'waiting', holders } : state;
    case 'ready':
      return is === 'waiting' ? { is: 'due', holders } : state;
    case 'hold':
      return holders.includes(event.by) ? state : { is, holders: [...holders, event.by] };
    case 'release':
      return released(state, event.by);
    case 'border':
      return is === 'running' && holders.length > 0 ? { is: 'paused', holders } : state;
    case 'stop':
      return is === 'queued' ? { is: 'ended' } : { is: 'ending', slot: is === 'running' };
  }
}

function released(state: Extract<JobState, Held>, by: Holder): JobState {
  if (!state.holders.includes(by)) return state;
  const holders = state.holders.filter((one) => one !== by);
  return { is: state.is === 'paused' && holders.length === 0 ? 'due' : state.is, holders };
}

/** Whether it counts against the limit. */
export function hasSlot(state: JobState): boolean {
  return state.is === 'running' || (state.is === 'ending' && state.slot);
}

/** Whether its port is its own: nobody else may begin there. */
export function hasLane(state: JobState): boolean {
  return state.is !== 'queued' && state.is !== 'ended';
}

/** What people and programs are told. */
export function stateName(state: JobState): JobStateName {
  return state.is === 'running' && state.holders.length > 0 ? 'pausing' : state.is;
}
