// The plan of a flash, for a page to show: the job itself, up to where it would change something.
import { FlashError } from '../../shared/errors/flash-error.ts';
import type { ErrorCode, ErrorParams } from '../../shared/errors/codes.ts';
import type { Plan } from '../../shared/plan.ts';
import type { FlashRequest } from './request.ts';
import { runJob } from './run.ts';
import type { Services } from './services.ts';

/**
 * Opens the board, looks at it, and says what the flash would do; refusals are part of the plan.
 * @throws FlashError as the job does when it does not get as far as a plan
 */
export async function planJob(request: FlashRequest, services: Services, signal: AbortSignal): Promise<Plan> {
  let plan: Plan | undefined;
  const result = await runJob({ ...request, dryRun: true }, services, {
    stop: signal,
    abort: signal,
    emit: (event) => {
      if (event.type === 'plan') plan = event.plan;
    },
    ask: () => Promise.resolve(true),
  });
  if (plan !== undefined) return plan;
  if (result.error === undefined) throw new FlashError('internal', { detail: 'no plan and no error' });
  throw new FlashError(result.error.code, result.error.params as ErrorParams[ErrorCode]);
}
