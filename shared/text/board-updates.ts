// Words about what a board could be updated to.
import type {
  BoardStanding,
  BoardUpdates,
  JudgedOffer,
  NothingOffered,
  OfferRisk,
  SourceLook,
  VersionFrom,
} from '../board-updates.ts';
import type { DigestState, FirmwareLook, SignatureState } from '../firmware.ts';
import type { Plan } from '../plan.ts';
import { formatBytes } from '../units.ts';
import type { Comparison } from '../versions.ts';

/** The day of a look, as `2026-11-21`. */
export function dayOf(when: string): string {
  return when.slice(0, 10);
}

const versionFroms: Readonly<Record<VersionFrom, string>> = {
  program: 'its program says so',
  'program-before': 'its program said so before it went into flash mode',
  flash: 'read from its flash',
};

/** What the board holds, and how that is known. */
export function standingText({ version }: BoardStanding): string {
  return version === undefined
    ? 'Which version it holds is not known'
    : `It holds ${version.version} (${versionFroms[version.from]})`;
}

const comparisonTexts: Readonly<Record<Comparison, string>> = {
  newer: 'newer',
  same: 'the version it holds',
  older: 'older than what it holds',
  unknown: 'newer or older: not known',
};

/** How an offer stands to what is on the board. */
export function comparisonText(comparison: Comparison): string {
  return comparisonTexts[comparison];
}

const riskTexts: Readonly<Record<OfferRisk, (offer: JudgedOffer) => string>> = {
  'calibration-may-not-fit': () =>
    'It is older than what the board holds. The calibration on the board may not fit it: calibrate again afterwards, or go back to the backup.',
  'settings-do-not-fit': () =>
    'Settings of versions before 0.5 count in other units than those since: the settings on the board do not fit it. Set it up anew afterwards.',
  'going-back-unknown': () =>
    'It is older than what the board holds. Whether this board takes an older version well is not known.',
  'pre-release': () => 'Its maker calls it a pre-release: it is not finished.',
  'no-digest': () =>
    'Its maker gives no digest to compare it with: only the connection to the server vouches for it.',
  'list-went-back': () =>
    'The list it stands in is older than one that was seen before, and not signed: somebody may be holding newer firmware back.',
  'needs-bootloader': ({ smallestBootloader }) =>
    `It needs bootloader ${smallestBootloader ?? ''} or newer. The board does not tell which one it has: make sure first.`,
};

/** What may go wrong with it, each in a sentence or two. */
export function riskLines(offer: JudgedOffer): string[] {
  return offer.risks.map((risk) => riskTexts[risk](offer));
}

const nothingTexts: Readonly<Record<NothingOffered, (updates: BoardUpdates) => string>> = {
  'board-unknown': () =>
    'Nothing can be offered before it is known which board this is. Say which one it is, or start its program so that it can tell.',
  'no-source': () => 'No source of firmware that could be asked is known for this board.',
  'page-only': () => 'Its maker publishes on a page, for people to look at.',
  'variant-unknown': ({ variants }) =>
    `There is firmware for ${list(variants)}, and this board has not said which of them it is. It is read in flash mode: bring it there, and look again.`,
  'none-for-variant': ({ standing, variants }) =>
    `There is firmware for ${list(variants)}, but none for ${standing.variant ?? 'this board'}.`,
  'nothing-found': ({ looks }) =>
    looks.some(({ problem }) => problem !== undefined)
      ? 'Its sources could not be asked, and nothing is kept from an earlier look.'
      : 'Its sources have no firmware for it.',
};

