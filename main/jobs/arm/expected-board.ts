// What a board will be like in flash mode, told from its profile before it is there.
import { noPort } from '../../../shared/plan.ts';
import type { Profile } from '../../../shared/profile.ts';
import { chipBySlug, provesChip, type Chip } from '../../devices/chips.ts';
import { guardsOf } from '../../devices/guards.ts';
import { boardsWithChip, matchProfiles } from '../../devices/match.ts';
import type { Abilities, Region } from '../../targets/target.ts';
import type { BoardFacts, FamilyKnowledge } from '../board-facts.ts';
import { familiesOf } from '../families/know.ts';

const yes = { possible: true } as const;

type Ids = Pick<BoardFacts, 'vendorId' | 'productId'>;

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
 */
export function expectedBoard(profile: Profile, profiles: readonly Profile[]): BoardFacts | undefined {
  const flash = profile.modes.find((mode) => mode.kind === 'flash');
  const ids = idsOf(flash?.ids[0]);
  if (flash === undefined || ids === undefined) return undefined;
  const named = {
    name: profile.name,
    slug: profile.id,
    likely: [],
    families: expectedFamily(profile, profiles, ids),
  };
  const [slug, ...others] = flash.chips ?? [];
  if (slug !== undefined) {
    const chip = others.length === 0 ? chipBySlug(slug) : undefined;
    if (chip === undefined) return undefined;
    return { ...dfuseBoard(chip, ids, profiles), ...named, chip: provesChip(ids) ? slug : undefined };
  }
  if (profile.family !== 'pycom') return undefined;
  const chip: Chip = { name: profile.name, slug: profile.id };
  const guards = guardsOf(profiles, { ...ids, runtimeIds: undefined });
  return { ...commonFacts(chip, ids), ...named, ...pycomLoader, guards };
}

/** What its family will have to say, as far as that can be said before the board is there. */
function expectedFamily(profile: Profile, profiles: readonly Profile[], ids: Ids): FamilyKnowledge[] {
  const unread = { manufacturer: undefined, product: undefined, chip: undefined };
  const candidates = matchProfiles({ ...ids, mode: 'dfu', ...unread }, profiles)
    .map((one) => one.profile)
    .filter((one) => one.family === profile.family);
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

function idsOf(text: string | undefined): Ids | undefined {
  const [vendor, product] = (text ?? '').split(':');
  if (vendor === undefined || product === undefined) return undefined;
  return { vendorId: Number.parseInt(vendor, 16), productId: Number.parseInt(product, 16) };
}
