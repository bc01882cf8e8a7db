// A batch from its first question to its last board, for shells that have nothing else to do meanwhile.
import type { BatchSnapshot, BatchUnit, OpenBatch } from '../../../shared/batch.ts';
import { FlashError } from '../../../shared/errors/flash-error.ts';
import type { Ask } from '../../../shared/job-events.ts';
import type { LoweredLimit } from '../../../shared/job-state.ts';
import type { Plan } from '../../../shared/plan.ts';
import type { Log } from '../../log/log.ts';
import { refuse, settle } from '../arm/settle.ts';
import { BoardWatch } from '../board-watch.ts';
import type { Consent, NewJob } from '../new-job.ts';
import { planJob } from '../plan-job.ts';
import type { ArmRequest, FlashRequest } from '../request.ts';
import { RunningJobs } from '../running-jobs.ts';
import type { Services } from '../services.ts';
import type { Batch, Feed } from './batch.ts';
import { Batches } from './batches.ts';
import { recipeOf } from './batch-record.ts';
import { armedFeed, surveyFeed } from './feeds.ts';
import { takeOver, wasDone } from './resume-batch.ts';

export interface BatchRequest {
  readonly flash: FlashRequest;
  /** Undefined: as is usual for the board. */
  readonly backup: boolean | undefined;
  /** Which board is waited for; undefined takes any in flash mode that is planned like the first. */
  readonly profile: string | undefined;
  readonly way: string | undefined;
  readonly count: number;
  readonly runningAtOnce: number | undefined;
  /** The batch of a program that is no more: its boards that were done are left out, and it is over once this one is begun. */
  readonly goesOn?: OpenBatch;
}

export interface BatchControl {
  /** No other board is begun on. */
  readonly stop: AbortSignal;
  /** Those that run end at once. */
  readonly abort: AbortSignal;
  /** The program is to end: those that run stop at their next block, and the batch stays open to be gone on with. */
  readonly end: AbortSignal;
  readonly openLog: (id: string) => Log & Disposable;
  /** Asked once, for the one plan that all boards have. */
  readonly ask: Ask;
  readonly tell: {
    waitingForFirst(): void;
    plan(plan: Plan): void;
    waiting(): void;
    unit(unit: BatchUnit, number: number): void;
    lowered(lowered: LoweredLimit): void;
  };
}

/** Runs it to its end. @throws FlashError for what stands against it before its first board */
export async function runBatch(
  request: BatchRequest,
  services: Services,
  control: BatchControl,
): Promise<BatchSnapshot> {
  const jobs = new RunningJobs(services, control.openLog, request.runningAtOnce);
  await using boards = new BoardWatch(services, (facts) => jobs.isBusy(facts));
  const { plan, feed } =
    request.profile === undefined
      ? await feedOfSurvey(request, services, boards, control)
      : await feedOfProfile(request, request.profile, services, control);
  control.tell.waiting();
  const about = {
    kind: 'next',
    files: plan.images.map(({ name }) => name),
    images: plan.images.map(({ sha256 }) => sha256),
    profile: request.profile,
    wanted: request.count,
  } as const;
  const batches = new Batches(services, jobs);
  const batch = await batches.open(about, feed, recipeOf(request.flash));
  const { goesOn } = request;
  if (goesOn !== undefined) await takeOver(batch, goesOn, boards.seen.value.boards, services);
  const onStop = (): void => batch.stop();
  const onAbort = (): void => {
    for (const { id, result } of jobs.snapshots.value)
      if (result === undefined) void jobs.cancel(id, 'abort');
  };
  const onEnd = (): void => {
    batches.stopAll();
    void jobs.stopAll();
  };
  // Before the other: what ends with the program stays open.
  control.end.addEventListener('abort', onEnd, { once: true });
  control.stop.addEventListener('abort', onStop, { once: true });
  control.abort.addEventListener('abort', onAbort, { once: true });
  const over = new AbortController();
  const looking = lookAgain(boards, batch, over.signal);
  const telling = tellUnits(jobs, batch, boards, control, over.signal);
  batch.tend();
  if (control.end.aborted) onEnd();
  if (control.stop.aborted) onStop();
  await batch.ended;
  over.abort();
  await Promise.all([looking, telling, batches.written()]);
  control.end.removeEventListener('abort', onEnd);
  control.stop.removeEventListener('abort', onStop);
  control.abort.removeEventListener('abort', onAbort);
  return batch.snapshot;
}

