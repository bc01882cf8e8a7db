// Many boards, one recipe.
import { FlashError } from '../../shared/errors/flash-error.ts';
import { settle } from '../jobs/arm/settle.ts';
import { limits } from '../../shared/limits.ts';
import { recipeOf } from '../jobs/batch/batch-record.ts';
import { armedFeed, fixedFeed } from '../jobs/batch/feeds.ts';
import { openNextLike } from '../jobs/batch/next-like.ts';
import { findOpenBatch, takeOver } from '../jobs/batch/resume-batch.ts';
import type { NewJob } from '../jobs/new-job.ts';
import { unitCsvLine, unitHeading } from '../store/unit-log.ts';
import { studio } from './implement.ts';
import { armRequest, boardAt, flashRequest } from './job-requests.ts';

export const batchMethods = {
  flashAll: studio.jobs.flashAll.handler(async ({ context, input: { boards, ...recipe } }) => {
    const jobs: NewJob[] = [];
    for (const { portPath, confirmed, agreed } of boards) {
      const request = await flashRequest(context, { ...recipe, portPath });
      jobs.push({
        kind: 'flash',
        request,
        portPath,
        ...boardAt(context, portPath),
        files: request.images.map(({ name }) => name),
        consent: { planHash: confirmed, questions: agreed },
        asksNobody: true,
      });
    }
    const files = jobs[0]?.files ?? [];
    const images = imagesOf(jobs[0]);
    const about = { kind: 'all', files, images, profile: undefined, wanted: jobs.length } as const;
    const [first] = jobs;
    if (first?.request.kind !== 'flash') throw new FlashError('api.unknown', { what: 'board' });
    const batch = await context.parts.batches.open(about, fixedFeed, recipeOf(first.request));
    for (const job of jobs) batch.start(job);
    batch.tend();
    return { batch: batch.id };
  }),
  armNext: studio.jobs.armNext.handler(async ({ context, input }) => {
    const { stopAfter, confirmed, agreed, profile: id, goesOn } = input;
    const { services, boards } = context.parts;
    const before = goesOn === undefined ? undefined : await findOpenBatch(services.journal, goesOn);
    if (goesOn !== undefined && before === undefined) throw new FlashError('resume.unknown', { id: goesOn });
    const request = await armRequest(context, input);
    const profile = services.profiles.find((one) => one.id === id);
    if (profile === undefined) throw new FlashError('api.unknown', { what: 'board' });
    // What cannot be planned is said now, and not by a batch that ends at once.
    const { plan } = await settle(request, services);
    const files = request.flash.images.map(({ name }) => name);
    const images = plan.images.map(({ sha256 }) => sha256);
    const feed = armedFeed({
      kind: 'flash',
      request,
      portPath: '',
      board: profile.name,
      virtual: false,
      files,
      consent: { planHash: confirmed, questions: agreed },
    });
    const batch = await context.parts.batches.open(
      { kind: 'next', files, images, profile: id, wanted: stopAfter },
      feed,
      recipeOf({ ...request.flash, backup: input.backup !== false }),
    );
    if (before !== undefined) await takeOver(batch, before, boards.seen.value.boards, services);
    batch.tend();
    return { batch: batch.id };
  }),
  retryFailed: studio.jobs.retryFailed.handler(({ context, input: { batch: id, boards, ports } }) => {
    const consentFor = ({ consent }: NewJob, portPath: string): NewJob['consent'] => {
      const since = boards.find((one) => one.portPath === portPath);
      return since === undefined ? consent : { planHash: since.confirmed, questions: since.agreed };
    };
    const only = ports === undefined ? undefined : new Set(ports);
    return { retried: context.parts.batches.find(id).retryFailed(consentFor, only) };
  }),
  nextLike: studio.jobs.nextLike.handler(async ({ context: { parts }, input: { id, stopAfter } }) => ({
    batch: (await openNextLike(id, stopAfter, parts)).id,
  })),
  stopBatchAfter: studio.jobs.stopBatchAfter.handler(({ context, input }) => {
    const batch = context.parts.batches.find(input.batch);
    // Which boards it is about was settled when it was made.
    if (batch.snapshot.kind === 'all') throw new FlashError('api.unknown', { what: 'batch' });
    batch.want(input.count);
  }),
  batchTable: studio.jobs.batchTable.handler(({ context, input: { batch: id, from } }) => {
    const { finished, snapshot } = context.parts.batches.find(id);
    const past = from + limits.batchTableRows;
    const rows = finished.slice(from, past).map((unit) => unitCsvLine(unit, snapshot.images));
    const piece = new Blob([from === 0 ? unitHeading : '', ...rows]);
    return { piece, next: past < finished.length ? past : undefined };
  }),
  stopBatch: studio.jobs.stopBatch.handler(({ context, input }) =>
    context.parts.batches.find(input.batch).stop(),
  ),
  watchBatches: studio.jobs.watchBatches.handler(({ context, signal }) =>
    context.parts.batches.snapshots.watch(signal ?? AbortSignal.abort()),
  ),
};

function imagesOf(job: NewJob | undefined): string[] {
  if (job?.request.kind !== 'flash') return [];
  return job.request.images.map(({ sha256 }) => sha256);
}
