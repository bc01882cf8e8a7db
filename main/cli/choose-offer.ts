// Which offer is meant: the newest that is newer, or the one that was asked for. Never one that merely might be.
import type { BoardReport } from '../../shared/board.ts';
import type { BoardUpdates, JudgedOffer } from '../../shared/board-updates.ts';
import { FlashError } from '../../shared/errors/flash-error.ts';
import { compareNumbered } from '../../shared/versions.ts';

/**
 * Undefined where there is nothing newer, or nobody can tell (`undecided`).
 * @param version the one that was asked for
 * @throws FlashError `update.not-offered`
 */
export function chooseOffer(updates: BoardUpdates, version: string | undefined): JudgedOffer | undefined {
  const { offers, standing } = updates;
  if (version === undefined) return offers.find(({ id }) => id === updates.best);
  const offer = offerNamed(version, offers);
  if (offer !== undefined) return offer;
  throw new FlashError('update.not-offered', {
    board: standing.name,
    version,
    offered: versionsOf(offers),
  });
}

/** Why nobody can tell what would be an update; undefined where that is known, be it that there is none. */
export function undecided(updates: BoardUpdates): FlashError<'update.undecided'> | undefined {
  const { nothing, offers, standing } = updates;
  const isUnordered = offers.length > 0 && offers.every(({ comparison }) => comparison === 'unknown');
  const why =
    nothing === 'no-source' || nothing === 'page-only'
      ? 'no-source'
      : nothing === 'variant-unknown'
        ? nothing
        : isUnordered
          ? 'order-unknown'
          : undefined;
  if (why === undefined) return undefined;
  return new FlashError('update.undecided', { board: standing.name, why, offered: versionsOf(offers) });
}

/** Of a board nobody knows, nobody was asked: there is nothing to tell. @throws FlashError `update.which-board` */
export function refuseUnknownBoard(
  { nothing, standing }: BoardUpdates,
  board: Pick<BoardReport, 'candidates'>,
): void {
  if (nothing !== 'board-unknown') return;
  const choices = board.candidates.filter((one) => !one.generic && one.support !== 'named');
  throw new FlashError('update.which-board', {
    board: standing.name,
    choices: choices.map(({ profile, name, printed }) => ({ profile, name, printed: printed?.name })),
  });
}

function versionsOf(offers: readonly JudgedOffer[]): string[] {
  return [...new Set(offers.map(({ version }) => version))];
}

/** As it is written, or the same number: `v1.3` for 1.3.0. */
function offerNamed(version: string, offers: readonly JudgedOffer[]): JudgedOffer | undefined {
  return (
    offers.find((one) => one.version === version) ??
    offers.find((one) => compareNumbered(one.version, version) === 0)
  );
}
