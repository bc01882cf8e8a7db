// Words for where firmware comes from, and what came of looking.
import type { FirmwareLook, FirmwareOffer, FirmwarePage } from '../firmware.ts';
import type { FirmwareSource } from '../firmware-source.ts';
import { formatBytes } from '../units.ts';
import { wentBackText } from './board-updates.ts';
import { errorText, type Platform } from './errors.ts';

export const sourcesTexts = {
  none: 'Where its firmware comes from is not known here. Choose a file yourself, or add a source: rekindle sources add',
  noneOfAll: 'No board we know fits that.',
  own: 'added by you',
  nothingOffered: 'It offers nothing for this board.',
  added: (board: string, id: string) =>
    `Added for ${board} as ${id}. "rekindle sources check ${board}" looks there.`,
  notThere: (folder: string): string =>
    `There is no folder ${folder} now; it is looked into once it is there.`,
  removed: (board: string, id: string) => `${id} is no longer looked at for ${board}.`,
  pinned: (board: string, id: string) =>
    `From now on the index ${id} of ${board} must be signed with that key.`,
  unpinned: (board: string, id: string) =>
    `Your key for ${id} of ${board} is forgotten; that of its profile holds, if it has one.`,
  checked: 'Nothing was looked for but what you named. Nothing is installed by looking.',
} as const;

/** A source in a line. */
export function sourceText(source: FirmwareSource): string {
  switch (source.kind) {
    case 'github-releases':
      return `releases of ${source.repository} on GitHub (${source.assets.map((one) => one.name).join(', ')})`;
    case 'index':
      return `the index ${source.address}${source.key === undefined ? ', not signed' : `, signed with ${source.key}`}`;
    case 'folder':
      return `the folder ${source.folder} (${source.assets.map((one) => one.name).join(', ')})`;
    case 'page':
      return `a page to look at: ${source.address}`;
  }
}

/** What is known of who made what is offered. */
function trustText({ signature, kind }: FirmwareLook): string | undefined {
  if (signature === 'good') return 'Its signature is good.';
  return kind === 'index' ? 'It is not signed: its server alone vouches for it.' : undefined;
}

/** What came of one look, a line each. */
export function lookLines(look: FirmwareLook, platform: Platform): string[] {
  const { at, from, offers, problem, leftOut, source, wentBack } = look;
  const lines: string[] = [];
  if (problem !== undefined) {
    const { title, advice } = errorText(problem.code, problem.params as never, platform);
    lines.push(`${title}.`, advice);
  }
  if (at === undefined) {
    if (problem === undefined) lines.push('It was never looked at.');
    return lines;
  }
  if (from === 'cache') lines.push(`As it was on ${timeText(at)}:`);
  const trust = trustText(look);
  if (trust !== undefined) lines.push(trust);
  if (wentBack !== undefined) lines.push(wentBackText(source, wentBack));
  if (offers.length === 0) lines.push(sourcesTexts.nothingOffered);
  for (const offer of offers) lines.push(`  ${offerText(offer)}`);
  if (leftOut > 0)
    lines.push(leftOut === 1 ? 'One entry cannot be used.' : `${leftOut} entries cannot be used.`);
  return lines;
}

/** An offer in a line. */
export function offerText(offer: FirmwareOffer): string {
  const { version, variant, channel, publishedAt, sizeBytes, sha256, fileName } = offer;
  return [
    version,
    ...(variant === undefined ? [] : [`for ${variant}`]),
    ...(channel === 'stable' ? [] : ['pre-release']),
    ...(publishedAt === undefined ? [] : [publishedAt.slice(0, 10)]),
    fileName,
    ...(sizeBytes === undefined ? [] : [formatBytes(sizeBytes)]),
    sha256 === undefined ? 'its maker gives no digest' : `SHA-256 ${sha256.slice(0, 16)}…`,
  ].join(', ');
}

/** A page of a maker, for a person to look at. */
export function pageLines({ address, take }: FirmwarePage): string[] {
  return [`Look yourself: ${address}`, `  ${take}`];
}

/** `2026-11-21 14:00 UTC`. */
function timeText(at: string): string {
  return `${at.slice(0, 16).replace('T', ' ')} UTC`;
}
