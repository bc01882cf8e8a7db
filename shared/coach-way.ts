// What a way by hand consists of, as the coach needs it: which steps are due together, where power comes, what is held.
import type { GuideStep, Profile, WayByHand } from './profile.ts';

/** Where a profile knows no way by hand, only the end of it can be shown. */
const unknownWay: WayByHand = {
  kind: 'by-hand',
  name: 'By hand',
  before: [],
  steps: [{ verb: 'wait', proof: 'in-flash-mode' }],
  after: [],
  source: 'none',
};

/** The ways by hand of a profile, never none. */
export function waysByHand(profile: Profile): readonly WayByHand[] {
  const ways = profile.ways.filter((way) => way.kind === 'by-hand');
  return ways.length === 0 ? [unknownWay] : ways;
}

/** Held across what follows, until its own let-go comes; undefined where nothing is held like that. */
export interface Hold {
  readonly from: number;
  /** Index of its let-go; past the end where none is written. */
  readonly to: number;
  readonly forMs: number | undefined;
}

/** The last thing that is held in this way. */
export function holdOf(steps: readonly GuideStep[]): Hold | undefined {
  const from = steps.findLastIndex((step) => step.verb === 'hold');
  const hold = steps[from];
  if (hold?.verb !== 'hold') return undefined;
  const to = steps.findIndex(
    (step, index) => index > from && step.verb === 'let-go' && step.control === hold.control,
  );
  return { from, to: to < 0 ? steps.length : to, forMs: hold.forMs };
}

/** Where the board gets its power; undefined where it keeps it. */
export function powerStepOf(steps: readonly GuideStep[]): number | undefined {
  const index = steps.findIndex((step) => step.verb === 'plug-in' || step.verb === 'switch-on');
  return index < 0 ? undefined : index;
}

/** Whether the way leads through the board's program, so that seeing it running is no mistake. */
export function goesThroughProgram(steps: readonly GuideStep[]): boolean {
  return steps.some((step) => step.verb === 'choose-on-screen' || step.proof === 'program-running');
}

/** Passes by time: nothing proves it, and it says for how long. What is held on across other steps does not. */
export function isTimed(steps: readonly GuideStep[], index: number): boolean {
  const step = steps[index];
  if (step?.forMs === undefined || step.proof !== undefined) return false;
  return step.verb !== 'hold' || holdOf(steps)?.from !== index || holdOf(steps)?.to === index + 1;
}

/**
 * The end (past the last) of the steps that are due together with `first`: up to the first one that is proven or timed.
 * A hand that holds a button has no other to click with. Letting go is never due together with what comes before it.
 */
export function dueUntil(steps: readonly GuideStep[], first: number): number {
  for (let index = first; index < steps.length; index++) {
    if (index > first && steps[index]?.verb === 'let-go') return index;
    if (steps[index]?.proof !== undefined || isTimed(steps, index)) return index + 1;
  }
  return steps.length;
}
