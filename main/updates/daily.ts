// Looking once a day, where the person has switched that on: the boards that were looked for before, and no others.
import { limits } from '../../shared/limits.ts';
import type { Clock } from '../base/clock.ts';

export interface DailyLookParts {
  readonly clock: Clock;
  /** The wall clock: a day is a day also while the computer sleeps. */
  readonly now: () => Date;
  /** Whether the person wants it, as of now. */
  readonly wanted: () => boolean;
  /** When anything was last looked at, by whomever; undefined where nothing ever was. Never rejects. */
  readonly lastLook: () => Promise<Date | undefined>;
  /** Looks. Never rejects. */
  readonly look: (signal: AbortSignal) => Promise<void>;
}

/** How often it is seen whether a day has passed, ms; the first time this long after the start, so that starting stays quick. */
const everyMs = 10 * 60_000;
/** A look that came to nothing, without a network say, is tried again after this, ms. */
const againMs = 60 * 60_000;

/** Looks once a day until it is disposed of. A day that began while it was off is looked at when it is switched on. */
export function lookDaily(parts: DailyLookParts): Disposable {
  const ending = new AbortController();
  let cancel = parts.clock.after(everyMs, () => void turn());
  let triedAt = Number.NEGATIVE_INFINITY;
  const turn = async (): Promise<void> => {
    if (parts.clock.now() - triedAt >= againMs && (await isDue(parts)) && !ending.signal.aborted) {
      triedAt = parts.clock.now();
      await parts.look(ending.signal);
    }
    if (!ending.signal.aborted) cancel = parts.clock.after(everyMs, () => void turn());
  };
  return {
    [Symbol.dispose]() {
      ending.abort();
      cancel();
    },
  };
}

async function isDue({ wanted, lastLook, now }: DailyLookParts): Promise<boolean> {
  if (!wanted()) return false;
  const last = await lastLook();
  // A clock that was set back must not put the next look off for years.
  return last === undefined || Math.abs(now().getTime() - last.getTime()) >= limits.dailyLookMs;
}
