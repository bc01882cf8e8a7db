// Every check before flashing: a file that trips it, and one that must not.
import { describe, expect, it } from 'vitest';
import { planFlash } from '../../main/jobs/plan.ts';
import { checkIds, type CheckId, type Plan } from '../../shared/plan.ts';
import { checkTexts, verdictTexts } from '../../shared/text/checks.ts';
import { errorText } from '../../shared/text/errors.ts';
import { questionText, warningText } from '../../shared/text/plan.ts';
import { f405 } from '../support/boards.ts';
import { flashRequest } from '../support/rig.ts';
import { boardCases } from './check-cases/board.ts';
import { contentCases } from './check-cases/content.ts';
import type { Case, CheckCases } from './check-cases/files.ts';
import { placeCases } from './check-cases/place.ts';

/** A check without cases does not compile. */
const cases: { readonly [id in CheckId]: CheckCases } = { ...boardCases, ...contentCases, ...placeCases };

function planOf(one: Case): Plan {
  return planFlash(one.board ?? f405, flashRequest(one.files, one.request), one.known ?? []).plan;
}

/** All that a plan says against, asks and tells, in words. */
function wordsOf(plan: Plan): string {
  return [
    ...plan.refusals.map(({ code, params }) =>
      Object.values(errorText(code, params as never, 'linux')).join(' '),
    ),
    ...plan.questions.map((question) => questionText(question, plan)),
    ...plan.warnings.map((warning) => warningText(warning)),
  ].join('\n');
}

const rows = checkIds.flatMap((id) => [
  ...cases[id].trips.map((one) => ({ id, ...one })),
  ...cases[id].passes.map((one) => ({ id, ...one, verdict: 'passed' as const, says: undefined })),
]);

describe('checks before flashing', () => {
  it.each(rows)('$id: $what: $verdict', (row) => {
    const plan = planOf(row);
    const check = plan.checks.find((one) => one.id === row.id);
    expect(check?.verdict).toBe(row.verdict);
    if (row.says !== undefined) expect(wordsOf(plan)).toMatch(row.says);
  });

  it('have words each', () => {
    expect(Object.keys(checkTexts)).toEqual([...checkIds]);
    for (const words of [...Object.values(checkTexts), ...Object.values(verdictTexts)])
      expect(words).not.toBe('');
  });

  it('that say no keep the plan from having anything to do', () => {
    for (const { trips } of Object.values(cases))
      for (const one of trips.filter((trip) => trip.verdict === 'refuse'))
        expect(planFlash(one.board ?? f405, flashRequest(one.files, one.request), []).work).toEqual([]);
  });
});
