// A newer release of Rekindle itself, as pages and the command line are told of it.
import type { ErrorCode } from './errors/codes.ts';

/** When releases are looked for. */
export const releaseLooks = ['never', 'when-asked', 'daily'] as const;
export type ReleaseLooks = (typeof releaseLooks)[number];

/** Why nothing is looked for. */
export type NoReleases = 'no-address' | 'switched-off';

/**
 * Why this Rekindle does not put a newer one in its own place.
 * `package`: its system keeps it; `server`: it runs from its sources or in a browser; `not-signed`: made without what updates need;
 * `not-writable`: the account may not change its file.
 */
export const selfUpdateObstacles = ['package', 'server', 'not-signed', 'not-writable'] as const;
export type SelfUpdateObstacle = (typeof selfUpdateObstacles)[number];

/** A release, for people. */
export interface ReleaseReport {
  readonly version: string;
  /** Plain text. */
  readonly notes: string;
  /** ISO 8601. */
  readonly publishedAt: string;
}

/**
 * - `off`: nothing is looked for.
 * - `idle`: nothing newer is known.
 * - `known`: a newer one is, and nothing of it was fetched.
 * - `asked`: it is wanted, and fetched once no job runs.
 * - `ready`: it is here and checked; it is installed when the person says so.
 * - `installing`: the program ends now.
 */
export type AppUpdateState =
  | { readonly is: 'off'; readonly why: NoReleases }
  | { readonly is: 'idle' }
  | { readonly is: 'known' | 'asked' | 'ready' | 'installing'; readonly release: ReleaseReport }
  | {
      readonly is: 'fetching';
      readonly release: ReleaseReport;
      readonly doneBytes: number;
      readonly totalBytes: number;
    };

export interface AppUpdateSnapshot {
  readonly state: AppUpdateState;
  readonly looking: boolean;
  /** When anything was last heard of releases, ISO 8601. */
  readonly lookedAt: string | undefined;
  /** What went wrong last. */
  readonly problem: { readonly code: ErrorCode; readonly params: object } | undefined;
  /** The page of releases, for people. */
  readonly page: string | undefined;
  /** Why it is only told of. */
  readonly obstacle: SelfUpdateObstacle | undefined;
  /** The person wants to hear of it another time. */
  readonly later: boolean;
  /** Jobs and batches that have not ended: while there is one, nothing is fetched or installed. */
  readonly jobs: number;
}

/** The release a snapshot is about. */
export function releaseOf({ state }: AppUpdateSnapshot): ReleaseReport | undefined {
  return state.is === 'off' || state.is === 'idle' ? undefined : state.release;
}
