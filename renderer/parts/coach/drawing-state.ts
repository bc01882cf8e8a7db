// Which state of a drawing shows what the hand is to do now; the states are those of scripts/guides/style.mjs.
import type { GuideSnapshot } from '../../../shared/guide.ts';
import type { GuideStep } from '../../../shared/profile.ts';

type Moment = 'now' | 'done';

/** Cable or power, after a step or during it. */
function supplyOf(step: GuideStep, moment: Moment): string | undefined {
  switch (step.verb) {
    case 'unplug':
      return moment === 'now' ? 'unplugging' : 'out';
    case 'plug-in':
      return moment === 'now' ? 'plugging' : 'in';
    case 'switch-off':
      return moment === 'now' ? 'switching-off' : 'off';
    case 'switch-on':
      return moment === 'now' ? 'switching-on' : 'in';
    default:
      return undefined;
  }
}

/** The hand and what it moves, after a step or during it. */
function handOf(step: GuideStep, moment: Moment): string | undefined {
  const now = moment === 'now';
  switch (step.verb) {
    case 'press':
      return now ? 'press' : 'free';
    case 'hold':
      return 'held';
    case 'let-go':
      return now ? 'let-go' : 'free';
    case 'set-switch':
      // The place in which a board runs is where drawings begin.
      if (step.to === 'RUN') return now ? 'reset' : 'free';
      return now ? 'set' : 'moved';
    case 'close-jumper':
      return now ? 'close' : 'closed';
    case 'open-jumper':
      return now ? 'open' : 'free';
    case 'choose-on-screen':
      return now ? 'menu' : 'free';
    default:
      return undefined;
  }
}

/** Before the first step. */
function supplyBefore(steps: readonly GuideStep[]): string {
  const first = steps.find((step) => supplyOf(step, 'done') !== undefined);
  return first?.verb === 'plug-in' ? 'out' : first?.verb === 'switch-on' ? 'off' : 'in';
}

/** `plugging-held`: the fragment of the drawing for where the guide is. */
export function drawingState({ steps, hold }: Pick<GuideSnapshot, 'steps' | 'hold'>): string {
  let supply = supplyBefore(steps.map(({ step }) => step));
  let hand = 'free';
  for (const { step, state } of steps) {
    if (state === 'waiting') continue;
    supply = supplyOf(step, state) ?? supply;
    hand = handOf(step, state) ?? hand;
  }
  if (hold === 'now') hand = 'let-go';
  else if (hold === 'keep') hand = 'held';
  return `${supply}-${hand}`;
}
