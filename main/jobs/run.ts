// A job from request to result. The order of steps is owned here and nowhere else; tidying up always happens.
import { toFlashError, type FlashError } from '../../shared/errors/flash-error.ts';
import type { Comparison } from '../../shared/comparison.ts';
import type { Profile } from '../../shared/profile.ts';
import type { Result } from '../../shared/result.ts';
import { lockPort } from '../base/lock.ts';
import { startWait } from '../base/wait.ts';
import type { Facts } from '../devices/bus.ts';
import { tidyWait } from '../targets/open.ts';
import { JobContext } from './context.ts';
import { considerEarlier } from './earlier.ts';
import { listenAgain, type Aftermath, type Written } from './families/afterwards.ts';
import { hearBefore, refuseUnsafeEntry } from './families/hear.ts';
import { recall, remember, type Heard } from './families/heard.ts';
import { learnOf } from './families/know.ts';
import type { BoardPort } from './families/serial.ts';
import { nextStepOf, outcomeOf } from './outcome.ts';
import { passGate } from './gate.ts';
import type { DirectRequest, JobControl } from './request.ts';
import { runBackup } from './run-backup.ts';
import { runChipCommand } from './run-chip.ts';
import { runCompare } from './run-compare.ts';
import { runFlash } from './run-flash.ts';
import type { Services } from './services.ts';
import { detectBoard } from './steps/detect.ts';
import { enterFlashMode } from './steps/enter.ts';
import { identifyBoard, type Identified } from './steps/identify.ts';
import type { SavedBackup } from './steps/save-backup.ts';
import type { Sighting } from './survey.ts';
import { profileOf, refuseUnlessKnown } from './which-board.ts';
import type { Entered } from './steps/enter.ts';

/** No job takes longer; a bound against hanging, nothing else. */
const jobLimitMs = 4 * 60 * 60 * 1000;

/** A job as it stands: filled in as it goes, so that a failure can tell all that was known. */
export interface JobState {
  sighting?: Sighting;
  /** Of the board it is, where that is known: proven, told, or by `selection.profile`. */
  profile?: Profile | undefined;
  entered?: Entered;
  identified?: Identified;
  backup?: SavedBackup;
  comparison?: Comparison;
  /** What its program said before it left. */
  heard?: Heard | undefined;
  /** What was written, once it was. */
  written?: Written;
  /** What came back to its port. */
  returned?: BoardPort | undefined;
  aftermath?: Aftermath;
}

/** How the steps after identification ended well. */
export type Ending = Pick<Result, 'app' | 'leftEarly'>;

/**
 * Runs one job. Never rejects: everything that can go wrong is in the result.
 * @param caught the board, where it was found already: it is not looked for
 */
export async function runJob(
  request: DirectRequest,
  services: Services,
  control: JobControl,
  caught?: Sighting,
): Promise<Result> {
  const started = services.clock.now();
  const wait = startWait(services.clock, jobLimitMs + request.selection.waitMs, control.abort);
  const record = services.journal.record(request, control.emit);
  const context = new JobContext(services, control, wait, record);
  const state: JobState = {};
  services.log.write('info', 'job', `${request.kind} begins`);
  let ending: Ending = { app: 'not-expected', leftEarly: false };
  let failure: FlashError | undefined;
  try {
    ending = await runSteps(request, context, state, caught);
  } catch (error) {
    failure = toFlashError(error);
    if (failure.code === 'internal') services.log.write('error', 'job', describeBug(failure));
  }
  const result = resultOf(context, state, ending, failure, services.clock.now() - started);
  await record.end(result);
  services.log.write(failure === undefined ? 'info' : 'warn', 'job', resultLine(request, result));
  control.emit({ type: 'result', result });
  return result;
}

async function runSteps(
  request: DirectRequest,
  context: JobContext,
  state: JobState,
  caught: Sighting | undefined,
): Promise<Ending> {
  const sighting = await detectBoard(context, request.selection, caught);
  state.sighting = sighting;
  const profile = profileOf(context.services, sighting);
  state.profile = profile;
  passGate(context, request, sighting.facts, profile);
  if (request.kind === 'flash') refuseUnlessKnown(context.services, sighting);
  context.record.begin(sighting);
  context.control.recorded?.(context.record.id);
  context.checkStop();
  await using _lock = await lockUnlessVirtual(context, sighting, sighting.facts);
  refuseUnsafeEntry(sighting);
  if (probes(request)) state.heard = await hearBefore(context, sighting, backsUp(request));
  const entered = await enterFlashMode(context, sighting, request.selection.interfaceNumber);
  state.entered = entered;
  const moved = entered.facts.portPath !== sighting.facts.portPath;
  await using _second = moved ? await lockUnlessVirtual(context, sighting, entered.facts) : undefined;
  passGate(context, request, entered.facts, profile);
  if (request.kind === 'detach') return { app: 'not-expected', leftEarly: false };
  const heard = state.heard ?? recall(context.services.heard, sighting.bus, entered.facts);
  state.heard = heard;
  if (heard !== undefined) remember(context.services.heard, sighting.bus, entered.facts, heard);
  context.checkStop();
  const ending = await runOpened(request, context, state, sighting, entered);
  const { written, identified, returned } = state;
  if (written !== undefined && identified !== undefined)
    state.aftermath = await listenAgain(context, written, identified, ending, returned);
  return ending;
}

