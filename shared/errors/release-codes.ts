import type { NoReleases, SelfUpdateObstacle } from '../app-update.ts';

/** What can go wrong with a newer release of Rekindle itself. No board is touched by any of these. */
export interface ReleaseErrorParams {
  /** Releases are not looked for. */
  'release.off': { readonly why: NoReleases };
  /** Not while boards are at work, or waited for. */
  'release.busy': { readonly jobs: number };
  /** It has nothing for this system, or this Rekindle does not put another in its place. */
  'release.not-here': { readonly version: string; readonly why: SelfUpdateObstacle | 'no-file' };
  /** The system did not take it; `reason` is its own. */
  'release.not-installed': { readonly version: string; readonly reason: string };
}

export type ReleaseErrorCode = keyof ReleaseErrorParams;

/** Their exit codes, as in `ExitCode`: 78 refused, 73 cannot create. */
export const releaseExitCodes = {
  'release.off': 78,
  'release.busy': 78,
  'release.not-here': 78,
  'release.not-installed': 73,
} as const satisfies { readonly [code in ReleaseErrorCode]: number };
