import type { Target, WritingEnd } from '../../targets/target.ts';
import { offsetFlow, type JobContext } from '../context.ts';
import { writtenBytes, type RegionWork } from '../sectors.ts';
import { endUnfinished } from './erase.ts';

/**
 * Writes every planned run, then the protocol's closing request.
 * @throws FlashError as the target does; the block in flight is in doubt then
 */
export async function writeRuns(
  context: JobContext,
  target: Target,
  work: readonly RegionWork[],
): Promise<WritingEnd> {
  const total = work.reduce((sum, one) => sum + writtenBytes(one), 0);
  return await context.run('write', total, async (flow) => {
    let before = 0;
    for (const { region, writes } of work) {
      for (const run of writes) {
        const end = run.start + run.bytes.length;
        let acknowledged = 0;
        const begin = (): void => {
          const start = run.start + acknowledged;
          context.ledger.begin({ start, end: Math.min(start + target.transferSize, end) });
        };
        const progress = (done: number): void => {
          context.ledger.written({ start: run.start + acknowledged, end: run.start + done });
          acknowledged = done;
          if (run.start + done < end) begin();
          offsetFlow(flow, before).progress(done);
        };
        begin();
        try {
          await target.write(region, run.start, run.bytes, { ...flow, progress });
        } catch (error) {
          endUnfinished(context, error);
          throw error;
        }
        before += run.bytes.length;
      }
    }
    return await target.finishWriting(flow);
  });
}
