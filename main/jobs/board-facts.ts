import type { HowKnown } from '../../shared/board.ts';
import type { Guards } from '../devices/guards.ts';
import type { FamilyFact, ProgramSays } from '../../shared/families.ts';
import type { Profile } from '../../shared/profile.ts';
import type { FamilyId, LoaderSays } from '../families/family.ts';
import type { Abilities, Region } from '../targets/target.ts';

/** A family that has a word on this board, and what it knows. */
export interface FamilyKnowledge {
  readonly id: FamilyId;
  /** Whether the board is known to be of this family; otherwise it has a word only where a file names it. */
  readonly settled: boolean;
  /** The one it is, where that is settled; otherwise any of the candidates. */
  readonly profile: Profile | undefined;
  readonly candidates: readonly Profile[];
  readonly says: ProgramSays | undefined;
  readonly loader: LoaderSays | undefined;
}

/** What a plan needs to know of a board in flash mode. Plain data, so that planning needs no board. */
export interface BoardFacts {
  readonly name: string;
  /** For file names. */
  readonly slug: string;
  /** The chip, by its name for files, where its bootloader's map tells it; nothing is checked against it otherwise. */
  readonly chip?: string | undefined;
  /** The board it is, where that is known, and how. */
  readonly profile?: { readonly id: string; readonly name: string; readonly known: HowKnown };
  /** What it said it runs, while it ran; comparable with a file's where `of` is the same. */
  readonly versions?: readonly { readonly of: string; readonly version: string }[];
  /** Boards this may be, where its marks do not prove one. */
  readonly likely: readonly string[];
  readonly portPath: string;
  readonly virtual: boolean;
  readonly serial: string;
  /** The first number that told it from others of its kind, whatever mode it showed it in (`Tracker.numberOn`). */
  readonly ownNumber?: string | undefined;
  readonly vendorId: number;
  readonly productId: number;
  /** The ids it had while its program ran, when it was seen then. */
  readonly runtimeIds: { readonly vendorId: number; readonly productId: number } | undefined;
  /** It was brought into flash mode by this job. */
  readonly entered: boolean;
  readonly protocol: 'dfu' | 'dfuse';
  readonly addressed: boolean;
  readonly regions: readonly Region[];
  readonly abilities: Abilities;
  /** A board known by name only that somebody insists on, and what can go wrong. */
  readonly unsupported?: {
    readonly board: string;
    readonly today: string;
    readonly dangers: readonly string[];
  };
  /** What must never be written here, and what never read into a file. */
  readonly guards: Guards;
  readonly families?: readonly FamilyKnowledge[];
  /** What was learned of it, for people. */
  readonly about?: readonly FamilyFact[];
}
