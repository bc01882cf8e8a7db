// What a board will be like in flash mode, told from its profile before it is there.
import { canBeAwaited, chipsOf, flashIdsOf, isOfManyChips } from '../../../shared/awaited.ts';
import { noPort } from '../../../shared/plan.ts';
import type { Profile } from '../../../shared/profile.ts';
import { chipBySlug, chipSlugs, provesChip, type Chip } from '../../devices/chips.ts';
import { guardsOf } from '../../devices/guards.ts';
import { boardsWithChip, matchProfiles } from '../../devices/match.ts';
import type { Abilities, Region } from '../../targets/target.ts';
import type { BoardFacts, FamilyKnowledge } from '../board-facts.ts';
import { familiesOf } from '../families/know.ts';

const yes = { possible: true } as const;

type Ids = Pick<BoardFacts, 'vendorId' | 'productId'>;

/** Boards of a profile whose chip is open until its map is seen. */
export interface OpenBoards {
  /** One for every chip we have a map of. */
  readonly known: readonly BoardFacts[];
  /** For chips nobody has noted: room for anything, and nothing claimed. Only what a file says of itself can be checked. */
  readonly unknown: BoardFacts;
}

/** A chip in its DfuSe bootloader: all that its map tells. */
export function dfuseBoard(
  chip: NonNullable<ReturnType<typeof chipBySlug>>,
  ids: Ids,
  profiles: readonly Profile[],
): BoardFacts {
  return {
    ...commonFacts(chip, ids),
    likely: boardsWithChip(profiles, chip.slug),
    guards: guardsOf(profiles, { ...ids, chip: chip.slug, runtimeIds: undefined }),
    chip: chip.slug,
    protocol: 'dfuse',
    addressed: true,
    regions: [{ alternate: 0, name: 'Internal Flash', kind: 'main-flash', runs: chip.runs }],
    abilities: { write: yes, read: yes, erase: yes, verify: yes, leave: yes },
  };
}

/**
 * The board a profile describes, in flash mode; undefined where its memory is not known beforehand: of a family of
 * chips, or of a chip nobody has noted.
 * @param chip which one it has, where the profile leaves that open
 */
export function expectedBoard(
  profile: Profile,
  profiles: readonly Profile[],
  chip?: string,
): BoardFacts | undefined {
  const ids = idsOf(profile);
  if (ids === undefined) return undefined;
  const named = {
    name: profile.name,
    slug: profile.id,
    likely: [],
    families: expectedFamily(profile, profiles, ids),
  };
  const [only, ...others] = chipsOf(profile);
  if (chip !== undefined || only !== undefined) {
    const slug = chip ?? (others.length === 0 ? only : undefined);
    const known = slug === undefined ? undefined : chipBySlug(slug);
    if (known === undefined) return undefined;
    // A board that is anything with this chip is best called by it.
    const name = isOfManyChips(profile) ? known.name : profile.name;
    return {
      ...dfuseBoard(known, ids, profiles),
      ...named,
      name,
      chip: provesChip(ids) ? known.slug : undefined,
    };
  }
  if (profile.family !== 'pycom') return undefined;
  const loader: Chip = { name: profile.name, slug: profile.id };
  const guards = guardsOf(profiles, { ...ids, runtimeIds: undefined });
  return { ...commonFacts(loader, ids), ...named, ...pycomLoader, guards };
}

/** Chips a board of this profile may have, by their names for files; empty where there is no choice, or none is known. */
export function chipChoices(profile: Profile): readonly string[] {
  const ids = idsOf(profile);
  if (ids === undefined || !isOfManyChips(profile)) return [];
  const listed = chipsOf(profile);
  if (listed.length > 0) return listed.filter((slug) => chipBySlug(slug) !== undefined);
  return provesChip(ids) ? chipSlugs() : [];
}

/** All boards a profile of several chips may mean; undefined for any other. */
export function openBoards(profile: Profile, profiles: readonly Profile[]): OpenBoards | undefined {
  const ids = idsOf(profile);
  if (ids === undefined || !isOfManyChips(profile) || !canBeAwaited(profile)) return undefined;
  const board = (slug: string | undefined): Pick<BoardFacts, 'families'> => ({
    families: familiesOf(mayBe(profiles, ids, slug), profile, undefined, new Map(), undefined),
  });
  const known = chipChoices(profile).flatMap((slug) => {
    const chip = chipBySlug(slug);
    return chip === undefined ? [] : [{ ...dfuseBoard(chip, ids, profiles), ...board(slug), likely: [] }];
  });
  const unknown: BoardFacts = {
    ...dfuseBoard({ name: profile.name, slug: profile.id, runs: [anyFlash] }, ids, profiles),
    ...board(undefined),
    chip: undefined,
    likely: [],
  };
  return { known, unknown };
}

/** Where the flash of all chips with such a ROM begins (dfu.md 2.2), and room for any file. Never shown, never written to. */
const anyFlash: Region['runs'][number] = {
  start: 0x0800_0000,
  sectorSize: 0x2_0000,
  count: 128,
  readable: true,
  erasable: true,
  writable: true,
};

function mayBe(profiles: readonly Profile[], ids: Ids, chip?: string): Profile[] {
  const unread = { manufacturer: undefined, product: undefined };
  return matchProfiles({ ...ids, mode: 'dfu', ...unread, chip }, profiles).map((one) => one.profile);
}

/** What its family will have to say, as far as that can be said before the board is there. */
function expectedFamily(profile: Profile, profiles: readonly Profile[], ids: Ids): FamilyKnowledge[] {
  const candidates = mayBe(profiles, ids).filter((one) => one.family === profile.family);
  return familiesOf(candidates, profile, undefined, new Map(), undefined);
}

/** DFU 1.0: one alternate without a name, no addresses, upload offered, not tolerant (devices.md 2.2, inferred there). */
const pycomLoader: Pick<BoardFacts, 'protocol' | 'addressed' | 'abilities'> & { readonly regions: Region[] } =
  {
    protocol: 'dfu',
    addressed: false,
    regions: [{ alternate: 0, name: '', kind: 'main-flash', runs: [] }],
    abilities: {
      write: yes,
      read: yes,
      erase: { possible: false, why: 'erases-while-writing' },
      verify: { possible: false, why: 'leaves-after-writing' },
      leave: yes,
    } satisfies Abilities,
  };

function commonFacts(
  { name, slug }: Chip,
  ids: Ids,
): Omit<BoardFacts, 'protocol' | 'addressed' | 'regions' | 'abilities' | 'guards'> {
  return {
    name,
    slug,
    likely: [],
    portPath: noPort,
    virtual: false,
    serial: '',
    ...ids,
    runtimeIds: undefined,
    entered: false,
  };
}

function idsOf(profile: Profile): Ids | undefined {
  const [vendor, product] = (flashIdsOf(profile) ?? '').split(':');
  if (vendor === undefined || product === undefined) return undefined;
  return { vendorId: Number.parseInt(vendor, 16), productId: Number.parseInt(product, 16) };
}
