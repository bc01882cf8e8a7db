import * as v from 'valibot';
import type { ImageReport } from '../image-report.ts';
import { hexBytes, type FoundBytes, type ImageDifference } from '../image-view.ts';
import { limits } from '../limits.ts';
import { answer, chunkSchema, contract, done, idSchema, offsetSchema } from './base.ts';

const sizeSchema = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(limits.containerBytes));

const placeSchema = v.strictObject({
  part: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(limits.elements)),
  offset: offsetSchema,
});

const searchText = v.pipe(v.string(), v.minLength(1), v.maxLength(limits.textBytes));
const searchSchema = v.variant('kind', [
  v.strictObject({ kind: v.literal('text'), value: searchText }),
  v.strictObject({
    kind: v.literal('hex'),
    value: v.pipe(searchText, v.regex(hexBytes)),
  }),
]);

/** Firmware files come as bytes, never as paths: browser and window behave alike. */
export const images = {
  /** Makes room for a file of this size. @throws FLASH `image.too-large`, `limit.open-images` */
  begin: contract
    .input(v.strictObject({ name: v.pipe(v.string(), v.maxLength(limits.textBytes)), bytes: sizeSchema }))
    .output(answer<{ id: string }>()),
  /** The next piece, in order. */
  append: contract
    .input(v.strictObject({ id: idSchema, offset: offsetSchema, chunk: chunkSchema }))
    .output(done),
  /** All pieces are there: what is it? It is then used as it was read last. @throws FLASH `image.*` */
  inspect: contract
    .input(
      v.strictObject({
        id: idSchema,
        /** Its bytes as they are, whatever they look like. */
        asRaw: v.optional(v.boolean(), false),
        /** Of an archive: the file inside that is meant. */
        entry: v.optional(v.pipe(v.string(), v.maxLength(limits.textBytes))),
      }),
    )
    .output(answer<ImageReport>()),
  /** Bytes of one of its parts; fewer where the part ends, none behind its end. */
  bytes: contract
    .input(
      v.strictObject({
        id: idSchema,
        ...placeSchema.entries,
        length: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(limits.viewBytes)),
      }),
    )
    .output(answer<v.InferOutput<ReturnType<typeof v.blob>>>()),
  /** Where bytes or text stand first, from a place on; undefined where nowhere. */
  find: contract
    .input(v.strictObject({ id: idSchema, what: searchSchema, from: v.optional(placeSchema) }))
    .output(answer<FoundBytes | undefined>()),
  /**
   * How another open image differs, in this one's addresses; `shift` is what makes one of the other's. Plain bytes are
   * laid over the start of an image with addresses.
   */
  compare: contract
    .input(v.strictObject({ id: idSchema, withId: idSchema }))
    .output(answer<ImageDifference & { readonly shift: number }>()),
  /** The page is done with it. */
  close: contract.input(v.strictObject({ id: idSchema })).output(done),
};
