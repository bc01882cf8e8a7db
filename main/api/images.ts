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
  close: studio.images.close.handler(({ context, input }) => context.images.close(input.id)),
};
