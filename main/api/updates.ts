import { FlashError } from '../../shared/errors/flash-error.ts';
import { refuseOtherVersion } from '../offers/fetch-offer.ts';
import { updatesOf } from '../offers/look-for-board.ts';
import { studio } from './implement.ts';

export const updates = {
  look: studio.updates.look.handler(({ context: { parts }, input }) =>
    parts.offers.look(input.portPath, input.ask),
  ),
  watch: studio.updates.watch.handler(async function* ({ context: { parts }, signal }) {
    yield* parts.offers.seen.watch(signal ?? AbortSignal.abort());
  }),
  fetch: studio.updates.fetch.handler(async ({ context: { parts, images }, input }) => {
    const found = parts.offers.foundFor(input.portPath);
    const judged = updatesOf(found).offers.find(({ id }) => id === input.offer);
    if (judged === undefined) throw new FlashError('api.unknown', { what: 'offer' });
    const { offer, kept, bytes, signature } = await parts.offers.fetch(input.portPath, input.offer);
    const image = await images.add(kept.fileName, bytes);
    try {
      refuseOtherVersion(offer, found.profile, image);
    } catch (error) {
      images.close(image.id);
      throw error;
    }
    const { from, fetchedAt, digest } = kept;
    return { image, offer: judged, standing: found.standing, from, fetchedAt, digest, signature };
  }),
  openPage: studio.updates.openPage.handler(async ({ context: { parts }, input }) => {
    const { pages } = parts.offers.foundFor(input.portPath);
    const page = pages.find(({ source }) => source === input.source);
    const { openAddress } = parts.actions;
    if (page === undefined || openAddress === undefined)
      throw new FlashError('api.unknown', { what: 'page' });
    await openAddress(page.address);
  }),
};
