// Every check before flashing, in the order in which their words matter: is it for this board, is it sound, does it fit.
import { toFlashError } from '../../shared/errors/flash-error.ts';
import {
  checkIds,
  type CheckId,
  type PlanCheck,
  type PlanQuestion,
  type PlanRefusal,
  type PlanWarning,
} from '../../shared/plan.ts';
import type { BoardFacts } from './board-facts.ts';
import { alignment } from './checks/alignment.ts';
import { outsideEveryArea } from './checks/areas.ts';
import { blank } from './checks/blank.ts';
import { refuse, type Check, type CheckInput, type Finding } from './checks/check.ts';
import { chip } from './checks/chip.ts';
import { digest } from './checks/digest.ts';
import { family } from './checks/family.ts';
import { disguise } from './checks/disguise.ts';
import { fileForBoard } from './checks/file-for-board.ts';
import { fits } from './checks/fits.ts';
import { forbidden } from './checks/forbidden.ts';
import { leftOut } from './checks/left-out.ts';
import { lock } from './checks/lock.ts';
import { older } from './checks/older.ts';
import { otherUnit } from './checks/other-unit.ts';
import { withoutOverlaps } from './checks/overlap.ts';
import { particlePlatform } from './checks/particle-platform.ts';
import { prefix } from './checks/prefix.ts';
import { route } from './checks/route.ts';
import { vectorTable } from './checks/vector-table.ts';
import { writable } from './checks/writable.ts';
import type { KnownRun } from './known.ts';
import { locateImages, type Placed } from './placement.ts';
import type { FlashRequest } from './request.ts';

/** A new check is a file in checks/, a line here, and its words in `shared/text/checks.ts`. */
const ofFiles: readonly Check[] = [
  writable,
  route,
  fileForBoard,
  particlePlatform,
  chip,
  digest,
  disguise,
  blank,
  leftOut,
  prefix,
  older,
  otherUnit,
];
const ofPlaces: readonly Check[] = [family, outsideEveryArea, fits, lock, forbidden, alignment, vectorTable];

/** What all checks found, and where the bytes go if nothing stands against it. */
export interface Preflight {
  readonly placed: readonly Placed[];
  readonly refusals: readonly PlanRefusal[];
  readonly questions: readonly PlanQuestion[];
  readonly warnings: readonly PlanWarning[];
  readonly checks: readonly PlanCheck[];
}

/** Runs them all: whoever is refused is to learn every reason at once. Never throws. */
export function checkBeforeFlashing(
  board: BoardFacts,
  request: FlashRequest,
  known: readonly KnownRun[],
): Preflight {
  const { images } = request;
  const found = new Map<CheckId, readonly Finding[]>();
  const look = (checks: readonly Check[], input: CheckInput): void => {
    for (const check of checks) found.set(check.id, check.find(input));
  };
  const attempt = <T>(id: CheckId, action: () => T, otherwise: T): T => {
    try {
      const value = action();
      found.set(id, []);
      return value;
    } catch (error) {
      found.set(id, [refuse(toFlashError(error))]);
      return otherwise;
    }
  };
  look(ofFiles, { board, request, images, placed: [], known });
  const located = attempt('address', () => locateImages(images, request, board), undefined);
  const placed =
    located === undefined ? undefined : attempt('overlap', () => withoutOverlaps(located), undefined);
  if (placed !== undefined) look(ofPlaces, { board, request, images, placed, known });
  const all = checkIds.flatMap((id) => found.get(id) ?? []);
  return {
    placed: placed ?? [],
    refusals: all.flatMap((one) =>
      one.verdict === 'refuse' ? [{ code: one.error.code, params: one.error.params }] : [],
    ),
    questions: all.flatMap((one) => (one.verdict === 'ask' ? [one.question] : [])),
    warnings: all.flatMap((one) => (one.verdict === 'tell' ? [one.warning] : [])),
    checks: checkIds.map((id) => ({ id, verdict: verdictOf(found.get(id)) })),
  };
}

/** The gravest of what was found. */
function verdictOf(findings: readonly Finding[] | undefined): PlanCheck['verdict'] {
  if (findings === undefined) return 'not-reached';
  for (const verdict of ['refuse', 'ask', 'tell'] as const)
    if (findings.some((one) => one.verdict === verdict)) return verdict;
  return 'passed';
}
