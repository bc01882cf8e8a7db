import { describe, expect, it } from 'vitest';
import { afterDueUntil, afterSeen, startAfter, type OnPort } from '../../shared/after-guide.ts';
import type { GuideStep } from '../../shared/profile.ts';
import { profileNamed } from '../support/family-boards.ts';

const { after } = profileNamed('odrive-v3');

function seen(steps: readonly GuideStep[], ...ons: readonly OnPort[]) {
  let state = startAfter(steps);
  for (const on of ons) state = afterSeen(state, on);
  return { done: state.step, due: afterDueUntil(state), back: state.back };
}

describe('what is left to the hand', () => {
  it('is nothing done by a program that the job itself started', () => {
    expect(seen(after, 'program')).toEqual({ done: 0, due: 2, back: false });
    expect(seen(after, 'program', 'program')).toEqual({ done: 0, due: 2, back: false });
  });

  it('is done once the board went, and came back running', () => {
    expect(seen(after, 'program', 'nothing')).toEqual({ done: 2, due: 3, back: false });
    expect(seen(after, 'program', 'nothing', 'program')).toEqual({ done: 3, due: 3, back: false });
    expect(seen(after, 'flash', 'nothing', 'program')).toEqual({ done: 3, due: 3, back: false });
  });

  it('begins anew where it came back in flash mode, and is done the next time', () => {
    expect(seen(after, 'program', 'nothing', 'flash')).toEqual({ done: 0, due: 2, back: true });
    expect(seen(after, 'program', 'nothing', 'flash', 'nothing', 'program')).toEqual({
      done: 3,
      due: 3,
      back: false,
    });
  });

  it('is not taken for done where a board was away all along: the job may have started it just now', () => {
    expect(seen(after, 'nothing', 'program')).toEqual({ done: 0, due: 2, back: false });
  });

  it.each(['nanovna-h', 'nanovna-h4', 'stm32-rom'])('of %s is proven in the same way', (id) => {
    const steps = profileNamed(id).ways.flatMap((way) => (way.kind === 'by-hand' ? way.after : []));
    expect(steps.length).toBeGreaterThan(0);
    expect(seen(steps, 'program')).toMatchObject({ done: 0 });
    expect(seen(steps, 'program', 'nothing', 'program')).toMatchObject({ done: steps.length });
  });

  it('without any proof is due as a whole, and never done', () => {
    const steps: GuideStep[] = [{ verb: 'open-jumper', control: 'BOOT0' }];
    expect(seen(steps, 'program', 'nothing', 'program')).toEqual({ done: 0, due: 1, back: false });
  });
});
