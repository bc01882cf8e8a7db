// Results of armed jobs beyond those of their tries.
import type { FlashError } from '../../../shared/errors/flash-error.ts';
import { stepNames } from '../../../shared/plan.ts';
import type { Result } from '../../../shared/result.ts';
import { outcomeOf } from '../outcome.ts';

export interface WaitFacts {
  readonly board: string;
  readonly portPath: string | undefined;
  readonly durationMs: number;
}

/** The result of a job that never had its board. */
export function notStarted(error: FlashError, { board, portPath, durationMs }: WaitFacts): Result {
  const content = { kind: 'untouched' } as const;
  return {
    outcome: outcomeOf(error, content),
    content,
    inDoubt: [],
    erased: [],
    app: 'not-expected',
    leftEarly: false,
    next: 'nothing',
    error: { code: error.code, params: error.params },
    board,
    portPath,
    virtual: false,
    backup: undefined,
    steps: stepNames.map((step) => ({ step, state: 'not-reached', durationMs: 0 })),
    durationMs,
    requests: {},
  };
}

/** The wait has ended: what a try did to the board counts for more than why nobody waits any longer. */
export function stoppedAfter(last: Result | undefined, error: FlashError, facts: WaitFacts): Result {
  if (last !== undefined && last.content.kind !== 'untouched')
    return { ...last, durationMs: facts.durationMs };
  return { ...notStarted(error, facts), backup: last?.backup };
}

/** A try after another: a refusal does not undo what an earlier try did, and its backup is still the way back. */
export function merged(last: Result | undefined, now: Result): Result {
  if (last === undefined) return now;
  const backup = last.backup ?? now.backup;
  const { durationMs } = now;
  const touchedNothing = now.content.kind === 'untouched' && now.outcome !== 'done';
  return last.content.kind !== 'untouched' && touchedNothing
    ? { ...last, backup, durationMs }
    : { ...now, backup };
}
