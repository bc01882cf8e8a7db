import { totalSize } from '../../../shared/ranges.ts';
import { isFlashError } from '../../../shared/errors/flash-error.ts';
import { atBorder } from '../../base/flow.ts';
import type { Target } from '../../targets/target.ts';
import type { JobContext } from '../context.ts';
import type { RegionWork } from '../sectors.ts';

/**
 * Erases every planned sector of all regions, before anything is written (dfu.md 2.11).
 * @throws FlashError as the target does; the sector in flight is in doubt then
 */
export async function eraseSectors(
  context: JobContext,
  target: Target,
  work: readonly RegionWork[],
): Promise<void> {
  const total = totalSize(work.flatMap((one) => one.erase));
  await context.run('erase', total, async (flow) => {
    let done = 0;
    for (const { region, erase } of work) {
      for (const sector of erase) {
        await atBorder(flow, context.clock);
        await context.record.intend({ kind: 'erase', alternate: region.alternate, ...sector });
        context.ledger.begin(sector);
        try {
          await target.erase(region, sector, flow);
        } catch (error) {
          endUnfinished(context, error);
          throw error;
        }
        context.ledger.erased(sector);
        done += sector.end - sector.start;
        flow.progress(done);
      }
    }
    context.record.done();
  });
}

/** Stopped between blocks, nothing is in flight; anything else leaves the block in doubt. */
export function endUnfinished(context: JobContext, error: unknown): void {
  if (isFlashError(error, 'job.stopped')) context.ledger.settle();
  else context.ledger.cutOff();
}
