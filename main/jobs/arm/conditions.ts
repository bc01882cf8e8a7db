// What only the board itself can tell and would then be asked or told: settled before it is there (shared/plan.ts).
import type { Acceptance } from '../../../shared/acceptances.ts';
import type { Plan, PlanCondition, PlanQuestion } from '../../../shared/plan.ts';
import type { FamilyId } from '../../families/family.ts';
import { familyOf } from '../../families/registry.ts';
import type { FlashRequest } from '../request.ts';

/** The name by which each is answered beforehand. */
const answeredBy = {
  'go-without-backup': 'unreadable',
  'install-older': 'older',
  'restore-on-other-unit': 'other-unit',
  'version-unknown': 'unknown-version',
  'other-board-version': 'other-board-version',
} as const satisfies { readonly [id in PlanQuestion['id']]?: Acceptance };

export type ConditionId = keyof typeof answeredBy;

/**
 * What may turn out on the board that comes, in the order in which it would. Pure.
 * @param family of the board, where its profile settles that
 */
export function conditionsOf(plan: Plan, flash: FlashRequest, family: FamilyId | undefined): PlanCondition[] {
  const does = (name: string): boolean =>
    plan.steps.some(({ step, skip }) => step === name && skip === undefined);
  const of = family === undefined ? undefined : familyOf(family);
  const later = of?.knownLater?.(flash.images) ?? { asks: [], tells: [] };
  const ids: ConditionId[] = [];
  if (does('back-up')) ids.push('go-without-backup');
  const hasVersion = flash.images.some(({ facts }) => facts.some(({ code }) => code === 'version'));
  const isHeard = of?.askProgram !== undefined;
  if (hasVersion && (isHeard || does('back-up') || does('compare'))) ids.push('install-older');
  if (flash.backupOf !== undefined) ids.push('restore-on-other-unit');
  ids.push(...later.asks);
  const told = plan.warnings.map(({ code }) => code);
  return [
    ...ids.map((id) => {
      const accept = answeredBy[id];
      return { kind: 'ask', id, accept, agreed: flash.accept?.has(accept) === true } as const;
    }),
    ...later.tells.filter((code) => !told.includes(code)).map((code) => ({ kind: 'tell', code }) as const),
  ];
}
