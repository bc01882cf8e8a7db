import path from 'node:path';
import type { HistoryQuery, OpenJobReport } from '../../shared/contract/history.ts';
import { FlashError } from '../../shared/errors/flash-error.ts';
import type { HistoryEntry, HistoryFilter, OpenJob } from '../../shared/history.ts';
import { filterOfUnit } from '../../shared/history-unit.ts';
import { limits } from '../../shared/limits.ts';
import { openBatches, putAwayBatch, recipeOfOpenBatch } from '../jobs/batch/read-open-batches.ts';
import { historyPiece } from '../store/history-pieces.ts';
import type { PageContext } from './context.ts';
import { studio } from './implement.ts';

function journalOf({ parts }: PageContext) {
  return parts.services.journal;
}

async function oneJob(context: PageContext, id: string): Promise<HistoryEntry> {
  const [job] = await journalOf(context).history({ id, limit: 1 });
  if (job === undefined) throw new FlashError('api.unknown', { what: 'job' });
  return job;
}

/** The board that is asked for says itself whether it is virtual. */
async function filterOf(
  context: PageContext,
  { unitOf, ...rest }: HistoryQuery & { readonly virtual?: boolean },
): Promise<HistoryFilter> {
  if (unitOf === undefined) return rest;
  return { ...rest, ...filterOfUnit((await oneJob(context, unitOf)).unit) };
}

function reportOf({ parts }: PageContext, job: OpenJob): OpenJobReport {
  const { backup, backupThere } = job;
  const inLibrary =
    backupThere &&
    backup !== undefined &&
    path.resolve(path.dirname(backup.path)) === path.resolve(parts.services.host.paths.backups);
  return { ...job, backupId: inLibrary ? path.basename(backup.path) : undefined };
}

export const history = {
  list: studio.history.list.handler(async ({ context, input: { before, ...query } }) => {
    const journal = journalOf(context);
    const filter = await filterOf(context, query);
    const limit = limits.historyPageJobs + 1;
    const [jobs, counts, latest] = await Promise.all([
      journal.history({ ...filter, before, limit }),
      journal.counts({ ...filter, virtual: filter.virtual ?? false }),
      query.unitOf === undefined
        ? []
        : journal.history({ ...(await filterOf(context, { unitOf: query.unitOf })), limit: 1 }),
    ]);
    return {
      jobs: jobs.slice(0, limits.historyPageJobs),
      more: jobs.length === limit,
      counts,
      unit: latest[0]?.unit,
    };
  }),
  job: studio.history.job.handler(({ context, input }) => oneJob(context, input.id)),
  units: studio.history.units.handler(({ context }) => journalOf(context).units()),
  export: studio.history.export.handler(async ({ context, input: { format, from, ...query } }) => {
    const journal = journalOf(context);
    const filter = await filterOf(context, query);
    const { bytes, next } = await historyPiece((wanted) => journal.history(wanted), filter, format, from);
    return { piece: new Blob([new Uint8Array(bytes)]), next };
  }),
  open: studio.history.open.handler(async ({ context }) => {
    const journal = journalOf(context);
    const jobs = (await journal.openJobs()).map((job) => reportOf(context, job));
    return { jobs, notices: journal.takeNotices() };
  }),
  resume: studio.history.resume.handler(async ({ context, input }) => {
    const request = await journalOf(context).requestToResume(input.id);
    const { unit } = request.resumes;
    const id = context.parts.jobs.start({
      kind: 'flash',
      request: { ...request, selection: { ...request.selection, waitMs: limits.againWaitMs } },
      portPath: unit.portPath,
      board: unit.board,
      virtual: unit.virtual,
      files: request.images.map(({ name }) => name),
      consent: { planHash: undefined, questions: [] },
    });
    return { id };
  }),
  openBatches: studio.history.openBatches.handler(({ context }) => openBatches(journalOf(context))),
  takeBatch: studio.history.takeBatch.handler(async ({ context, input }) => {
    const { images, options } = await recipeOfOpenBatch(journalOf(context), input.id);
    return { images: images.map((image) => context.images.hold(image)), options };
  }),
  putAwayBatch: studio.history.putAwayBatch.handler(({ context, input }) =>
    putAwayBatch(journalOf(context), input.id),
  ),
  discard: studio.history.discard.handler(({ context, input }) => journalOf(context).discard(input.id)),
};
