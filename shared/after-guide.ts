// What is left to the hand once the firmware is on: how far it is, told from what stands on the board's port. Pure.
import type { GuideStep } from './profile.ts';

/** What stands on the port now. */
export type OnPort = 'nothing' | 'flash' | 'program';

export interface AfterState {
  readonly steps: readonly GuideStep[];
  /** The first step that is not done; as many as there are once all are. */
  readonly step: number;
  /** It came back in flash mode: what its switch or jumper says was not undone. */
  readonly back: boolean;
  readonly on: OnPort | undefined;
}

/** Nothing is done yet. */
export function startAfter(steps: readonly GuideStep[]): AfterState {
  return { steps, step: 0, back: false, on: undefined };
}

/**
 * The state once this stands on the port. Only a change proves anything: a program that runs when the job ends was
 * started by the job, while the switch still stands where it stood.
 */
export function afterSeen(state: AfterState, on: OnPort): AfterState {
  const { steps, step } = state;
  if (on === state.on) return state;
  const now = { ...state, on };
  if (state.on === undefined) return now;
  if (on === 'flash' && state.on === 'nothing') return { ...now, step: 0, back: true };
  const next = steps.findIndex((one, index) => index >= step && one.proof !== undefined);
  const proof = on === 'nothing' ? 'left-usb' : on === 'program' ? 'program-running' : undefined;
  if (next < 0 || steps[next]?.proof !== proof) return now;
  return { ...now, step: next + 1, back: false };
}

/** The end (past the last) of the steps that are due together: up to the first that is proven. */
export function afterDueUntil({ steps, step }: AfterState): number {
  const next = steps.findIndex((one, index) => index >= step && one.proof !== undefined);
  return next < 0 ? steps.length : next + 1;
}
