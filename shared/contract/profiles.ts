import type { Profile } from '../profile.ts';
import type { ProfileFileProblems } from '../profile-problem.ts';
import { answer, contract, nothingSchema } from './base.ts';

/** Boards we know. */
export interface ProfilesReport {
  /** The program's own first, then the person's, each by name. */
  readonly profiles: readonly Profile[];
  /** Files of the person's own that are not used, and why. */
  readonly problems: readonly ProfileFileProblems[];
}

export const profiles = {
  /** Read once, when the program starts. */
  list: contract.input(nothingSchema).output(answer<ProfilesReport>()),
};
