import { FlashError } from '../../../shared/errors/flash-error.ts';
import type { Region, Target } from '../../targets/target.ts';
import type { BoardFacts } from '../board-facts.ts';
import type { JobContext } from '../context.ts';
import type { Ending, JobState } from '../run.ts';
import { leaveAndConfirm } from './leave.ts';

/**
 * After a job that only read: a board it took out of its program goes back to it, any other stays where it is.
 * @param region the memory its program starts from
 * @throws FlashError `job.aborted`
 */
export async function goBack(
  context: JobContext,
  target: Target,
  { sighting, entered }: Pick<JobState, 'sighting' | 'entered'>,
  facts: Pick<BoardFacts, 'addressed'>,
  region: Region | undefined,
  { leave, reset }: { readonly leave: boolean; readonly reset: boolean },
): Promise<Ending> {
  if (sighting === undefined || entered === undefined)
    throw new FlashError('internal', { detail: 'no board' });
  if (!leave && !reset && !entered.entered) {
    context.skip('leave', 'not-asked-for');
    context.skip('confirm', 'stays-in-flash-mode');
    return { app: 'not-expected', leftEarly: false };
  }
  const { app, leftEarly } = await leaveAndConfirm(context, target, {
    bus: sighting.bus,
    facts: entered.facts,
    runtimeSeen: entered.entered,
    programIds: entered.programIds,
    region,
    address: region?.runs[0]?.start,
    end: facts.addressed ? 'in-session' : 'wait-reset',
    reset,
  });
  return { app, leftEarly };
}
