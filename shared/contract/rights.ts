import type { RightsResult, RightsStatus } from '../rights.ts';
import { answer, contract, nothingSchema } from './base.ts';

/** "Let me in": nothing crosses but the wish; what is run as root is fixed (main/rights). */
export const rights = {
  status: contract.input(nothingSchema).output(answer<RightsStatus>()),
  /** Asks for a password where needed; boards are looked at again when it is done. */
  install: contract.input(nothingSchema).output(answer<RightsResult>()),
  remove: contract.input(nothingSchema).output(answer<RightsResult>()),
};
