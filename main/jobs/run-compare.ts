// The comparing job after identification: reads what a backup holds, says where the board differs, and changes nothing on it.
import { sameUnit } from '../../shared/backup-record.ts';
import type { Comparison, NotCompared } from '../../shared/comparison.ts';
import { FlashError } from '../../shared/errors/flash-error.ts';
import { union } from '../../shared/ranges.ts';
import { rangesOf, type Region } from '../targets/target.ts';
import type { BoardFacts } from './board-facts.ts';
import { withoutOverlaps } from './checks/overlap.ts';
import { compareBytes } from './compare-bytes.ts';
import type { JobContext } from './context.ts';
import { locateImages, type Placed } from './placement.ts';
import { sortWish } from './readable.ts';
import type { CompareRequest } from './request.ts';
import type { Ending, JobState } from './run.ts';
import { goBack } from './steps/go-back.ts';
import type { Identified } from './steps/identify.ts';
import { compareSectors } from './steps/read.ts';

/** @throws FlashError; the board is unchanged */
export async function runCompare(
  request: CompareRequest,
  context: JobContext,
  state: JobState,
  { target, facts }: Identified,
): Promise<Ending> {
  if (!facts.abilities.read.possible) throw new FlashError('dfu.cannot-upload', {});
  const placed = withoutOverlaps(locateImages([request.image], request, facts));
  const { runs, notCompared } = sortPlaced(placed, facts);
  refuseNothing(runs, notCompared, facts);
  const parts = runs.map(({ region, start, bytes }) => ({
    region,
    range: { start, end: start + bytes.length },
  }));
  const read = await compareSectors(context, target, parts);
  context.checkStop();
  const compared = runs.map(({ region, start, bytes }, index) => ({
    region,
    start,
    wanted: bytes,
    found: read[index]?.bytes ?? new Uint8Array(),
  }));
  state.comparison = {
    name: request.image.name,
    ...fromWhom(request, facts),
    ...compareBytes(compared),
    notCompared,
  };
  return await goBack(context, target, state, facts, runs[0]?.region, request);
}

/** What of it can be read, piece by piece, and what not. */
function sortPlaced(
  placed: readonly Placed[],
  board: BoardFacts,
): { readonly runs: Placed[]; readonly notCompared: NotCompared[] } {
  const runs: Placed[] = [];
  const notCompared: NotCompared[] = [];
  const secretsTold = new Set<Region>();
  for (const { region, start, bytes } of placed) {
    const { open, closed } = sortWish(region, { start, end: start + bytes.length }, board);
    for (const { range, why, what } of closed) {
      // They are the region's, and told once.
      if (why === 'secret' && secretsTold.has(region)) continue;
      const named = what === undefined ? {} : { what };
      notCompared.push({ alternate: region.alternate, ...range, why, ...named });
    }
    secretsTold.add(region);
    for (const range of open)
      runs.push({
        region,
        start: range.start,
        bytes: bytes.subarray(range.start - start, range.end - start),
      });
  }
  return { runs, notCompared };
}

/** @throws FlashError `plan.outside-memory`, `backup.secret`, `dfu.cannot-upload` where nothing can be compared, by the gravest reason */
function refuseNothing(
  runs: readonly Placed[],
  notCompared: readonly NotCompared[],
  board: BoardFacts,
): void {
  if (runs.length > 0) return;
  const ranges = notCompared.filter(({ why }) => why === 'outside-memory');
  if (ranges.length > 0)
    throw new FlashError('plan.outside-memory', {
      ranges: ranges.map(({ start, end }) => ({ start, end })),
      memory: union(board.regions.flatMap((region) => rangesOf(region))),
    });
  const secret = notCompared.find(({ why }) => why === 'secret');
  if (secret === undefined) throw new FlashError('dfu.cannot-upload', {});
  const { start, end, what = '' } = secret;
  throw new FlashError('backup.secret', { range: { start, end }, what });
}

function fromWhom({ backupOf }: CompareRequest, board: BoardFacts): Pick<Comparison, 'from'> {
  if (backupOf === undefined) return {};
  const { serial, portPath } = backupOf.unit;
  const isThisBoard = sameUnit(backupOf.unit, board);
  return { from: { board: backupOf.board, portPath, serial, isThisBoard } };
}