async function runOpened(
  request: Exclude<DirectRequest, { kind: 'detach' }>,
  context: JobContext,
  state: JobState,
  sighting: Sighting,
  entered: Entered,
): Promise<Ending> {
  const { profile } = state;
  const opened = await identifyBoard(context, { sighting, entered, profile }, request, probes(request));
  state.identified = opened;
  try {
    const identified = probes(request) ? await learnOf(context, opened, profile, state.heard) : opened;
    state.identified = identified;
    context.record.identified(identified.facts);
    switch (request.kind) {
      case 'flash':
        return await runFlash(
          await considerEarlier(request, context, identified),
          context,
          state,
          identified,
        );
      case 'backup':
        return await runBackup(request, context, state, identified);
      case 'compare':
        return await runCompare(request, context, state, identified);
      case 'chip':
        return await runChipCommand(request, context, state, identified);
    }
  } catch (error) {
    await opened.target.tidyUp(tidyWait(context.clock));
    throw error;
  } finally {
    await opened.target[Symbol.asyncDispose]();
  }
}

/** Whether there will be a backup for text to lie beside. */
function backsUp(request: DirectRequest): boolean {
  return request.kind === 'backup' || (request.kind === 'flash' && request.backup);
}

/** A virtual board lives in this process: nobody else can have it. */
async function lockUnlessVirtual(
  { services: { host } }: JobContext,
  { bus }: Sighting,
  { portPath }: Facts,
): Promise<AsyncDisposable | undefined> {
  return bus.virtual ? undefined : await lockPort(host.paths.locks, portPath, host.shell);
}

/** Lifting read protection is for chips that cannot be read: asking them to be would refuse the cure. */
function probes(request: DirectRequest): boolean {
  return request.kind !== 'chip' && request.kind !== 'detach';
}

function resultOf(
  context: JobContext,
  state: JobState,
  ending: Ending,
  failure: FlashError | undefined,
  durationMs: number,
): Result {
  const { ledger } = context;
  const { content } = ledger;
  const facts = state.identified?.facts;
  const resumable = facts?.addressed === true && facts.abilities.read.possible;
  return {
    outcome: failure === undefined ? 'done' : outcomeOf(failure, content),
    content,
    inDoubt: ledger.inDoubt,
    erased: ledger.blank,
    ...ending,
    ...(facts === undefined || facts.serial === '' ? {} : { serial: facts.serial }),
    next:
      failure === undefined
        ? 'nothing'
        : nextStepOf(failure, content, { resumable, backedUp: state.backup !== undefined }),
    error: failure === undefined ? undefined : { code: failure.code, params: failure.params },
    board: state.identified?.facts.name ?? state.sighting?.report.name,
    portPath: (state.entered ?? state.sighting)?.facts.portPath,
    virtual: state.sighting?.report.virtual ?? false,
    backup: state.backup,
    ...(state.comparison === undefined ? {} : { comparison: state.comparison }),
    ...state.aftermath,
    steps: context.records,
    durationMs,
    requests: { ...state.identified?.target.requestCounts },
  };
}

/** The stack of a bug belongs in the log, where the person who mends it will look. */
function describeBug(failure: FlashError): string {
  const { cause } = failure;
  return cause instanceof Error ? (cause.stack ?? cause.message) : failure.message;
}

/** For whoever reads the log later: what, on which board, how it ended, and what that took. */
function resultLine(request: DirectRequest, result: Result): string {
  const board = result.board === undefined ? '' : ` on ${result.board}, port ${result.portPath ?? 'unknown'}`;
  const error =
    result.error === undefined ? '' : ` by ${result.error.code} ${JSON.stringify(result.error.params)}`;
  const counts = Object.entries(result.requests)
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `${name} ${count}`);
  return (
    `${request.kind}${board}: ${result.outcome}${error}, content ${result.content.kind}, program ${result.app}, ` +
    `${Math.round(result.durationMs)} ms; ${counts.length === 0 ? 'no requests' : counts.join(', ')}`
  );
}
