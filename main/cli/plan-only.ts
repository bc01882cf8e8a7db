import { FlashError } from '../../shared/errors/flash-error.ts';
import type { Plan } from '../../shared/plan.ts';
import type { Core, FlashRequest } from '../core.ts';
import { listenForInterrupt } from './interrupt.ts';

/**
 * The plan for the board that is there, by a flash that stops at its plan.
 * @throws FlashError of whatever kept the board from being identified
 */
export async function planWithoutFlashing(core: Core, request: FlashRequest): Promise<Plan> {
  using interrupt = listenForInterrupt('job');
  let plan: Plan | undefined;
  const result = await core.run(
    { ...request, dryRun: true },
    {
      stop: interrupt.stop,
      abort: interrupt.abort,
      emit: (event) => {
        if (event.type === 'plan') plan = event.plan;
      },
      ask: () => Promise.resolve(false),
    },
  );
  if (plan !== undefined) return plan;
  const { error } = result;
  throw error === undefined
    ? new FlashError('internal', { detail: 'no plan' })
    : new FlashError(error.code, error.params as never);
}
