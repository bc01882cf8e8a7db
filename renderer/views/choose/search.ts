import type { Profile } from '../../../shared/profile.ts';

/** Boards all words fit, by name, maker, other names and print; those that can be updated first, then by name. */
export function findBoards(profiles: readonly Profile[], search: string): readonly Profile[] {
  const words = plain(search)
    .split(' ')
    .filter((word) => word !== '');
  const rank = { full: 0, repair: 1, named: 2 };
  return profiles
    .filter((profile) => {
      const names = plain(
        [profile.name, profile.maker, profile.printed?.name ?? '', profile.id, ...profile.also].join(' '),
      );
      // "nano vna" is NanoVNA, "h 4" is H4.
      const joined = names.replaceAll(' ', '');
      return words.every((word) => names.includes(word)) || joined.includes(words.join(''));
    })
    .toSorted((a, b) => rank[a.support] - rank[b.support] || a.name.localeCompare(b.name, 'en'));
}

function plain(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^a-z0-9.]+/g, ' ')
    .trim();
}

/** Boards that show the same on USB and are told apart by their print. */
export function lookalikes(profiles: readonly Profile[], profile: Profile): readonly Profile[] {
  const idsOf = (one: Profile): string[] =>
    one.modes.filter(({ kind }) => kind === 'flash').flatMap(({ ids }) => ids);
  const mine = new Set(idsOf(profile));
  if (profile.printed === undefined) return [];
  return profiles.filter(
    (one) => one.id !== profile.id && one.printed !== undefined && idsOf(one).some((id) => mine.has(id)),
  );
}
