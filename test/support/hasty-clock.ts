import { realClock, type Clock } from '../../main/base/clock.ts';

/**
 * A clock on which everything happens so many times faster, for waits a person has patience for and a test has not.
 * Where a page is clicked meanwhile, three is as much as a busy machine can follow.
 */
export function hastyClock(factor: number): Clock {
  return {
    now: () => realClock.now() * factor,
    after: (milliseconds, action) => realClock.after(milliseconds / factor, action),
  };
}
