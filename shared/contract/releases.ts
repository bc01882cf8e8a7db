import { eventIterator, type } from '@orpc/contract';
import type { AppUpdateSnapshot } from '../app-update.ts';
import { contract, done, nothingSchema } from './base.ts';

/** A newer release of Rekindle itself. A page says what is wanted, and names no address, no version and no file. */
export const releases = {
  /** How things stand, whole, at once and on every change. */
  watch: contract.input(nothingSchema).output(eventIterator(type<AppUpdateSnapshot>())),
  /** Asks now; what came of it is in the snapshot. @throws FLASH `release.off` */
  look: contract.input(nothingSchema).output(done),
  /** Fetches it, once no job runs. @throws FLASH `api.unknown` where none is known; `release.not-here` */
  get: contract.input(nothingSchema).output(done),
  /** Not after all. */
  cancel: contract.input(nothingSchema).output(done),
  /** No word about it until the next start. */
  later: contract.input(nothingSchema).output(done),
  /**
   * Ends the program and installs what was fetched. Answers only where that failed.
   * @throws FLASH `api.unknown` where nothing is ready, `release.busy` while a job runs or waits
   */
  install: contract.input(nothingSchema).output(done),
};
