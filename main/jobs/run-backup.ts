// The backup job after identification: reads and saves, and changes nothing on the board.
import { FlashError } from '../../shared/errors/flash-error.ts';
import { checkBackupFolder } from '../store/backups.ts';
import { rangesOf, type Region } from '../targets/target.ts';
import type { BoardFacts } from './board-facts.ts';
import type { JobContext } from './context.ts';
import { saveBeside } from './families/extra-files.ts';
import { findRegion } from './placement.ts';
import { openRangeAt, openRanges, readableRanges, refuseSecrets } from './readable.ts';
import type { BackupRequest } from './request.ts';
import type { Ending, JobState } from './run.ts';
import { goBack } from './steps/go-back.ts';
import type { Identified } from './steps/identify.ts';
import { backUp, checkBackupFormat, type ReadPart } from './steps/read.ts';

/** @throws FlashError; the board is unchanged */
export async function runBackup(
  request: BackupRequest,
  context: JobContext,
  state: JobState,
  { target, facts }: Identified,
): Promise<Ending> {
  if (!facts.abilities.read.possible) throw new FlashError('dfu.cannot-upload', {});
  const parts = partsOf(request, facts);
  if (request.raw && parts.length > 1)
    throw new FlashError('plan.unsupported-image', { reason: 'raw-over-gaps' });
  checkBackupFormat(request.to, facts, parts);
  await checkBackupFolder(request.to, context.services.host.paths.backups);
  const { saved } = await backUp(context, target, facts, parts, {
    to: request.to,
    raw: request.raw,
    twice: request.twice ?? false,
  });
  state.backup = await saveBeside(context, saved, state.heard?.extra);
  return await goBack(context, target, state, facts, parts[0]?.region, request);
}

/**
 * @throws FlashError `plan.no-such-alternate`, `plan.outside-memory`, `backup.secret`, `plan.unsupported-image` for an address on a board without addresses
 */
function partsOf(request: BackupRequest, facts: BoardFacts): ReadPart[] {
  const region = request.alternate === undefined ? undefined : findRegion(request.alternate, facts.regions);
  if (!facts.addressed) {
    if (request.address !== undefined)
      throw new FlashError('plan.unsupported-image', { reason: 'addresses-on-plain-dfu' });
    const only = region ?? facts.regions[0];
    if (only === undefined) throw new FlashError('plan.no-such-alternate', { wanted: 'any', available: [] });
    refuseSecrets(only, undefined, facts);
    return [
      { region: only, range: request.length === undefined ? undefined : { start: 0, end: request.length } },
    ];
  }
  const regions = region === undefined ? facts.regions.filter((one) => one.kind === 'main-flash') : [region];
  if (request.address === undefined && request.length === undefined) {
    const parts = regions.flatMap((one) => openRanges(one, facts).map((range) => ({ region: one, range })));
    // A memory that is nothing but secrets is told, not saved as an empty file.
    if (parts.length === 0)
      for (const one of regions) for (const range of readableRanges(one)) refuseSecrets(one, range, facts);
    return parts;
  }
  return [partAt(regions, request, facts)];
}

/** @throws FlashError `backup.secret`, `plan.outside-memory` */
function partAt(regions: readonly Region[], request: BackupRequest, facts: BoardFacts): ReadPart {
  const first = regions[0];
  const start = request.address ?? first?.runs[0]?.start ?? 0;
  for (const region of regions) {
    const range = openRangeAt(region, start, request.length, facts);
    if (range !== undefined) return { region, range };
  }
  const memory = regions.flatMap((region) => rangesOf(region));
  const end = start + (request.length ?? 1);
  throw new FlashError('plan.outside-memory', { ranges: [{ start, end }], memory });
}
