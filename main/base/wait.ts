import { FlashError } from '../../shared/errors/flash-error.ts';
import { sleep, type Clock } from './clock.ts';

/**
 * How long, and on whose word, a call may wait. Required by every call that waits, so that none can
 * forget it. `deadline` is a time of the Clock in use, and only shrinks on the way down.
 */
export interface Wait {
  readonly signal: AbortSignal;
  readonly deadline: number;
}

/** A wait of its own: for the outermost caller, and for tidying up after the first one ended. */
export function startWait(clock: Clock, milliseconds: number, signal?: AbortSignal): Wait {
  return { signal: signal ?? new AbortController().signal, deadline: clock.now() + milliseconds };
}

/** The same wait, ended after `milliseconds` at the latest. */
export function shrink(wait: Wait, clock: Clock, milliseconds: number): Wait {
  return { signal: wait.signal, deadline: Math.min(wait.deadline, clock.now() + milliseconds) };
}

/** Milliseconds left, never negative. */
export function remaining(wait: Wait, clock: Clock): number {
  return Math.max(0, wait.deadline - clock.now());
}

/**
 * Between two requests: is there still leave to go on?
 * @throws FlashError `job.aborted` after the signal, `job.timeout` after the deadline
 */
export function checkWait(wait: Wait, clock: Clock): void {
  if (wait.signal.aborted) throw abortedError(wait.signal);
  if (clock.now() >= wait.deadline) throw new FlashError('job.timeout', {});
}

/**
 * Sleeps within the wait.
 * @throws FlashError `job.aborted` or `job.timeout`
 */
export async function sleepWithin(wait: Wait, clock: Clock, milliseconds: number): Promise<void> {
  checkWait(wait, clock);
  const left = remaining(wait, clock);
  try {
    await sleep(clock, Math.min(milliseconds, left), wait.signal);
  } catch {
    throw abortedError(wait.signal);
  }
  if (milliseconds > left) throw new FlashError('job.timeout', {});
}

/**
 * What a call brings that cannot be interrupted, where it brings it within the wait; what comes later is dropped.
 * @throws FlashError `job.aborted`, `job.timeout`; else what the call throws
 */
export function within<T>(wait: Wait, clock: Clock, call: Promise<T>): Promise<T> {
  const { signal } = wait;
  return new Promise((resolve, reject) => {
    const end = (): void => {
      cancel();
      signal.removeEventListener('abort', onAbort);
    };
    const onAbort = (): void => {
      end();
      reject(abortedError(signal));
    };
    const cancel = clock.after(remaining(wait, clock), () => {
      end();
      reject(new FlashError('job.timeout', {}));
    });
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
    call.finally(end).then(resolve, reject);
  });
}

/** The error every layer throws for an aborted signal. */
export function abortedError(signal: AbortSignal): FlashError {
  return signal.reason instanceof FlashError
    ? (signal.reason as FlashError)
    : new FlashError('job.aborted', {});
}
