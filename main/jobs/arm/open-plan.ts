// The plan of a board whose memory is known only once it is there: what holds on every chip it may have.
import { createHash } from 'node:crypto';
import type { Plan, PlanWarning, StepName } from '../../../shared/plan.ts';
import type { Profile } from '../../../shared/profile.ts';
import { planFlash } from '../plan.ts';
import type { FlashRequest } from '../request.ts';
import type { OpenBoards } from './expected-board.ts';

/** Steps whose length follows from the memory; how much is written follows from the file. */
const ofMemory: ReadonlySet<StepName> = new Set(['back-up', 'compare', 'erase']);
/** What the memory decides is told as that, and not by the ranges of a chip it may not be. */
const ofRanges: ReadonlySet<PlanWarning['code']> = new Set(['erases-more', 'identity-unproven']);

/** Questions and warnings are those of any chip that takes the file: what may come is settled before. Never throws. */
export function openPlan({ name, id }: Profile, boards: OpenBoards, flash: FlashRequest): Plan {
  const known = boards.known.map((board) => ({ chip: board.name, plan: planFlash(board, flash, []).plan }));
  const unknown = planFlash(boards.unknown, flash, []).plan;
  const fits = known.filter(({ plan }) => plan.refusals.length === 0);
  const possible = [...fits.map(({ plan }) => plan), ...(unknown.refusals.length === 0 ? [unknown] : [])];
  const base = possible[0] ?? unknown;
  const questions = once(
    possible.flatMap((plan) => plan.questions),
    (question) => question.id,
  );
  const warnings = once(
    possible.flatMap((plan) => plan.warnings).filter(({ code }) => !ofRanges.has(code)),
    (warning) => warning.code,
  );
  const open = {
    fits: fits.map(({ chip }) => chip),
    not: known.filter(({ plan }) => plan.refusals.length > 0).map(({ chip }) => chip),
  };
  const confirmed = [id, open, questions, unknown.hash, ...fits.map(({ plan }) => plan.hash)];
  return {
    ...base,
    board: name,
    steps: base.steps.map((one) =>
      ofMemory.has(one.step) && one.skip === undefined ? { step: one.step } : one,
    ),
    regions: [],
    memories: [],
    leaveAddress: undefined,
    estimateMs: undefined,
    warnings: [...warnings, { code: 'memory-open' }],
    // The ordinary yes is the last, on every chip.
    questions: questions.toSorted((a, b) => Number(a.id === 'confirm') - Number(b.id === 'confirm')),
    refusals: possible.length === 0 ? unknown.refusals : [],
    open,
    hash: createHash('sha256').update(JSON.stringify(confirmed)).digest('hex'),
  };
}

function once<T>(all: readonly T[], keyOf: (one: T) => string): T[] {
  return [...new Map(all.toReversed().map((one) => [keyOf(one), one])).values()].toReversed();
}
