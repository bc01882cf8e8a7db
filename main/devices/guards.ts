// Ranges that must never be written or never read, by board: from its profiles, because the boards themselves do not stop
// anyone (devices.md 0.3). The lists of all profiles that fit count together, so that none can take away from another.
import type { Profile } from '../../shared/profile.ts';
import type { Range } from '../../shared/ranges.ts';
import { fitsIds, type IdFacts } from './match-ids.ts';

/** A part of one memory, and what lies there. */
export interface GuardedRange {
  readonly alternate: number;
  readonly range: Range;
  readonly what: string;
}

/** What a board keeps from us, or we from it. */
export interface Guards {
  /** Never written. */
  readonly forbidden: readonly GuardedRange[];
  /** Never read into a file. */
  readonly secrets: readonly GuardedRange[];
}

/** What is known of a board in flash mode. */
export interface GuardFacts extends IdFacts {
  /** By its name for files, where its memory map proves it. */
  readonly chip?: string | undefined;
  /** The ids its program had. */
  readonly runtimeIds: IdFacts | undefined;
  /** The profile of the board, where it is known which it is. */
  readonly profile?: string | undefined;
}

/** The guards of every profile that this board may be. */
export function guardsOf(profiles: readonly Profile[], board: GuardFacts): Guards {
  const fitting = profiles.filter((profile) => mayBe(profile, board));
  return {
    forbidden: fitting.flatMap((profile) =>
      profile.forbidden
        .filter((one) => one.when === undefined || isProven(profile, board))
        .map((one) => guardedRange(one)),
    ),
    secrets: fitting.flatMap((profile) => profile.secrets.map((one) => guardedRange(one))),
  };
}

function guardedRange(one: Profile['forbidden'][number]): GuardedRange {
  const range = { start: Number.parseInt(one.first, 16), end: Number.parseInt(one.last, 16) + 1 };
  return { alternate: one.alternate, range, what: one.what };
}

/** A chip that the map does not prove keeps no profile out: better a range too many than one too few. */
function mayBe(profile: Profile, board: GuardFacts): boolean {
  return profile.modes.some(
    (mode) =>
      mode.kind === 'flash' &&
      mode.ids.some((ids) => fitsIds(ids, board)) &&
      (mode.chips === undefined || board.chip === undefined || mode.chips.includes(board.chip)),
  );
}

/** Known to be it, or seen running its own program before it came into flash mode, which others with the same loader do not have. */
function isProven(profile: Profile, { runtimeIds, profile: known }: GuardFacts): boolean {
  if (known === profile.id) return true;
  if (runtimeIds === undefined) return false;
  return profile.modes.some(
    (mode) => mode.kind !== 'flash' && mode.ids.some((ids) => fitsIds(ids, runtimeIds)),
  );
}
