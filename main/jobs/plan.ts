// plan(): facts, images and options in; steps, ranges, warnings, questions and refusals out. Pure. It runs twice,
// before and after reading the board, and is what the confirm page shows, --dry-run prints, and most tests look at.
import { createHash } from 'node:crypto';
import { toFlashError } from '../../shared/errors/flash-error.ts';
import type {
  Plan,
  PlannedStep,
  PlanQuestion,
  PlanWarning,
  SkipReason,
  StepName,
} from '../../shared/plan.ts';
import { totalSize, union, type Range } from '../../shared/ranges.ts';
import { rangesOf, type Region, type WhyNot } from '../targets/target.ts';
import { whyNoBackup } from './backup-policy.ts';
import type { BoardFacts } from './board-facts.ts';
import { estimateErase, estimateRead, estimateWrite } from './estimate.ts';
import type { KnownRun } from './known.ts';
import type { Placed } from './placement.ts';
import { checkBeforeFlashing } from './preflight.ts';
import type { FlashRequest } from './request.ts';
import { openRanges } from './readable.ts';
import { planRegion, writtenBytes, type RegionWork } from './sectors.ts';

/** A plan with the bytes to carry it out. */
export interface FlashPlan {
  readonly plan: Plan;
  readonly work: readonly RegionWork[];
  /** What the backup reads; empty where none is made. Undefined ranges mean all there is (plain DFU). */
  readonly backup: readonly { readonly region: Region; readonly range: Range | undefined }[];
  /** What is read only to skip what need not be written; empty where a backup reads it anyway. */
  readonly compare: readonly { readonly region: Region; readonly range: Range }[];
  readonly leaveRegion: Region | undefined;
  /** Where every byte of the images goes. */
  readonly placed: readonly Placed[];
}

/**
 * Never throws: what stands against the job is in `plan.refusals`, every reason at once.
 * @param known bytes read from the board so far
 */
export function planFlash(board: BoardFacts, request: FlashRequest, known: readonly KnownRun[]): FlashPlan {
  const preflight = checkBeforeFlashing(board, request, known);
  const refusals = [...preflight.refusals];
  const attempt = <T>(action: () => T, otherwise: T): T => {
    try {
      return action();
    } catch (error) {
      const { code, params } = toFlashError(error);
      refusals.push({ code, params });
      return otherwise;
    }
  };
  const { placed } = preflight;
  const work =
    refusals.length > 0
      ? []
      : regionsOf(placed).flatMap((region) =>
          attempt(() => [workFor(region, placed, board, request, known)], []),
        );

  const backup = backupOf(board, request);
  const compare = compareOf(board, request, work, backup.length > 0);
  const leaveRegion = work[0]?.region ?? board.regions[0];
  const leaveAddress = board.addressed && request.leave ? lowestAddress(work) : undefined;
  const steps = stepsOf(board, request, work, backup, compare);
  const estimates = steps.map((step) => step.estimateMs ?? 0);
  const bare = {
    board: board.name,
    portPath: board.portPath,
    virtual: board.virtual,
    protocol: board.protocol,
    images: request.images.map(({ name, fileBytes, sha256 }) => ({ name, bytes: fileBytes, sha256 })),
    steps,
    regions: work.map((one) => ({
      alternate: one.region.alternate,
      name: one.region.name,
      image: one.image,
      erase: one.erase,
      eraseSectors: one.erase.length,
      write: one.writes.map((run) => ({ start: run.start, end: run.start + run.bytes.length })),
      unchanged: one.unchanged,
      kept: one.kept,
      lost: one.lost,
    })),
    warnings: [...warningsOf(board, request, work, backup.length > 0), ...preflight.warnings],
    questions: questionsOf(board, request, backup.length > 0, preflight.questions),
    refusals,
    checks: preflight.checks,
    ...(board.about === undefined || board.about.length === 0 ? {} : { about: board.about }),
    memories: union(board.regions.flatMap(rangesOf)),
    leaveAddress,
    estimateMs: estimates.reduce((sum, one) => sum + one, 0),
  };
  return { plan: { ...bare, hash: hashOf(board, bare) }, work, backup, compare, leaveRegion, placed };
}

