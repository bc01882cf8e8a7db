// What every check before flashing is made of. One file each; the list is in `preflight.ts`.
import type { FlashError } from '../../../shared/errors/flash-error.ts';
import type { CheckId, PlanQuestion, PlanWarning } from '../../../shared/plan.ts';
import type { FirmwareImage } from '../../images/image.ts';
import type { BoardFacts } from '../board-facts.ts';
import type { KnownRun } from '../known.ts';
import type { Placed } from '../placement.ts';
import type { FlashRequest } from '../request.ts';

export interface CheckInput {
  readonly board: BoardFacts;
  readonly request: FlashRequest;
  readonly images: readonly FirmwareImage[];
  /** Where the bytes go; empty for checks that come before that is known. */
  readonly placed: readonly Placed[];
  /** Bytes read from the board so far. */
  readonly known: readonly KnownRun[];
}

/** What a check found: a reason not to, a question to answer first, or something to know. */
export type Finding =
  | { readonly verdict: 'refuse'; readonly error: FlashError }
  | { readonly verdict: 'ask'; readonly question: PlanQuestion }
  | { readonly verdict: 'tell'; readonly warning: PlanWarning };

export interface Check {
  readonly id: CheckId;
  /** Empty when there is nothing to say. Never throws. */
  find(input: CheckInput): readonly Finding[];
}

export function refuse(error: FlashError): Finding {
  return { verdict: 'refuse', error };
}

export function tell(warning: PlanWarning): Finding {
  return { verdict: 'tell', warning };
}

export function ask(question: PlanQuestion): Finding {
  return { verdict: 'ask', question };
}