async function feedOfProfile(
  { flash, backup, way }: BatchRequest,
  profile: string,
  services: Services,
  control: BatchControl,
): Promise<{ plan: Plan; feed: Feed }> {
  const request: ArmRequest = { kind: 'arm', flash, backup, profile, portPath: undefined, way, waitMs: 0 };
  const { plan } = await settle(request, services);
  await agree(plan, control);
  const consent = { planHash: plan.hash, questions: plan.questions.map(({ id }) => id) };
  return { plan, feed: armedFeed({ ...jobOf(flash, plan, consent), request, portPath: '' }) };
}

async function feedOfSurvey(
  { flash, goesOn }: BatchRequest,
  services: Services,
  boards: BoardWatch,
  control: BatchControl,
): Promise<{ plan: Plan; feed: Feed }> {
  const first = await firstBoard(boards, control, goesOn);
  const at = (device: string): FlashRequest => ({ ...flash, selection: { device, waitMs: 0 } });
  const plan = await planJob(at(first), services, control.stop);
  await agree(plan, control);
  const consent = { planHash: undefined, like: plan, questions: plan.questions.map(({ id }) => id) };
  const jobFor = (portPath: string): NewJob => ({
    ...jobOf(flash, plan, consent),
    request: at(portPath),
    portPath,
  });
  return { plan, feed: surveyFeed(() => boards.seen.value, plan.virtual, jobFor) };
}

/** The port of the first board in flash mode. @throws FlashError `job.stopped` */
async function firstBoard(
  boards: BoardWatch,
  { stop, tell }: BatchControl,
  goesOn: OpenBatch | undefined,
): Promise<string> {
  void boards.refresh();
  let told = false;
  for await (const { boards: seen, looked, problem } of boards.seen.watch(stop)) {
    const found = seen.find(
      (board) =>
        board.mode === 'dfu' &&
        board.problem === undefined &&
        (goesOn === undefined || !wasDone(goesOn, board)),
    );
    if (found !== undefined) return found.portPath;
    if (problem?.code === 'usb.library-missing') throw new FlashError(problem.code, problem.params as never);
    if (looked && !told) tell.waitingForFirst();
    told ||= looked;
  }
  throw new FlashError('job.stopped', {});
}

async function agree(plan: Plan, { ask, tell }: BatchControl): Promise<void> {
  tell.plan(plan);
  refuse(plan);
  for (const question of plan.questions)
    if (!(await ask(question, plan))) throw new FlashError('question.declined', { question: question.id });
}

function jobOf(
  flash: FlashRequest,
  { board, virtual }: Plan,
  consent: Consent,
): Omit<NewJob, 'request' | 'portPath'> {
  return { kind: 'flash', board, virtual, files: flash.images.map(({ name }) => name), consent };
}

/** What comes and goes at the ports. */
async function lookAgain(boards: BoardWatch, batch: Batch, signal: AbortSignal): Promise<void> {
  for await (const _ of boards.seen.watch(signal)) batch.tend();
}

async function tellUnits(
  jobs: RunningJobs,
  batch: Batch,
  boards: BoardWatch,
  { tell }: BatchControl,
  signal: AbortSignal,
): Promise<void> {
  const told = new Set<string>();
  let lowered: LoweredLimit | undefined;
  const tellNew = (): void => {
    for (const unit of batch.units.toReversed()) {
      if (unit.seconds === undefined || told.has(unit.jobId)) continue;
      told.add(unit.jobId);
      tell.unit(unit, told.size);
      void boards.refresh();
    }
    const now = jobs.queue.lowered;
    if (now !== undefined && now !== lowered) tell.lowered(now);
    lowered = now;
  };
  for await (const _ of jobs.snapshots.watch(signal)) {
    batch.tend();
    tellNew();
  }
  tellNew();
}
