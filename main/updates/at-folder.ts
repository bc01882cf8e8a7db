// A folder may lie on a share that never answers, and the system then never lets go of the thread that asks. Threads are few, and
// boards need them: of each folder one asks at a time, and of all folders a few.
import { limits } from '../../shared/limits.ts';
import type { Clock } from '../base/clock.ts';
import { within, type Wait } from '../base/wait.ts';

/** Of the whole process, as its threads are. Each settles when its call has come back, and never rejects. */
const underWay = new Map<string, Promise<void>>();

/**
 * Asks the system about a folder when it is its turn, and waits no longer than the wait for the answer.
 * @throws FlashError `job.timeout`, `job.aborted`; else what the call throws
 */
export async function atFolder<T>(
  folder: string,
  wait: Wait,
  clock: Clock,
  call: () => Promise<T>,
): Promise<T> {
  for (;;) {
    const before = inTheWay(folder);
    if (before === undefined) break;
    await within(wait, clock, before);
  }
  const calling = call();
  const back = calling.then(
    () => void underWay.delete(folder),
    () => void underWay.delete(folder),
  );
  underWay.set(folder, back);
  return await within(wait, clock, calling);
}

function inTheWay(folder: string): Promise<void> | undefined {
  const same = underWay.get(folder);
  if (same !== undefined) return same;
  return underWay.size < limits.foldersAtOnce ? undefined : Promise.race(underWay.values());
}
