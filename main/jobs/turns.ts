// How a job that runs waits for its turn: at a block border while it is paused, and after a person has answered.
import type { Queue } from './queue.ts';
import type { JobControl } from './request.ts';

/** Whoever waits here is woken when its turn has come, or when it is to end. */
export interface Sleeper {
  wake: (() => void) | undefined;
}

/** The parts of a job's control that its place in the queue answers. */
export function turnsOf(
  queue: Queue,
  id: string,
  sleeper: Sleeper,
): Required<NonNullable<JobControl['turns']>> & { readonly pause: () => Promise<void> | undefined } {
  const until = async (event: 'ready' | 'border'): Promise<void> => {
    const woken = new Promise<void>((resolve) => (sleeper.wake = resolve));
    queue.tell(id, { type: event });
    const is = queue.find(id)?.state.is;
    if (is === 'due' || is === 'paused') await woken;
    sleeper.wake = undefined;
  };
  return {
    pause: () => {
      const state = queue.find(id)?.state;
      return state?.is === 'running' && state.holders.length > 0 ? until('border') : undefined;
    },
    give: () => void queue.tell(id, { type: 'wait' }),
    take: () => until('ready'),
  };
}
