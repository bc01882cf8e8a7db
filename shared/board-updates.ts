// What a board could be updated to: the firmware that its sources offer, held against what is known of the board. Plain data.
import type { FirmwareLook, FirmwareOffer, FirmwarePage } from './firmware.ts';
import type { Profile } from './profile.ts';
import { compareNumbered, compareOffered, newestFirst, type Comparison } from './versions.ts';

/** From what the version on the board is known. */
export type VersionFrom = 'program' | 'program-before' | 'flash';

/** What is known of a board that counts for which firmware it takes. */
export interface BoardStanding {
  readonly portPath: string;
  /** Id of its profile; undefined where it is not known which board it is. */
  readonly profile: string | undefined;
  readonly name: string;
  readonly virtual: boolean;
  /** Which of the boards of its profile it is, by its own record: `3.6-56V`. Undefined where it did not say. */
  readonly variant: string | undefined;
  /** What it holds; undefined where nothing told. */
  readonly version: { readonly of: string; readonly version: string; readonly from: VersionFrom } | undefined;
}

/** What may go wrong with this firmware on this board. Texts in `shared/text/board-updates.ts`. */
export type OfferRisk =
  /** The stored calibration may not fit another version's layout (devices.md 5.9). */
  | 'calibration-may-not-fit'
  /** Settings of 0.4 and 0.5 count in other units (devices.md 3.5, 3.6). */
  | 'settings-do-not-fit'
  /** Whether its maker allows going back is not known. */
  | 'going-back-unknown'
  | 'pre-release'
  /** Nobody vouches for what comes but the server. */
  | 'no-digest'
  /** The list it stands in is older than one that was seen before. */
  | 'list-went-back'
  /** It needs a bootloader whose version the board does not tell. */
  | 'needs-bootloader';

/** An offer as a page or terminal shows it: without its address, which is the core's alone. */
export interface JudgedOffer {
  readonly id: string;
  readonly source: string;
  readonly kind: FirmwareOffer['kind'];
  readonly version: string;
  readonly channel: FirmwareOffer['channel'];
  readonly fileName: string;
  readonly sizeBytes: number | undefined;
  readonly hasDigest: boolean;
  /** Plain text of several lines. */
  readonly notes: string;
  readonly publishedAt: string | undefined;
  readonly smallestBootloader: string | undefined;
  readonly comparison: Comparison;
  readonly risks: readonly OfferRisk[];
}

/** Why nothing is offered. Texts in `shared/text/board-updates.ts`. */
export type NothingOffered =
  /** It is not known which board it is. */
  | 'board-unknown'
  /** Its profile names no source that can be asked. */
  | 'no-source'
  /** Its maker publishes on a page that only a person can look at, and there is no other source. */
  | 'page-only'
  /** There is firmware for several boards of its kind, and it did not say which it is. */
  | 'variant-unknown'
  /** There is firmware, but none for this one of its kind. */
  | 'none-for-variant'
  | 'nothing-found';

/** What came of asking one source. */
export type SourceLook = Pick<
  FirmwareLook,
  'source' | 'kind' | 'at' | 'from' | 'leftOut' | 'problem' | 'signature' | 'wentBack'
>;

/** What is known of updates of one board, as of one look. */
export interface BoardUpdates {
  readonly standing: BoardStanding;
  readonly looks: readonly SourceLook[];
  /** Everything that fits the board, the newest first where there is an order. */
  readonly offers: readonly JudgedOffer[];
  /** The offer to be made: the newest that is newer than what is on the board. */
  readonly best: string | undefined;
  /** `best`, where a look that nobody asked for found it, and nobody has looked since. */
  readonly news?: string | undefined;
  /** Pages of the maker's that only a person can look at. */
  readonly pages: readonly FirmwarePage[];
  /** Why nothing is offered; undefined where something is. */
  readonly nothing: NothingOffered | undefined;
  /** Variants there is firmware for, where the board's own is missing or another. */
  readonly variants: readonly string[];
  /** The day of the oldest look that counts, ISO; undefined where no source was ever seen. */
  readonly lookedAt: string | undefined;
}

/** What the versions of a board's firmware are of, as its program and its files name them. */
const versionsOf: Readonly<Record<NonNullable<Profile['family']>, string | undefined>> = {
  nanovna: 'NanoVNA',
  odrive: 'ODrive',
  // Named after each of its boards, and told by none over USB (devices.md 2.4).
  pycom: undefined,
};

