// The next board, same image: what one job did, for whatever comes next and is planned like it.
import { FlashError } from '../../../shared/errors/flash-error.ts';
import type { BoardWatch } from '../board-watch.ts';
import type { NewJob } from '../new-job.ts';
import type { RunningJobs } from '../running-jobs.ts';
import type { Batch } from './batch.ts';
import { recipeOf } from './batch-record.ts';
import type { Batches } from './batches.ts';
import { armedFeed, surveyFeed } from './feeds.ts';

/**
 * Opens a batch with the recipe of a job. Boards that stand there already are not meant. What was agreed to for the job's
 * board is agreed to for boards to which the same would be done, and for no other.
 * @throws FlashError `api.unknown` for a job whose recipe is not remembered or is for that one board, `api.limit`
 */
export async function openNextLike(
  id: string,
  wanted: number,
  { jobs, batches, boards }: { jobs: RunningJobs; batches: Batches; boards: BoardWatch },
): Promise<Batch> {
  const { job, plan } = jobs.recipeOf(id);
  const { request } = job;
  // A backup that is put back is of one board.
  if (job.kind !== 'flash' || (request.kind !== 'flash' && request.kind !== 'arm'))
    throw new FlashError('api.unknown', { what: 'job' });
  const about = {
    kind: 'next',
    files: job.files,
    images: plan.images.map(({ sha256 }) => sha256),
    wanted,
  } as const;
  if (request.kind === 'arm') {
    // Practising: no real board may be waited for.
    if (request.virtual === true) throw new FlashError('api.unknown', { what: 'job' });
    const batch = await batches.open(
      { ...about, profile: request.profile },
      armedFeed({ ...job, request, portPath: '' }),
      recipeOf(request.flash),
    );
    return begin(batch, boards);
  }
  const consent = { planHash: undefined, like: plan, questions: plan.questions.map((one) => one.id) };
  const jobFor = (portPath: string): NewJob => ({
    ...job,
    board: plan.board,
    request: {
      ...request,
      resumes: undefined,
      earlier: undefined,
      selection: { device: portPath, waitMs: 0 },
    },
    portPath,
    consent,
  });
  const feed = surveyFeed(() => boards.seen.value, plan.virtual, jobFor);
  const batch = await batches.open({ ...about, profile: undefined }, feed, recipeOf(request));
  return begin(batch, boards);
}

function begin(batch: Batch, boards: BoardWatch): Batch {
  batch.passOver(boards.seen.value.boards.map(({ portPath }) => portPath));
  batch.tend();
  return batch;
}
