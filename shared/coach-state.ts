// What the coach knows and what it is told: state and events, and what follows from them at once.
import { waysByHand } from './coach-way.ts';
import type { GuideRemark, GuideSay } from './guide.ts';
import type { GuideStep, Profile } from './profile.ts';

/** What is coached for. */
export interface CoachSetup {
  readonly profile: Profile;
  /** Only this port; undefined: any. */
  readonly portPath: string | undefined;
  /** From power to being seen, as this computer has shown it so far, ms. */
  readonly usualDelayMs: number | undefined;
  /** After this long without anything on USB it is said that nothing came, ms. */
  readonly nothingCameMs: number;
}

/** The board itself, by its ids: in flash mode, or running its program. */
export interface BoardSeen {
  readonly portPath: string;
  readonly as: 'flash' | 'program';
}

/** What happened, at a time of the driver's clock. */
export type CoachEvent = { readonly atMs: number } & (
  | ({ readonly type: 'seen' } & BoardSeen)
  | { readonly type: 'seen'; readonly as: 'other'; readonly portPath: string; readonly board: string }
  | { readonly type: 'gone'; readonly portPath: string }
  | { readonly type: 'tick' }
  /** Flash mode ended by itself before a job could begin. */
  | { readonly type: 'window-over' }
  | { readonly type: 'said'; readonly say: GuideSay }
  /** A job on it failed; `present` is what the ports show after it. */
  | {
      readonly type: 'try-failed';
      readonly error: string;
      readonly params: object;
      readonly present: readonly BoardSeen[];
    }
);

export interface CoachState {
  readonly setup: CoachSetup;
  /** Index into the ways by hand. */
  readonly way: number;
  /** The first step that is not done; as many as there are once all are. */
  readonly step: number;
  /** When that step became due. */
  readonly sinceMs: number;
  /** The board, by port; more than one of a kind may be plugged in. */
  readonly present: ReadonlyMap<string, BoardSeen['as']>;
  /** It was off USB since this try began, so what comes next got its power afresh. */
  readonly wasAway: boolean;
  /** When it left by itself, not by hand. */
  readonly leftMs: number | undefined;
  /** When nothing of it was on USB any more. */
  readonly absentMs: number | undefined;
  /** When the person said that it has power. */
  readonly powerSaidMs: number | undefined;
  readonly poweredMs: number | undefined;
  readonly caught: { readonly portPath: string; readonly atMs: number; readonly letGo: boolean } | undefined;
  readonly remark: GuideRemark | undefined;
  readonly tries: number;
  /** When the last try failed, or flash mode was left: what comes to USB right after that comes by itself. */
  readonly endedMs: number | undefined;
  /** From power to being seen, as it was measured last, ms. */
  readonly measuredMs: number | undefined;
}

/** The steps of the way that is shown. */
export function stepsOf(state: CoachState): readonly GuideStep[] {
  return waysByHand(state.setup.profile)[state.way]?.steps ?? [];
}

/** How long flash mode lasts by itself, ms. */
export function windowOf(profile: Profile): number | undefined {
  const known = [profile.window?.ms, profile.watchdog?.ms].filter((ms) => ms !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}
