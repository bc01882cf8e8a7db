// What firmware is chosen for: a board that is there, or one that is waited for.
import type { PlanInput } from '../../shared/contract/jobs.ts';
import type { Plan } from '../../shared/plan.ts';
import type { Profile } from '../../shared/profile.ts';
import { ArmChoices } from './arm-choices.svelte.ts';
import type { StudioState } from './studio.svelte.ts';

export type TargetInput = Omit<PlanInput, 'portPath' | 'profile'>;

interface Confirmation {
  readonly confirmed: string;
  readonly agreed: string[];
}

/** Plans and starts a flash. Both throw what the core throws. */
export interface FlashTarget {
  /** Whether a backup is usual for it. */
  readonly backsUp: boolean;
  plan(input: TargetInput): Promise<Plan>;
  start(input: TargetInput, confirmation: Confirmation): Promise<{ id: string }>;
}

/** The board at a port. @param wanted the profile it must be; what the page shows otherwise */
export function boardAt(studio: StudioState, portPath: string, wanted?: string): FlashTarget {
  // Who said which board it is means that board: another one plugged in between plan and start is refused.
  let shown: { readonly profile?: string } = {};
  return {
    backsUp: true,
    plan: (input) => {
      const profile = wanted ?? studio.boards.boards.find((one) => one.portPath === portPath)?.profile;
      shown = profile === undefined ? {} : { profile };
      return studio.client.jobs.plan({ portPath, ...shown, ...input });
    },
    start: (input, confirmation) =>
      studio.client.jobs.flash({ portPath, ...shown, ...input, ...confirmation }),
  };
}

/** A board that is to come, as `choices` have it at the time. */
export function boardToCome(studio: StudioState, profile: Profile, choices: ArmChoices): FlashTarget {
  return {
    backsUp: profile.backup?.default !== 'off',
    plan(input) {
      // Which way in is shown first makes no difference to the plan.
      const { way: _way, ...settled } = choices.input;
      return studio.client.jobs.planForBoard({ profile: profile.id, ...settled, ...input });
    },
    start: (input, { confirmed, agreed }) =>
      studio.client.jobs.arm({ profile: profile.id, ...choices.input, ...input, confirmed, agreed }),
  };
}

/** The next boards of a kind, until so many are done; `goesOn` is the batch they are what is left of. Starting answers with the batch. */
export function boardsToCome(
  studio: StudioState,
  profile: Profile,
  stopAfter: () => number,
  goesOn: () => string | undefined,
): FlashTarget {
  return {
    ...boardToCome(studio, profile, new ArmChoices()),
    start: async ({ restoreOf: _restore, ...recipe }, { confirmed, agreed }) => {
      const { batch } = await studio.client.jobs.armNext({
        profile: profile.id,
        ...recipe,
        confirmed,
        agreed,
        stopAfter: stopAfter(),
        goesOn: goesOn(),
      });
      return { id: batch };
    },
  };
}
