// Was this board left half-written by an earlier job? Then what it holds is no backup, and the one from before is kept.
import { FlashError, isFlashError } from '../../shared/errors/flash-error.ts';
import type { OpenJob, RegionRanges } from '../../shared/history.ts';
import type { Range } from '../../shared/ranges.ts';
import { isFilledWith, sameBytes } from '../base/bytes.ts';
import type { FirmwareImage } from '../images/image.ts';
import { tidyWait } from '../targets/open.ts';
import type { Target } from '../targets/target.ts';
import type { JobContext } from './context.ts';
import type { FlashRequest } from './request.ts';
import type { Identified } from './steps/identify.ts';
import { hasTouched } from './open-jobs.ts';
import { mayBeSame, unitOf } from './unit.ts';

/** Ranges looked at of each kind, at beginning, middle and end, and bytes of each place: a glance, not a reading. */
const mostRanges = 4;
const placeBytes = 256;

/**
 * The request as it is to be planned on this board. Another board of the same kind in the same port has the same marks:
 * only one that holds what the journal says is taken for the half-written one; any other is backed up as usual.
 * @throws FlashError `resume.other-board`, `resume.unknown`; as the target does when it cannot be read
 */
export async function considerEarlier(
  request: FlashRequest,
  context: JobContext,
  { target, facts }: Identified,
): Promise<FlashRequest> {
  const unit = unitOf(facts);
  const { resumes } = request;
  const jobs = await openJobsOf(context, resumes !== undefined);
  const others = jobs.filter(
    (job) => job.state !== 'running' && hasTouched(job) && mayBeSame(job.unit, unit),
  );
  if (resumes !== undefined) {
    const wanted = others.find(({ id }) => id === resumes.id);
    const evidence = wanted === undefined ? 'other' : await look(wanted, context, target);
    if (wanted === undefined || evidence === 'other')
      throw new FlashError('resume.other-board', { board: resumes.unit.board, portPath: facts.portPath });
  }
  const mine: OpenJob[] = [];
  for (const job of others) {
    if (job.id === resumes?.id || (await look(job, context, target)) === 'same') mine.push(job);
  }
  if (mine.length === 0) return request;
  context.record.supersedes(
    mine.map((job) => ({
      id: job.id,
      sameImages: sameImages(job, request.images),
      why: job.id === resumes?.id ? 'resumed' : 'superseded',
    })),
  );
  // The oldest was made before the first of them changed anything.
  const backup = mine.find(({ backupThere }) => backupThere)?.backup;
  return { ...request, earlier: { backup } };
}

/** A history that cannot be read is no reason not to flash; a job to go on with is in it, though. */
async function openJobsOf({ services }: JobContext, needed: boolean): Promise<OpenJob[]> {
  try {
    return await services.journal.openJobs();
  } catch (error) {
    if (needed || !isFlashError(error)) throw error;
    return [];
  }
}

function sameImages(job: OpenJob, images: readonly FirmwareImage[]): boolean {
  const before = job.images.map(({ sha256 }) => sha256).join();
  return before === images.map(({ sha256 }) => sha256).join();
}

/** `unknown`: nothing could be compared. */
async function look(
  job: OpenJob,
  context: JobContext,
  target: Target,
): Promise<'same' | 'other' | 'unknown'> {
  if (!target.abilities.read.possible || job.kind !== 'flash') return 'unknown';
  const images = await context.services.journal.heldImages(job).catch(() => []);
  const erased = target.addressed ? placesOf(job.erased, true) : [];
  let compared = 0;
  for (const { alternate, range } of erased) {
    const found = await glance(context, target, alternate, range);
    if (found === undefined) continue;
    if (!isFilledWith(found, 0xff)) return 'other';
    compared++;
  }
  for (const { alternate, range } of placesOf(job.written, target.addressed)) {
    const wanted = wantedAt(images, range);
    const found = wanted === undefined ? undefined : await glance(context, target, alternate, range);
    if (wanted === undefined || found === undefined) continue;
    if (!sameBytes(found, wanted)) return 'other';
    compared++;
  }
  return compared === 0 ? 'unknown' : 'same';
}

interface Place {
  readonly alternate: number;
  readonly range: Range;
}

function placesOf(all: readonly RegionRanges[], addressed: boolean): Place[] {
  const ranges = all.flatMap(({ alternate, ranges: mine }) => mine.map((range) => ({ alternate, range })));
  return ranges.slice(0, mostRanges).flatMap(({ alternate, range: { start, end } }) => {
    const last = Math.max(start, end - placeBytes);
    const middle = start + Math.floor((last - start) / 2 / placeBytes) * placeBytes;
    // Without addresses, reading begins at the beginning.
    const starts = addressed ? [...new Set([start, middle, last])] : [start];
    return starts.map((at) => ({ alternate, range: { start: at, end: Math.min(end, at + placeBytes) } }));
  });
}

async function glance(
  { wait, control, clock }: JobContext,
  target: Target,
  alternate: number,
  range: Range,
): Promise<Uint8Array | undefined> {
  const region = target.regions.find((one) => one.alternate === alternate);
  if (region === undefined) return undefined;
  try {
    return await target.read(region, range, { wait, stop: control.stop, progress: () => undefined });
  } catch (error) {
    // One that offers reading and refuses it (devices.md 2.5) must still let itself be repaired.
    if (!isFlashError(error, 'usb.stall', 'dfu.status', 'dfu.bad-answer', 'dfuse.read-protected'))
      throw error;
    await target.tidyUp(tidyWait(clock));
    return undefined;
  }
}

/** What the image has there, where one part of it says so by address. */
function wantedAt(images: readonly FirmwareImage[], range: Range): Uint8Array | undefined {
  for (const part of images.flatMap((image) => image.parts)) {
    const { address = 0, bytes } = part;
    if (address <= range.start && address + bytes.length >= range.end)
      return bytes.subarray(range.start - address, range.end - address);
  }
  return undefined;
}
