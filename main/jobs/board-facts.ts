import type { Guards } from '../devices/guards.ts';
import type { Abilities, Region } from '../targets/target.ts';

/** What a plan needs to know of a board in flash mode. Plain data, so that planning needs no board. */
export interface BoardFacts {
  readonly name: string;
  /** For file names. */
  readonly slug: string;
  /** The chip, by its name for files, where its bootloader's map tells it; nothing is checked against it otherwise. */
  readonly chip?: string | undefined;
  /** What it said it runs, while it ran; comparable with a file's where `of` is the same. */
  readonly versions?: readonly { readonly of: string; readonly version: string }[];
  /** Boards this may be, where its marks do not prove one. */
  readonly likely: readonly string[];
  readonly portPath: string;
  readonly virtual: boolean;
  readonly serial: string;
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
}
