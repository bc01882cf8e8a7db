import { bytesOfPart, compareImages, findPlace } from '../images/look.ts';
import { studio } from './implement.ts';

export const images = {
  begin: studio.images.begin.handler(({ context, input }) => ({
    id: context.images.begin(input.name, input.bytes),
  })),
  append: studio.images.append.handler(async ({ context, input }) => {
    context.images.append(input.id, input.offset, new Uint8Array(await input.chunk.arrayBuffer()));
  }),
  inspect: studio.images.inspect.handler(({ context, input: { id, asRaw, entry } }) =>
    context.images.inspect(id, {
      ...(asRaw ? { as: 'raw' } : {}),
      ...(entry === undefined ? {} : { entry }),
    }),
  ),
  bytes: studio.images.bytes.handler(async ({ context, input: { id, length, ...place } }) => {
    const bytes = bytesOfPart(await context.images.image(id), place, length);
    return new Blob([new Uint8Array(bytes)]);
  }),
  find: studio.images.find.handler(async ({ context, input: { id, what, from } }) =>
    findPlace(await context.images.image(id), what, from),
  ),
  compare: studio.images.compare.handler(async ({ context, input: { id, withId } }) =>
    compareImages(await context.images.image(id), await context.images.image(withId)),
  ),
  close: studio.images.close.handler(({ context, input }) => context.images.close(input.id)),
};
