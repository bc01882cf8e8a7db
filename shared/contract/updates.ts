import * as v from 'valibot';
import { eventIterator, type } from '@orpc/contract';
import type { BoardStanding, BoardUpdates, JudgedOffer } from '../board-updates.ts';
import type { DigestState, SignatureState } from '../firmware.ts';
import type { ImageReport } from '../image-report.ts';
import { sourceIdSchema } from '../firmware-source.ts';
import { answer, contract, done, nothingSchema, portPathSchema } from './base.ts';

/** A fetched offer, open as an image of this page: planned and flashed as any other. */
export interface FetchedUpdate {
  readonly image: ImageReport;
  readonly offer: JudgedOffer;
  readonly standing: BoardStanding;
  /** Whether it was there before, and when it was fetched, ISO. */
  readonly from: 'net' | 'cache';
  readonly fetchedAt: string;
  readonly digest: DigestState;
  readonly signature: SignatureState;
}

/** A page names boards by their ports and offers by ids of the core: never an address, never a path. */
export const updates = {
  /**
   * Asks a board what it holds, and its sources what they have; the board is unchanged. With `kept`, nobody is asked over
   * the network. @throws FLASH `api.unknown`, `device.locked`, `file.*`, `update.malformed`
   */
  look: contract
    .input(
      v.strictObject({
        portPath: portPathSchema,
        ask: v.optional(v.picklist(['sources', 'kept']), 'sources'),
      }),
    )
    .output(answer<BoardUpdates>()),
  /** What was found for the boards that are there, whole, at once and on every change. */
  watch: contract.input(nothingSchema).output(eventIterator(type<readonly BoardUpdates[]>())),
  /**
   * Fetches an offer of the last look at a port, or takes it from what is kept, and opens it as an image.
   * @throws FLASH `api.unknown` for an offer that was not found for this port, `api.limit`, `update.*`, `file.*`, `image.*`
   */
  fetch: contract
    .input(v.strictObject({ portPath: portPathSchema, offer: v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/)) }))
    .output(answer<FetchedUpdate>()),
  /**
   * Opens a page of the maker's, as the last look at a port named it, in the system's browser.
   * @throws FLASH `api.unknown` for one it did not name, or where the shell has no browser to open it in
   */
  openPage: contract.input(v.strictObject({ portPath: portPathSchema, source: sourceIdSchema })).output(done),
};
