// Commands that are no flash: erase everything, lift protection, start the program, reset.
import { FlashError } from '../../shared/errors/flash-error.ts';
import { intersection } from '../../shared/ranges.ts';
import type { BoardFacts } from './board-facts.ts';
import type { JobContext } from './context.ts';
import { findRegion } from './placement.ts';
import type { ChipRequest } from './request.ts';
import type { Ending, JobState } from './run.ts';
import { endUnfinished } from './steps/erase.ts';
import type { Identified } from './steps/identify.ts';
import { leaveAndConfirm } from './steps/leave.ts';
import { rangesOf, type Region } from '../targets/target.ts';

const stays: Ending = { app: 'not-expected', leftEarly: false };

/** @throws FlashError `plan.needs-permission`, `plan.forbidden-range`, or as the target does */
export async function runChipCommand(
  request: ChipRequest,
  context: JobContext,
  state: JobState,
  { target, facts }: Identified,
): Promise<Ending> {
  const { command } = request;
  const region =
    request.alternate === undefined
      ? (facts.regions.find((one) => one.kind === 'main-flash') ?? facts.regions[0])
      : findRegion(request.alternate, facts.regions);
  if (region === undefined)
    throw new FlashError('plan.no-such-alternate', { wanted: 'main flash', available: [] });
  if ((command === 'mass-erase' || command === 'read-unprotect') && !request.allow.has(command)) {
    throw new FlashError('plan.needs-permission', { permission: command, consequence: command });
  }
  if (command === 'mass-erase' || command === 'read-unprotect') refuseForbidden(facts);
  if (request.dryRun) return stays;
  switch (command) {
    case 'mass-erase':
      await eraseEverything(context, (flow) => target.massErase(region, flow), region);
      return stays;
    case 'read-unprotect':
      await eraseEverything(context, (flow) => target.readUnprotect(flow), region);
      return stays;
    case 'leave':
    case 'reset': {
      const { sighting, entered } = state;
      if (sighting === undefined || entered === undefined)
        throw new FlashError('internal', { detail: 'no board' });
      return await leaveAndConfirm(context, target, {
        bus: sighting.bus,
        facts: entered.facts,
        runtimeSeen: entered.entered,
        programIds: entered.programIds,
        region,
        address: request.address ?? region.runs[0]?.start,
        end: facts.addressed ? 'in-session' : 'wait-reset',
        reset: command === 'reset',
      });
    }
  }
}

/** What erases everything erases also what must stay. @throws FlashError `plan.forbidden-range` */
function refuseForbidden({ regions, guards }: BoardFacts): void {
  for (const region of regions.filter((one) => one.kind === 'main-flash')) {
    for (const { alternate, range, what } of guards.forbidden) {
      const lies = alternate === region.alternate && rangesOf(region).some((one) => intersection(one, range));
      if (lies) throw new FlashError('plan.forbidden-range', { range, what });
    }
  }
}

async function eraseEverything(
  context: JobContext,
  action: (flow: Parameters<Identified['target']['massErase']>[1]) => Promise<void>,
  region: Region,
): Promise<void> {
  const { alternate } = region;
  const ranges = rangesOf(region);
  await context.run('erase', undefined, async (flow) => {
    const start = Math.min(...ranges.map((range) => range.start));
    const end = Math.max(...ranges.map((range) => range.end));
    const all = ranges.length === 0 ? { start: 0, end: 0 } : { start, end };
    await context.record.confirm({
      planHash: '',
      images: [],
      backup: undefined,
      planned: [{ alternate, ranges: [all] }],
      keepsBytes: false,
    });
    await context.record.intend({ kind: 'erase', alternate, ...all });
    context.ledger.begin(all);
    try {
      await action(flow);
    } catch (error) {
      endUnfinished(context, error);
      throw error;
    }
    context.ledger.erased(all);
    context.record.done();
  });
}