/** By what name the versions of a board's firmware are compared. */
export function versionNameOf(profile: Pick<Profile, 'family'> | undefined): string | undefined {
  return profile?.family === undefined ? undefined : versionsOf[profile.family];
}

/** Holds what was found against the board. Pure; nothing of a variant is offered to a board that did not name its own. */
export function judgeLooks(
  standing: BoardStanding,
  profile: Profile | undefined,
  looks: readonly FirmwareLook[],
  pages: readonly FirmwarePage[],
): BoardUpdates {
  const found = looks.flatMap((look) => look.offers);
  const fitting = profile === undefined ? [] : found.filter((one) => fits(one, standing, profile));
  const wentBack = new Set(looks.flatMap((look) => (look.wentBack === undefined ? [] : look.source)));
  const offers = sortOffers(
    fitting.map((one) => judge(one, standing, profile, wentBack.has(one.source))),
    versionNameOf(profile),
  );
  const variants = [...new Set(found.flatMap((one) => one.variant ?? []))].toSorted();
  const seen = looks.flatMap((look) => look.at ?? []).toSorted();
  return {
    standing,
    looks: looks.map(({ profile: _, offers: __, ...look }) => look),
    offers,
    best: offers.find((one) => one.comparison === 'newer' && one.channel === 'stable')?.id,
    pages,
    nothing: offers.length > 0 ? undefined : whyNothing({ standing, profile, looks, pages }, found),
    variants,
    lookedAt: seen[0],
  };
}

function fits(offer: FirmwareOffer, standing: BoardStanding, profile: Profile): boolean {
  if (offer.profile !== profile.id) return false;
  return (
    offer.variant === undefined ||
    (standing.variant !== undefined && plain(offer.variant) === plain(standing.variant))
  );
}

/** `v3.6-56V` and `3.6-56v` are one. */
function plain(variant: string): string {
  return variant.toLowerCase().replace(/^v(?=\d)/, '');
}

function whyNothing(
  {
    standing,
    profile,
    looks,
    pages,
  }: {
    readonly standing: BoardStanding;
    readonly profile: Profile | undefined;
    readonly looks: readonly FirmwareLook[];
    readonly pages: readonly FirmwarePage[];
  },
  found: readonly FirmwareOffer[],
): NothingOffered {
  if (profile === undefined) return 'board-unknown';
  if (looks.length === 0) return pages.length === 0 ? 'no-source' : 'page-only';
  if (found.length === 0) return 'nothing-found';
  return standing.variant === undefined ? 'variant-unknown' : 'none-for-variant';
}

function judge(
  offer: FirmwareOffer,
  standing: BoardStanding,
  profile: Profile | undefined,
  wentBack: boolean,
): JudgedOffer {
  const { id, source, kind, version, channel, fileName } = offer;
  const of = versionNameOf(profile);
  const onBoard = standing.version?.of === of ? standing.version?.version : undefined;
  const comparison = compareOffered(of, version, onBoard);
  return {
    id,
    source,
    kind,
    version,
    channel,
    fileName,
    sizeBytes: offer.sizeBytes,
    hasDigest: offer.sha256 !== undefined,
    notes: offer.notes ?? '',
    publishedAt: offer.publishedAt,
    smallestBootloader: offer.smallestBootloader,
    comparison,
    risks: [
      ...risksOfVersion(profile, version, onBoard, comparison),
      ...(channel === 'pre-release' ? (['pre-release'] as const) : []),
      ...(offer.sha256 === undefined && kind !== 'folder' ? (['no-digest'] as const) : []),
      ...(wentBack ? (['list-went-back'] as const) : []),
      ...(offer.smallestBootloader === undefined ? [] : (['needs-bootloader'] as const)),
    ],
  };
}

function risksOfVersion(
  profile: Profile | undefined,
  offered: string,
  onBoard: string | undefined,
  comparison: Comparison,
): OfferRisk[] {
  if (profile?.family === 'odrive' && onBoard !== undefined) {
    const border = [offered, onBoard].map((one) => (compareNumbered(one, '0.5') ?? 0) < 0);
    if (border[0] !== border[1]) return ['settings-do-not-fit'];
  }
  if (comparison !== 'older') return [];
  return profile?.family === 'nanovna' ? ['calibration-may-not-fit'] : ['going-back-unknown'];
}

/** Newest first; where no order is known, as the source had them. */
function sortOffers(offers: readonly JudgedOffer[], of: string | undefined): readonly JudgedOffer[] {
  if (of === undefined) return offers;
  return offers.toSorted((a, b) => newestFirst(a.version, b.version));
}