/** What a confirmation confirms: this board, these files, these places. Not the time it may take. */
function hashOf(board: BoardFacts, plan: Omit<Plan, 'hash'>): string {
  const { images, portPath } = plan;
  // What only reading can tell is asked when it is known, and takes nothing away from what was confirmed.
  const questions = plan.questions.filter((question) => question.id !== 'install-older');
  const image = plan.regions.map((region) => [region.alternate, region.image]);
  const maps = board.regions.map((region) => [region.alternate, region.name, rangesOf(region)]);
  const confirmed = [
    portPath,
    board.vendorId,
    board.productId,
    // A program and a loader may show different numbers of one board, and many loaders one that says nothing.
    board.ownNumber,
    board.profile?.id,
    maps,
    images,
    image,
    questions,
    plan.leaveAddress,
  ];
  return createHash('sha256').update(JSON.stringify(confirmed)).digest('hex');
}

function regionsOf(placed: readonly Placed[]): Region[] {
  return [...new Set(placed.map((one) => one.region))];
}

function workFor(
  region: Region,
  placed: readonly Placed[],
  board: BoardFacts,
  request: FlashRequest,
  known: readonly KnownRun[],
): RegionWork {
  const mine = placed.filter((one) => one.region === region);
  if (board.addressed) return planRegion(region, mine, request, known);
  const writes = mine.map(({ start, bytes }) => ({ start, bytes }));
  const image = writes.map((run) => ({ start: run.start, end: run.start + run.bytes.length }));
  return { region, image, erase: [], writes, unchanged: [], kept: [], lost: [], touched: [] };
}

/** Main flash only, unless more is asked for. */
function backupOf(board: BoardFacts, request: FlashRequest): FlashPlan['backup'] {
  if (!request.backup || !board.abilities.read.possible || keepsEarlier(request)) return [];
  if (whyNoBackup(board, request) !== undefined) return [];
  const main = board.regions.filter((region) => region.kind === 'main-flash');
  if (board.addressed) {
    return main.flatMap((region) => openRanges(region, board).map((range) => ({ region, range })));
  }
  const open = main.filter((one) =>
    board.guards.secrets.every((secret) => secret.alternate !== one.alternate),
  );
  return open.slice(0, 1).map((region) => ({ region, range: undefined }));
}

/** Half-written content must not become the newest backup of a board; a file somebody named is their own wish. */
function keepsEarlier(request: FlashRequest): boolean {
  return request.earlier !== undefined && request.backupTo === undefined;
}

function backupSkip(request: FlashRequest): SkipReason {
  if (!request.backup) return request.noBackup?.why ?? 'switched-off';
  if (!keepsEarlier(request)) return 'board-cannot-be-read';
  return request.earlier?.backup === undefined ? 'half-written' : 'earlier-backup-kept';
}

function compareOf(
  board: BoardFacts,
  request: FlashRequest,
  work: readonly RegionWork[],
  backedUp: boolean,
): FlashPlan['compare'] {
  if (!board.addressed || !board.abilities.read.possible) return [];
  return work.flatMap(({ region, touched }) => {
    if (backedUp && region.kind === 'main-flash') return [];
    const needed = request.full && !request.keepRest ? [] : touched;
    return neighbours(needed).map((range) => ({ region, range }));
  });
}

function neighbours(ranges: readonly Range[]): Range[] {
  const joined: Range[] = [];
  for (const range of ranges) {
    const last = joined.at(-1);
    if (last?.end === range.start) joined[joined.length - 1] = { start: last.start, end: range.end };
    else joined.push(range);
  }
  return joined;
}

function lowestAddress(work: readonly RegionWork[]): number | undefined {
  const starts = work
    .filter((one) => one.region.kind === 'main-flash')
    .flatMap((one) => one.image.map((range) => range.start));
  return starts.length === 0 ? undefined : Math.min(...starts);
}

