// The coach's state as it is shown.
import { stepsOf, windowOf, type CoachState } from './coach-state.ts';
import { dueUntil, holdOf, isTimed, waysByHand } from './coach-way.ts';
import type { GuideSnapshot } from './guide.ts';

/** What shells show of the coach now. */
export function guideSnapshot(state: CoachState, nowMs: number): GuideSnapshot {
  const { profile, portPath, usualDelayMs } = state.setup;
  const ways = waysByHand(profile);
  const way = ways[state.way];
  const steps = stepsOf(state);
  const until = dueUntil(steps, state.step);
  const flash = profile.modes.filter((mode) => mode.kind === 'flash');
  return {
    profile: profile.id,
    board: profile.name,
    way: way?.name ?? '',
    ways: ways.map(({ name }) => name),
    matching: [...new Set(flash.flatMap((mode) => mode.ids.map((ids) => `USB ${ids}`)))],
    portPath,
    before: way?.before ?? [],
    steps: steps.map((step, index) => ({
      step,
      state: index < state.step ? 'done' : index < until ? 'now' : 'waiting',
    })),
    after: way?.after ?? [],
    caught: state.caught !== undefined,
    sinceMs: Math.max(0, nowMs - state.sinceMs),
    forMs: isTimed(steps, until - 1) && state.step < until ? steps[until - 1]?.forMs : undefined,
    hold: holdState(state, nowMs),
    remark: state.remark,
    tries: state.tries,
    usualDelayMs,
    looks: flash.find(({ looks }) => looks !== undefined)?.looks,
    windowMs: windowOf(profile),
  };
}

/** "Let go now": flash mode is there, or the hold's time since power is over, or letting go is what is due. */
function holdState(state: CoachState, nowMs: number): GuideSnapshot['hold'] {
  if (state.caught !== undefined) return state.caught.letGo ? 'now' : 'none';
  const steps = stepsOf(state);
  const hold = holdOf(steps);
  const until = dueUntil(steps, state.step);
  if (hold === undefined || until <= hold.from || state.step > hold.to) return 'none';
  if (state.step === hold.to) return 'now';
  const heldLong =
    hold.forMs !== undefined && state.poweredMs !== undefined && nowMs - state.poweredMs >= hold.forMs;
  return heldLong ? 'now' : 'keep';
}
