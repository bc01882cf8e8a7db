// What the journal of a job that never ended well says of its board. Pure: rows in, words' worth of facts out.
import type { OpenJob, Proposal, RegionRanges } from '../../shared/history.ts';
import { intersection, subtract, totalSize, union, type Range } from '../../shared/ranges.ts';
import type { OpenRow } from '../store/journal-rows.ts';

/** What is known besides the rows. */
export interface Surroundings {
  readonly isRunning: boolean;
  readonly backupThere: boolean;
  readonly imagesThere: boolean;
}

/** @param around whether its program still runs, and its files are there */
export function openJobOf(row: OpenRow, around: Surroundings): OpenJob {
  const { entry, run, planned } = row;
  const { id, number, kind, startedAt, unit, images, planHash, backup, result } = entry;
  const state = result !== undefined ? 'ended' : around.isRunning ? 'running' : 'died';
  const journalLost = row.journal === 'lost' && result === undefined;
  const known = result === undefined ? fromActs(row) : fromResult(row);
  const everything = { erased: [], written: [], inDoubt: planned };
  const job: Omit<OpenJob, 'proposal'> = {
    id,
    number,
    kind,
    startedAt,
    unit,
    images,
    planHash,
    backup,
    backupThere: around.backupThere,
    state,
    process: { pid: run.process.pid, shell: run.shell },
    lastStep: row.begun.at(-1),
    ...(journalLost ? everything : known),
    verified: row.verified || result?.content.kind === 'verified',
    journalLost,
  };
  return { ...job, proposal: proposalFor(job, row, around.imagesThere) };
}

/** Whether it changed anything, as far as is known. */
export function hasTouched(job: OpenJob): boolean {
  return [job.erased, job.written, job.inDoubt].some((all) =>
    all.some(({ ranges }) => totalSize(ranges) > 0),
  );
}

function proposalFor(job: Omit<OpenJob, 'proposal'>, row: OpenRow, imagesThere: boolean): Proposal {
  if (job.state === 'running') return { do: 'nothing', why: 'still-runs' };
  if (job.kind !== 'flash') return { do: 'nothing', why: 'nothing-to-write' };
  if (job.verified) return { do: 'nothing', why: 'verified' };
  if (job.backupThere) {
    if (row.entry.result?.next === 'restore') return { do: 'restore', why: 'asked-for' };
    // Bytes around the image that were to be kept are in the backup, and in a sector that was erased nowhere else.
    if ((row.request as { keepsBytes?: unknown } | undefined)?.keepsBytes === true)
      return { do: 'restore', why: 'kept-bytes-lost' };
  }
  if (imagesThere) return { do: 'resume' };
  return job.backupThere
    ? { do: 'restore', why: 'image-not-held' }
    : { do: 'nothing', why: 'image-not-held' };
}

/** Act by act: what was acknowledged is so, and the one that was not may be anything. */
function fromActs({ acts }: OpenRow): Pick<OpenJob, 'erased' | 'written' | 'inDoubt'> {
  const alternates = [...new Set(acts.map((act) => act.alternate))].sort((a, b) => a - b);
  const parts = alternates.map((alternate) => {
    let erased: Range[] = [];
    let written: Range[] = [];
    let doubt: Range[] = [];
    for (const { kind, start, end, state } of acts.filter((act) => act.alternate === alternate)) {
      const range = { start, end };
      if (state !== 'done') doubt.push(range);
      else if (kind === 'erase') {
        erased = union([...erased, range]);
        written = subtract(written, [range]);
        doubt = subtract(doubt, [range]);
      } else written = union([...written, range]);
    }
    return {
      alternate,
      erased: subtract(erased, [...written, ...doubt]),
      written: subtract(written, doubt),
      doubt,
    };
  });
  const listed = (pick: (part: (typeof parts)[number]) => Range[]): RegionRanges[] =>
    parts.flatMap((part) => {
      const ranges = pick(part);
      return ranges.length === 0 ? [] : [{ alternate: part.alternate, ranges: union(ranges) }];
    });
  return {
    erased: listed((part) => part.erased),
    written: listed((part) => part.written),
    inDoubt: listed((part) => part.doubt),
  };
}

/**
 * The job lived to tell, more finely than its journal: which block, not which sector. Where it did nothing itself, what
 * an earlier job left there is so still, and only the journal knows of that.
 */
function fromResult(row: OpenRow): Pick<OpenJob, 'erased' | 'written' | 'inDoubt'> {
  const { entry, planned } = row;
  const { result } = entry;
  if (result === undefined) return { erased: [], written: [], inDoubt: [] };
  const { content } = result;
  const complete = content.kind === 'written' || content.kind === 'verified';
  const within = (ranges: readonly Range[]): RegionRanges[] =>
    planned.flatMap(({ alternate, ranges: all }) => {
      const mine = all.flatMap((one) => ranges.flatMap((range) => intersection(one, range) ?? []));
      return mine.length === 0 ? [] : [{ alternate, ranges: union(mine) }];
    });
  const own = {
    erased: within(result.erased),
    written: complete ? [...planned] : within(content.kind === 'partial' ? content.ranges : []),
    inDoubt: within(result.inDoubt),
  };
  const told = [...own.erased, ...own.written, ...own.inDoubt];
  const acts = fromActs(row);
  return {
    erased: joined(own.erased, acts.erased, told),
    written: joined(own.written, acts.written, told),
    inDoubt: joined(own.inDoubt, acts.inDoubt, told),
  };
}

/** What the result says, and what the journal says of all that the result does not tell of. */
function joined(
  own: readonly RegionRanges[],
  acts: readonly RegionRanges[],
  told: readonly RegionRanges[],
): RegionRanges[] {
  const rangesOf = (all: readonly RegionRanges[], alternate: number): Range[] =>
    all.filter((one) => one.alternate === alternate).flatMap(({ ranges }) => [...ranges]);
  const alternates = [...new Set([...own, ...acts].map(({ alternate }) => alternate))].sort((a, b) => a - b);
  return alternates.flatMap((alternate) => {
    const left = subtract(rangesOf(acts, alternate), rangesOf(told, alternate));
    const ranges = union([...rangesOf(own, alternate), ...left]);
    return ranges.length === 0 ? [] : [{ alternate, ranges }];
  });
}
