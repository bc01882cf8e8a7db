// Which boards a device may be, from what it shows. Ids and memory maps leave boards out; they rarely prove one
// (devices.md 0.1, 0.2).
import * as v from 'valibot';
import sharedTable from '../../assets/shared-ids.json' with { type: 'json' };
import { formatIds } from '../../shared/hex.ts';
import type { Profile, ProfileMode } from '../../shared/profile.ts';
import { closeness, type IdFacts } from './match-ids.ts';

/** What one device shows of itself. Texts and chip are undefined where they could not be read. */
export interface Seen extends IdFacts {
  /** By its descriptors: in flash mode, able to detach into it, neither. */
  readonly mode: 'dfu' | 'runtime' | 'other';
  readonly manufacturer: string | undefined;
  readonly product: string | undefined;
  /** Of `assets/chips.json`, told by the memory map. */
  readonly chip: string | undefined;
}

/** One board it may be. */
export interface Match {
  readonly profile: Profile;
  /** The mode it would be in. */
  readonly mode: ProfileMode['kind'];
  /** `possible`: other boards show the same, or not all of it could be read. */
  readonly certainty: 'sure' | 'possible';
}

const idPair = v.pipe(v.string(), v.regex(/^[0-9a-f]{4}:[0-9a-f]{4}$/));
const sharedIds = new Set(
  v
    .parse(v.array(v.strictObject({ ids: idPair, whose: v.string(), source: v.string() })), sharedTable)
    .map((row) => row.ids),
);

/** How a mark of a profile stands to what was seen. */
type Fit = 'asked-nothing' | 'fits' | 'unknown' | 'differs';

interface Fitting extends Match {
  readonly generic: boolean;
  readonly closeness: number;
  readonly marks: number;
}

/**
 * The boards it may be, the likeliest and most specific first; the profiles of a whole family of bootloaders last. A
 * profile that names any DFU device is left out where another names this one more closely.
 */
export function matchProfiles(seen: Seen, profiles: readonly Profile[]): Match[] {
  const all = profiles.flatMap((profile) => bestFit(seen, profile) ?? []);
  const closest = Math.max(0, ...all.map((one) => one.closeness));
  const fitting = all.filter((one) => one.closeness > 1 || closest === 1);
  const sure = fitting.filter((one) => !one.generic && one.certainty === 'sure');
  return fitting
    .map((one): Fitting => (sure.length > 1 && !one.generic ? { ...one, certainty: 'possible' } : one))
    .toSorted(
      (a, b) =>
        Number(a.generic) - Number(b.generic) ||
        Number(b.certainty === 'sure') - Number(a.certainty === 'sure') ||
        b.closeness - a.closeness ||
        b.marks - a.marks,
    )
    .map(({ profile, mode, certainty }) => ({ profile, mode, certainty }));
}

/** The boards among them that a device may be while its program runs: no bootloader, and no family of them. */
export function runningAs(matches: readonly Match[]): Profile[] {
  return matches
    .filter(({ profile, mode }) => mode !== 'flash' && !isGeneric(profile))
    .map(({ profile }) => profile);
}

/** Whether a profile stands for a whole family of bootloaders, and for no board. */
export function isGeneric(profile: Profile): boolean {
  return profile.modes.every(
    (mode) =>
      mode.kind === 'flash' &&
      mode.manufacturers === undefined &&
      mode.products === undefined &&
      mode.chips === undefined &&
      mode.ids.every((ids) => ids === '*:*' || sharedIds.has(ids)),
  );
}

/** Whether a text that a device shows names this very board. */
export function namesBoard(profile: Profile, text: string | undefined): boolean {
  return text !== undefined && [profile.name, ...profile.also].some((name) => plain(name) === plain(text));
}

/** Whether ids are among those of any mode of a profile: then a board may come back with them. */
export function hasIds(profile: Profile, facts: IdFacts): boolean {
  return profile.modes.some((mode) => mode.ids.some((ids) => closeness(ids, facts) > 1));
}

/** Names of the boards whose bootloader shows this chip. */
export function boardsWithChip(profiles: readonly Profile[], chip: string): string[] {
  const carries = (mode: ProfileMode): boolean =>
    mode.kind === 'flash' && mode.chips?.includes(chip) === true;
  return profiles.filter((one) => one.modes.some(carries)).map((one) => one.name);
}

function bestFit(seen: Seen, profile: Profile): Fitting | undefined {
  const fits = profile.modes.flatMap((mode) => fitOf(seen, profile, mode) ?? []);
  return fits.toSorted((a, b) => b.closeness - a.closeness || b.marks - a.marks)[0];
}

function fitOf(seen: Seen, profile: Profile, mode: ProfileMode): Fitting | undefined {
  const close = Math.max(...mode.ids.map((ids) => closeness(ids, seen)));
  const kind = close === 0 ? undefined : kindOf(seen, profile, mode, close);
  if (kind === undefined) return undefined;
  const marks = [
    textFit(mode.manufacturers, seen.manufacturer),
    textFit(mode.products, seen.product),
    chipFit(mode.chips, seen.chip),
  ];
  if (marks.includes('differs')) return undefined;
  const generic = isGeneric(profile);
  const proven = generic || (close === 3 && (!isShared(seen) || namesBoard(profile, seen.product)));
  return {
    profile,
    mode: kind,
    certainty: proven && !marks.includes('unknown') ? 'sure' : 'possible',
    generic,
    closeness: close,
    marks: marks.filter((mark) => mark === 'fits').length,
  };
}

/** The mode a device would be in; undefined where its descriptors rule that out. */
function kindOf(
  seen: Seen,
  profile: Profile,
  mode: ProfileMode,
  close: number,
): ProfileMode['kind'] | undefined {
  switch (mode.kind) {
    case 'application':
      return seen.mode === 'dfu' ? undefined : 'application';
    case 'runtime-dfu':
      return seen.mode === 'runtime' ? 'runtime-dfu' : undefined;
    case 'flash': {
      if (seen.mode === 'dfu') return 'flash';
      // What names any DFU device in flash mode also names the one that can be asked to go there.
      if (close === 1) {
        const detaches = profile.ways.some((way) => way.kind === 'dfu-detach');
        return seen.mode === 'runtime' && detaches ? 'runtime-dfu' : undefined;
      }
      // Loaders that are no DFU, and DFU loaders that call themselves a program (devices.md 2.2): their ids tell.
      const elsewhere = profile.modes.some(
        (other) => other.kind !== 'flash' && other.ids.some((ids) => closeness(ids, seen) === 3),
      );
      return close === 3 && !elsewhere ? 'flash' : undefined;
    }
  }
}

function textFit(wanted: readonly string[] | undefined, text: string | undefined): Fit {
  if (wanted === undefined) return 'asked-nothing';
  if (text === undefined) return 'unknown';
  return wanted.some((one) => plain(one) === plain(text)) ? 'fits' : 'differs';
}

function chipFit(wanted: readonly string[] | undefined, chip: string | undefined): Fit {
  if (wanted === undefined) return 'asked-nothing';
  if (chip === undefined) return 'unknown';
  return wanted.includes(chip) ? 'fits' : 'differs';
}

function isShared(facts: IdFacts): boolean {
  return sharedIds.has(formatIds(facts.vendorId, facts.productId));
}

/** As people compare: bootloaders pad their names with spaces. */
function plain(text: string): string {
  return text.trim().replace(/\s+/g, ' ').toLowerCase();
}
