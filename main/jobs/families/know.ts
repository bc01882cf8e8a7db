// What was heard becomes part of the facts that a plan is made from.
import type { FamilyFact } from '../../../shared/families.ts';
import type { Profile } from '../../../shared/profile.ts';
import { provesChip } from '../../devices/chips.ts';
import type { FamilyId, LoaderSays } from '../../families/family.ts';
import type { BoardFacts, FamilyKnowledge } from '../board-facts.ts';
import type { JobContext } from '../context.ts';
import type { Identified } from '../steps/identify.ts';
import type { Heard } from './heard.ts';
import { hearLoader } from './hear.ts';

/**
 * Listens to the loader, and adds all that is known of the board to its facts.
 * @param told the board's profile, where somebody or something has settled it
 * @throws FlashError `job.*`, `usb.gone`
 */
export async function learnOf(
  context: JobContext,
  identified: Identified,
  told: Profile | undefined,
  heard: Heard | undefined,
): Promise<Identified> {
  const { target, facts, mayBe: candidates } = identified;
  const { profiles } = context.services;
  const loader = await hearLoader(context, target, candidates);
  const profileOf = (id: string | undefined): Profile | undefined => profiles.find((one) => one.id === id);
  const proven = [...loader.values()].map(({ profile }) => profileOf(profile)).find(Boolean);
  const heardAs = profileOf(heard?.says.profile);
  const settled = proven ?? heardAs ?? told;
  const families = familiesOf(candidates, settled, sharedFamily(candidates, facts), loader, heard);
  return {
    ...identified,
    facts: {
      ...facts,
      ...namesFor(facts, settled, families, heard),
      ...profileIn(proven ?? heardAs),
      families,
    },
  };
}

/** What the board itself proved; what a person said stands in its facts already. */
function profileIn(proven: Profile | undefined): Partial<BoardFacts> {
  return proven === undefined ? {} : { profile: { id: proven.id, name: proven.name, known: 'proven' } };
}

/** The family all of them share. A boot ROM's ids are every board's, and prove none (devices.md 0.2). */
function sharedFamily(candidates: readonly Profile[], facts: BoardFacts): FamilyId | undefined {
  const [first, ...others] = candidates;
  if (provesChip(facts) || first?.family === undefined) return undefined;
  return others.every((one) => one.family === first.family) ? first.family : undefined;
}

/** Every family with a word on a board that may be any of these. */
export function familiesOf(
  candidates: readonly Profile[],
  settled: Profile | undefined,
  shared: FamilyId | undefined,
  loader: ReadonlyMap<FamilyId, LoaderSays>,
  heard: Heard | undefined,
): FamilyKnowledge[] {
  const mine = settled === undefined ? candidates : [settled, ...candidates];
  return [...new Set(mine.flatMap((one) => one.family ?? []))].map((id) => {
    const isSettled = settled?.family === id;
    return {
      id,
      settled: isSettled || shared === id,
      profile: isSettled ? settled : undefined,
      candidates: candidates.filter((one) => one.family === id),
      says: isSettled ? heard?.says : undefined,
      loader: loader.get(id),
    };
  });
}

/** Its own word for itself goes before the chip's name; what that proves is no likelihood any more. */
function namesFor(
  facts: BoardFacts,
  settled: Profile | undefined,
  families: readonly FamilyKnowledge[],
  heard: Heard | undefined,
): Partial<BoardFacts> {
  const [family] = families.filter((one) => one.settled);
  if (family === undefined) return {};
  const { says, loader } = family;
  const name = loader?.name ?? says?.name ?? settled?.name;
  return {
    ...(name === undefined ? {} : { name, slug: settled?.id ?? facts.slug }),
    ...(settled === undefined ? {} : { likely: [] }),
    ...(says === undefined ? {} : { versions: says.versions }),
    about: aboutOf(loader, heard),
  };
}

function aboutOf(loader: LoaderSays | undefined, heard: Heard | undefined): FamilyFact[] {
  const program: FamilyFact[] =
    heard === undefined ? [] : [{ code: 'program', name: heard.says.name, versions: heard.says.versions }];
  return [...(loader?.facts ?? []), ...program, ...(heard?.extra?.facts ?? [])];
}
