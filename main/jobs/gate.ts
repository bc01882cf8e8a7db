// Boards that are known by name only: no job starts on them by any generic route, not even a backup, unless a person
// insists. What they are like, and what can be done with them today, their profiles say.
import { FlashError } from '../../shared/errors/flash-error.ts';
import type { Profile } from '../../shared/profile.ts';
import { profilesFor, type IdFacts } from '../devices/match-ids.ts';
import { isBuiltIn } from '../devices/profiles.ts';
import type { JobContext } from './context.ts';
import type { DirectRequest } from './request.ts';

/**
 * The profile by whose name a board is refused; undefined where one of the closest profiles serves it. A profile of a
 * person's own closes the gate for its own board, and never opens one that a built-in profile closes.
 */
export function namedProfile(profiles: readonly Profile[], facts: IdFacts): Profile | undefined {
  for (const some of [profiles.filter(isBuiltIn), profiles]) {
    const fitting = profilesFor(some, facts);
    if (fitting.length > 0 && fitting.every((one) => one.support === 'named')) return fitting[0];
  }
  return undefined;
}

/** @param known the board it is, where that is known: ids alone say less */
export function unsupported(
  profiles: readonly Profile[],
  facts: IdFacts,
  known: Profile | undefined,
): Profile | undefined {
  return namedProfile(profiles, facts) ?? (known?.support === 'named' ? known : undefined);
}

/**
 * Lets the job go on, or not; who insists is told of the dangers (of a flash, its plan tells).
 * @throws FlashError `device.unsupported`
 */
export function passGate(
  context: JobContext,
  request: DirectRequest,
  facts: IdFacts,
  known: Profile | undefined,
): void {
  const profile = unsupported(context.services.profiles, facts, known);
  if (profile === undefined) return;
  const { name: board, today = '', dangers } = profile;
  if (request.allow?.has('unsupported-board') !== true) {
    throw new FlashError('device.unsupported', { board, today });
  }
  context.services.log.write('warn', 'job', `${board} is not supported; it was asked for all the same`);
  if (request.kind !== 'flash') context.emit({ type: 'unsupported-board', board, today, dangers });
}
