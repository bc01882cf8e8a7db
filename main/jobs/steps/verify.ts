import { FlashError } from '../../../shared/errors/flash-error.ts';
import { union, type Range } from '../../../shared/ranges.ts';
import type { Target } from '../../targets/target.ts';
import { offsetFlow, type JobContext } from '../context.ts';
import { writtenBytes, type RegionWork, type WriteRun } from '../sectors.ts';

/** A mismatch report names at most this many places. */
const mostRanges = 100;

/**
 * Reads back everything that was written and compares it byte for byte.
 * @throws FlashError `verify.mismatch`, or as the target does
 */
export async function verifyRuns(
  context: JobContext,
  target: Target,
  work: readonly RegionWork[],
): Promise<void> {
  const total = work.reduce((sum, one) => sum + writtenBytes(one), 0);
  await context.run('verify', total, async (flow) => {
    const wrong: Difference[] = [];
    let before = 0;
    for (const { region, writes } of work) {
      for (const run of writes) {
        const range = { start: run.start, end: run.start + run.bytes.length };
        const read = await target.read(region, range, offsetFlow(flow, before));
        wrong.push(...differences(run, read));
        before += run.bytes.length;
      }
    }
    const [first] = wrong;
    if (first === undefined) {
      context.ledger.verified();
      return;
    }
    const ranges = union(wrong.map((one) => one.range)).slice(0, mostRanges);
    context.ledger.foundWrong(ranges);
    throw new FlashError('verify.mismatch', {
      address: first.range.start,
      expected: first.expected,
      found: first.found,
      ranges,
    });
  });
}

interface Difference {
  readonly range: Range;
  readonly expected: number;
  /** -1 where the board sent nothing. */
  readonly found: number;
}

function differences(run: WriteRun, read: Uint8Array): Difference[] {
  const found: Difference[] = [];
  for (let offset = 0; offset < run.bytes.length; offset++) {
    if (run.bytes[offset] === read[offset]) continue;
    const start = offset;
    while (offset + 1 < run.bytes.length && run.bytes[offset + 1] !== read[offset + 1]) offset++;
    found.push({
      range: { start: run.start + start, end: run.start + offset + 1 },
      expected: run.bytes[start] ?? -1,
      found: read[start] ?? -1,
    });
  }
  return found;
}
