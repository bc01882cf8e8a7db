import type { ErrorCode } from './errors/codes.ts';
import type { WayIn } from './profile.ts';

/** One way into flash mode, as it went. */
export interface Tried {
  readonly kind: WayIn['kind'];
  /** `not-possible`: nothing was sent to the board. */
  readonly outcome: 'worked' | 'failed' | 'not-possible';
  /** Why not. */
  readonly code?: ErrorCode;
  readonly params?: object;
}
