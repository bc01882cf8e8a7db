import { sectorsOf, type Region, type Target, type WritingEnd } from '../../targets/target.ts';
import { offsetFlow, type JobContext } from '../context.ts';
import { writtenBytes, type RegionWork, type WriteRun } from '../sectors.ts';
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
    let doneBefore = 0;
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
          offsetFlow(flow, doneBefore).progress(done);
        };
        begin();
        try {
          const before = journalled(context, region, run);
          await target.write(region, run.start, run.bytes, { ...flow, progress, before });
        } catch (error) {
          endUnfinished(context, error);
          throw error;
        }
        doneBefore += run.bytes.length;
      }
    }
    context.record.done();
    return await target.finishWriting(flow);
  });
}

/**
 * Before the first block of each sector, the journal knows that this sector is being written: finer would cost a sync of
 * the disk a block, coarser would leave more than a sector in doubt. Without sectors it is block by block.
 */
function journalled(
  context: JobContext,
  region: Region,
  run: WriteRun,
): (offset: number, length: number) => Promise<void> | undefined {
  const borders = [...sectorsOf(region)].map((sector) => sector.end - run.start);
  let known = 0;
  return (offset, length) => {
    const end = offset + length;
    if (end <= known) return undefined;
    const start = Math.max(known, offset);
    known = Math.min(borders.find((border) => border >= end) ?? end, run.bytes.length);
    const act = {
      kind: 'write',
      alternate: region.alternate,
      start: run.start + start,
      end: run.start + known,
    } as const;
    return context.record.intend(act);
  };
}