function list(names: readonly string[]): string {
  return names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`;
}

/** The one line of the card: what is available, or that nothing is. */
export function updatesTitle(updates: BoardUpdates): string {
  const best = updates.offers.find(({ id }) => id === updates.best);
  if (best !== undefined) return `${best.version} is available`;
  const { lookedAt, nothing, offers, looks, standing } = updates;
  if (nothing !== undefined && nothing !== 'nothing-found') return nothingTexts[nothing](updates);
  const looked = lookedAt === undefined ? '' : ` (looked on ${dayOf(lookedAt)})`;
  if (lookedAt === undefined && looks.length > 0)
    return looks.some(({ problem }) => problem !== undefined)
      ? 'Could not look for updates'
      : 'Nothing was looked for yet';
  if (offers.length > 0 && standing.version === undefined)
    return `Which version it holds is not known; ${offers.length === 1 ? 'one is' : `${offers.length} are`} available${looked}`;
  return `Nothing newer found${looked}`;
}

/** Why nothing is offered, in a sentence; empty where something is. */
export function nothingText(updates: BoardUpdates): string {
  return updates.nothing === undefined ? '' : nothingTexts[updates.nothing](updates);
}

/** Of a source: when what it has was seen, and whether that was just now. */
export function lookText({ source, at, from, leftOut }: SourceLook): string {
  const seen =
    at === undefined
      ? 'never seen'
      : from === 'net'
        ? `looked on ${dayOf(at)}`
        : `from the last look, on ${dayOf(at)}`;
  const left = leftOut === 0 ? '' : `, ${leftOut} ${leftOut === 1 ? 'entry' : 'entries'} could not be used`;
  return `${source}: ${seen}${left}`;
}

/** That an index nobody signed is older than one seen before, and what that may mean. */
export function wentBackText(source: string, { found, seen }: NonNullable<FirmwareLook['wentBack']>): string {
  return `${source}: its list is of ${dayOf(found)}, and one of ${dayOf(seen)} was seen before. Somebody may be holding newer firmware back; it is not signed, so that cannot be told.`;
}

/** The one notice of what the daily look found. */
export function newsText(all: readonly BoardUpdates[]): string {
  const named = all.flatMap(({ news, offers, standing }) => {
    const offer = news === undefined ? undefined : offers.find(({ id }) => id === news);
    return offer === undefined ? [] : [`${offer.version} for ${standing.name}`];
  });
  return named.length === 0 ? '' : `Newer firmware is known: ${list([...new Set(named)])}.`;
}

const signatureTexts: Readonly<Record<SignatureState, string>> = {
  good: 'The list it stands in is signed with the known key.',
  none: 'The list it stands in is signed with no known key.',
  'not-signable': '',
};

/** Who vouches for a fetched file. */
export function vouchedText(digest: DigestState, signature: SignatureState): string {
  const content =
    digest === 'checked'
      ? "Its content is what its maker's digest says."
      : "Its maker gives no digest: whether its content is the maker's could not be checked.";
  return [content, signatureTexts[signature]].filter((text) => text !== '').join(' ');
}

/** The words of the button that goes to an offer. */
export function offerButton({ comparison, version }: Pick<JudgedOffer, 'comparison' | 'version'>): string {
  switch (comparison) {
    case 'newer':
      return `Update to ${version}`;
    case 'older':
      return `Go back to ${version}`;
    case 'same':
      return `Install ${version} again`;
    case 'unknown':
      return `Install ${version}`;
  }
}

/** A file of an offer, and how large it is. */
export function offerFileText({ fileName, sizeBytes, publishedAt }: JudgedOffer): string {
  const parts = [fileName];
  if (sizeBytes !== undefined) parts.push(formatBytes(sizeBytes));
  if (publishedAt !== undefined) parts.push(`of ${dayOf(publishedAt)}`);
  return parts.join(' · ');
}

/** The words of the button that installs it: the choice read back. */
export function updateSentence(plan: Plan, version: string): string {
  const backsUp = plan.steps.some((step) => step.step === 'back-up' && step.skip === undefined);
  const board = `this ${plan.virtual ? 'virtual ' : ''}${plan.board}`;
  return `${backsUp ? 'Back up, then install' : 'Install'} ${version} on ${board}`;
}

export const updateWords = {
  look: 'Look for updates',
  lookAgain: 'Look again',
  looking: 'Looking for updates ...',
  of: (board: string): string => `Updates of ${board}`,
  title: (board: string): string => `Update ${board}`,
  more: 'More of its firmware',
  others: 'Other versions',
  changes: 'What changes',
  becomes: 'becomes',
  notKnown: 'version not known',
  notes: 'What is new, in its maker’s words',
  noNotes: 'Its maker says nothing of what is new.',
  warnings: 'Good to know first',
  kept: (when: string): string => `Taken from what was fetched on ${dayOf(when)}; nobody was asked.`,
  fetching: 'Fetching it ...',
  planning: 'Looking at the board ...',
  backToBackup: 'Back to what was on it',
  news: 'News of firmware',
  showNews: 'Show the boards',
  newsSeen: 'Understood',
} as const;
