// The flash job after identification: plan, ask, back up, plan again, erase, write, verify, leave.
import type { ErrorCode, ErrorParams } from '../../shared/errors/codes.ts';
import { FlashError } from '../../shared/errors/flash-error.ts';
import type { Plan, PlanQuestion } from '../../shared/plan.ts';
import { union } from '../../shared/ranges.ts';
import { checkBackupFolder } from '../store/backups.ts';
import type { BoardFacts } from './board-facts.ts';
import type { JobContext } from './context.ts';
import { saveBeside } from './families/extra-files.ts';
import type { KnownRun } from './known.ts';
import { planFlash, type FlashPlan } from './plan.ts';
import type { FlashRequest } from './request.ts';
import type { Ending, JobState } from './run.ts';
import { eraseSectors } from './steps/erase.ts';
import type { Identified } from './steps/identify.ts';
import { leaveAndConfirm, type SelfStart } from './steps/leave.ts';
import { backUp, checkBackupFormat, compareSectors } from './steps/read.ts';
import { verifyRuns } from './steps/verify.ts';
import { writeRuns } from './steps/write.ts';
import type { WritingEnd } from '../targets/target.ts';

/** @throws FlashError; `context.ledger` then says what the board holds */
export async function runFlash(
  request: FlashRequest,
  context: JobContext,
  state: JobState,
  identified: Identified,
): Promise<Ending> {
  const { facts } = identified;
  const first = planFlash(facts, request, []);
  context.emit({ type: 'plan', plan: first.plan });
  refuse(first.plan);
  if (request.dryRun) return { app: 'not-expected', leftEarly: false };
  if (first.backup.length > 0) {
    checkBackupFormat(request.backupTo, facts, first.backup);
    await checkBackupFolder(request.backupTo, context.services.host.paths.backups);
  }
  await askAll(context, first.plan, first.plan.questions);

  const known = await readBefore(request, context, state, identified, first);
  const second = planFlash(facts, request, known);
  refuse(second.plan);
  // Reading may only ever take work away from what was confirmed.
  if (second.plan.hash !== first.plan.hash) throw new FlashError('plan.changed', {});
  if (known.length > 0) context.emit({ type: 'plan', plan: second.plan });
  const asked = first.plan.questions.map((question) => question.id);
  await askAll(
    context,
    second.plan,
    second.plan.questions.filter((question) => !asked.includes(question.id)),
  );

  context.ledger.plan(second.plan.regions.flatMap((region) => region.write));
  await context.record.confirm({
    planHash: second.plan.hash,
    images: request.images,
    backup: state.backup,
    planned: second.plan.regions.map(({ alternate, erase, write }) => ({
      alternate,
      ranges: union([...erase, ...write]),
    })),
    keepsBytes: second.plan.regions.some(({ kept }) => kept.length > 0),
  });
  await eraseAndWrite(request, context, identified, second, state);
  state.written = { request, plan: second.plan, placed: second.placed, known };
  return await goodbye(request, context, state, identified, second);
}

/** The first refusal is the error; all of them were shown with the plan. @throws FlashError */
function refuse(plan: Plan): void {
  const [first] = plan.refusals;
  if (first !== undefined) throw new FlashError(first.code, first.params as ErrorParams[ErrorCode]);
}

async function askAll(context: JobContext, plan: Plan, questions: readonly PlanQuestion[]): Promise<void> {
  for (const question of questions) {
    context.checkStop();
    const yes = await context.control.ask(question, plan);
    if (!yes) throw new FlashError('question.declined', { question: question.id });
  }
  context.checkStop();
}

async function readBefore(
  request: FlashRequest,
  context: JobContext,
  state: JobState,
  { target, facts }: Identified,
  { plan, backup, compare }: FlashPlan,
): Promise<KnownRun[]> {
  const known: KnownRun[] = [];
  const skipped = new Map(plan.steps.map((step) => [step.step, step.skip]));
  if (backup.length > 0) {
    const made = await backUp(context, target, facts, backup, {
      to: request.backupTo,
      raw: false,
      twice: false,
    });
    state.backup = await saveBeside(context, made.saved, state.heard?.extra);
    known.push(...made.known);
  } else {
    if (request.earlier?.backup !== undefined) state.backup = request.earlier.backup;
    context.skip('back-up', skipped.get('back-up') ?? 'switched-off');
  }
  context.checkStop();
  if (compare.length > 0) known.push(...(await compareSectors(context, target, compare)));
  else context.skip('compare', skipped.get('compare') ?? 'nothing-to-do');
  context.checkStop();
  return known;
}

async function eraseAndWrite(
  request: FlashRequest,
  context: JobContext,
  { target }: Identified,
  { plan, work }: FlashPlan,
  state: JobState & { end?: WritingEnd },
): Promise<void> {
  const skipOf = (step: string) => plan.steps.find((one) => one.step === step)?.skip;
  const eraseSkip = skipOf('erase');
  if (eraseSkip === undefined) await eraseSectors(context, target, work);
  else context.skip('erase', eraseSkip);
  const writeSkip = skipOf('write');
  if (writeSkip !== undefined) {
    context.skip('write', writeSkip);
    context.skip('verify', 'already-compared');
    context.ledger.verified();
    return;
  }
  state.end = await writeRuns(context, target, work);
  const verifySkip = skipOf('verify');
  // A board that was expected to stay and did not cannot be asked any more.
  if (verifySkip === undefined && state.end !== 'in-session') context.skip('verify', 'left-already');
  else if (verifySkip === undefined) await verifyRuns(context, target, work);
  else context.skip('verify', verifySkip);
}

async function goodbye(
  request: FlashRequest,
  context: JobContext,
  state: JobState & { end?: WritingEnd },
  identified: Identified,
  { plan, leaveRegion }: FlashPlan,
): Promise<Ending> {
  const { sighting, entered } = state;
  if (sighting === undefined || entered === undefined)
    throw new FlashError('internal', { detail: 'no board' });
  if (!request.leave && !request.reset) {
    context.skip('leave', 'switched-off');
    context.skip('confirm', 'stays-in-flash-mode');
    return { app: 'not-expected', leftEarly: false };
  }
  const { back, ...ending } = await leaveAndConfirm(context, identified.target, {
    bus: sighting.bus,
    facts: entered.facts,
    runtimeSeen: entered.entered,
    programIds: entered.programIds,
    region: leaveRegion,
    address: plan.leaveAddress,
    end: state.end ?? 'in-session',
    reset: request.reset,
    startsByItself: selfStartOf(identified.facts),
  });
  state.returned = back === undefined ? undefined : { bus: sighting.bus, facts: back };
  return ending;
}

/** Boards with a window have no request that ends it: all that may be meant agree on that. */
function selfStartOf({ families = [] }: BoardFacts): SelfStart | undefined {
  const settled = families.find((one) => one.settled);
  const profiles = settled?.profile === undefined ? (settled?.candidates ?? []) : [settled.profile];
  const windows = profiles.map((one) => one.window?.ms ?? 0);
  if (windows.length === 0 || windows.includes(0)) return undefined;
  const programs = profiles.flatMap((one) => one.modes.filter((mode) => mode.kind === 'application'));
  return { windowMs: Math.max(...windows), programIds: programs.flatMap((mode) => mode.ids) };
}
