// Calls of the serial library cannot be taken back: past the deadline they are left to end by themselves.
import type { Clock } from '../../base/clock.ts';
import { abortedError, remaining, type Wait } from '../../base/wait.ts';
import { FlashError } from '../../../shared/errors/flash-error.ts';

/**
 * The call's end, or the wait's if that comes first.
 * @param late is given what the call brings when nobody waits any more
 * @throws FlashError `job.timeout`, `job.aborted`; what the call throws as it is
 */
export function settleWithin<T>(
  call: Promise<T>,
  wait: Wait,
  clock: Clock,
  late: (value: T) => void = () => undefined,
): Promise<T> {
  return new Promise((resolve, reject) => {
    let over = false;
    const finish = (act: () => void): void => {
      if (over) return;
      over = true;
      stopTimer();
      wait.signal.removeEventListener('abort', onAbort);
      act();
    };
    const onAbort = (): void => finish(() => reject(abortedError(wait.signal)));
    const stopTimer = clock.after(remaining(wait, clock), () =>
      finish(() => reject(new FlashError('job.timeout', {}))),
    );
    wait.signal.addEventListener('abort', onAbort, { once: true });
    if (wait.signal.aborted) onAbort();
    call.then(
      (value) => (over ? late(value) : finish(() => resolve(value))),
      (error: unknown) => finish(() => reject(error instanceof Error ? error : new Error(String(error)))),
    );
  });
}
