// The coach as lines: each thing once, when it becomes due, and "let go now" the moment it is true.
import { describe, expect, it } from 'vitest';
import { GuideText } from '../../main/cli/guide-text.ts';
import { coach, startCoach } from '../../shared/coach.ts';
import type { CoachEvent, CoachState } from '../../shared/coach-state.ts';
import { guideSnapshot } from '../../shared/guide-snapshot.ts';
import { plainProfile } from '../support/bench-profiles.ts';

type Happening = CoachEvent extends infer E ? (E extends CoachEvent ? Omit<E, 'atMs'> : never) : never;
const gone: Happening = { type: 'gone', portPath: '1-1' };
const program: Happening = { type: 'seen', portPath: '1-1', as: 'program' };
const flash: Happening = { type: 'seen', portPath: '1-1', as: 'flash' };

function linesOf(events: readonly Happening[], inFull = true): string[] {
  const lines: string[] = [];
  const text = new GuideText((line) => void lines.push(line), inFull);
  let state: CoachState = startCoach(
    { profile: plainProfile, portPath: undefined, usualDelayMs: 900, nothingCameMs: 10_000 },
    [{ portPath: '1-1', as: 'program' }],
    0,
  );
  let atMs = 0;
  text.show(guideSnapshot(state, atMs));
  for (const event of events) {
    atMs += 1_000;
    state = coach(state, { ...event, atMs });
    text.show(guideSnapshot(state, atMs));
    // What did not change is not told again.
    text.show(guideSnapshot(state, atMs + 100));
  }
  text.finish();
  return lines;
}

describe('the coach on a terminal', () => {
  it('tells each step as it becomes due, and when to let go', () => {
    expect(linesOf([gone, flash])).toEqual([
      'Waiting for Plain board.',
      'The job begins the moment USB 1209:0001 (Plain board in flash mode) is seen on any port. Nothing is asked then.',
      'On this computer it is usually seen 0.9 s after it gets power. Its flash mode ends by itself after about 7 s.',
      'First try:',
      '  1. Unplug the USB cable.',
      '  2. Hold the S1 button down and keep it held.',
      '  3. Plug in the USB cable.',
      '  Let go now: the S1 button.',
      '  Plain board is in flash mode.',
    ]);
  });

  it('says what went wrong, and begins again', () => {
    const lines = linesOf([gone, program, gone, flash]);
    expect(lines.slice(7)).toEqual([
      '  ! It came up running its program. The S1 button was let go too early, or not held when the power came. Hold it before, and until "Let go now" is said.',
      'Try 2:',
      '  1. Unplug the USB cable.',
      '  2. Hold the S1 button down and keep it held.',
      '  3. Plug in the USB cable.',
      '  Let go now: the S1 button.',
      '  Plain board is in flash mode.',
    ]);
  });

  it('without being asked to guide tells only what is waited for and what matters', () => {
    expect(linesOf([gone, flash], false).slice(3)).toEqual([
      '  Let go now: the S1 button.',
      '  Plain board is in flash mode.',
    ]);
  });
});