function stepsOf(
  board: BoardFacts,
  request: FlashRequest,
  work: readonly RegionWork[],
  backup: FlashPlan['backup'],
  compare: FlashPlan['compare'],
): PlannedStep[] {
  const erase = work.flatMap((one) => one.erase);
  const writeBytes = work.reduce((sum, one) => sum + writtenBytes(one), 0);
  const backupBytes = totalSize(backup.flatMap((one) => one.range ?? []));
  const compareBytes = totalSize(compare.map((one) => one.range));
  const todo = (step: StepName, bytes: number, estimateMs: number): PlannedStep => ({
    step,
    bytes,
    estimateMs,
  });
  const skip = (step: StepName, reason: SkipReason): PlannedStep => ({ step, skip: reason });
  const { abilities } = board;
  return [
    { step: 'detect' },
    board.entered ? { step: 'enter' } : skip('enter', 'already-in-flash-mode'),
    { step: 'identify' },
    backup.length > 0
      ? todo('back-up', backupBytes, estimateRead(backupBytes))
      : skip('back-up', whyNoBackup(board, request) === undefined ? backupSkip(request) : 'not-usual'),
    compare.length > 0
      ? todo('compare', compareBytes, estimateRead(compareBytes))
      : skip('compare', compareSkip(board, request, backup.length > 0)),
    !abilities.erase.possible
      ? skip('erase', 'erases-while-writing')
      : erase.length > 0
        ? todo('erase', totalSize(erase), estimateErase(erase))
        : skip('erase', 'nothing-to-do'),
    writeBytes > 0 ? todo('write', writeBytes, estimateWrite(writeBytes)) : skip('write', 'nothing-to-do'),
    verifyStep(board, request, writeBytes),
    request.leave ? { step: 'leave' } : skip('leave', 'switched-off'),
    request.leave ? { step: 'confirm' } : skip('confirm', 'stays-in-flash-mode'),
  ];
}

function compareSkip(board: BoardFacts, request: FlashRequest, backedUp: boolean): SkipReason {
  if (!board.addressed) return 'no-addresses';
  if (!board.abilities.read.possible) return 'board-cannot-be-read';
  if (request.full) return 'switched-off';
  return backedUp ? 'backup-compares-too' : 'nothing-to-do';
}

function verifyStep(board: BoardFacts, request: FlashRequest, bytes: number): PlannedStep {
  const { verify } = board.abilities;
  if (!request.verify) return { step: 'verify', skip: 'switched-off' };
  if (!verify.possible) return { step: 'verify', skip: verifySkip(verify.why) };
  if (bytes === 0) return { step: 'verify', skip: 'already-compared' };
  return { step: 'verify', bytes, estimateMs: estimateRead(bytes) };
}

function verifySkip(why: WhyNot): SkipReason {
  return why === 'leaves-after-writing' ? 'leaves-after-writing' : 'board-cannot-be-read';
}

function warningsOf(
  board: BoardFacts,
  request: FlashRequest,
  work: readonly RegionWork[],
  backsUp: boolean,
): PlanWarning[] {
  const warnings: PlanWarning[] = [];
  if (board.unsupported !== undefined) warnings.push({ code: 'unsupported-board', ...board.unsupported });
  const reason = whyNoBackup(board, request);
  if (!request.backup) warnings.push(request.noBackup ?? { code: 'no-backup', why: 'switched-off' });
  else if (keepsEarlier(request)) {
    if (request.earlier?.backup === undefined) warnings.push({ code: 'no-backup', why: 'half-written' });
  } else if (reason !== undefined) warnings.push({ code: 'no-backup', why: 'not-usual', reason });
  else if (!backsUp) warnings.push({ code: 'no-backup', why: 'cannot-be-read' });
  const { verify } = board.abilities;
  if (!request.verify) warnings.push({ code: 'no-verify', why: 'switched-off' });
  else if (!verify.possible) {
    warnings.push({
      code: 'no-verify',
      why: verify.why === 'leaves-after-writing' ? verify.why : 'cannot-be-read',
    });
  }
  const lost = work.flatMap((one) => one.lost);
  if (lost.length > 0) warnings.push({ code: 'erases-more', ranges: lost });
  if (board.likely.length > 0) warnings.push({ code: 'identity-unproven', boards: board.likely });
  return warnings;
}

function questionsOf(
  board: BoardFacts,
  request: FlashRequest,
  backsUp: boolean,
  found: readonly PlanQuestion[],
): PlanQuestion[] {
  const questions: PlanQuestion[] = [];
  const expected = whyNoBackup(board, request) === undefined && !keepsEarlier(request);
  if (request.backup && !backsUp && expected && request.accept?.has('unreadable') !== true)
    questions.push({ id: 'go-without-backup', flag: '--no-backup' });
  return [...questions, ...found, { id: 'confirm', flag: '--yes' }];
}
