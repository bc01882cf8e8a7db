import * as v from 'valibot';
import type { ImageReport } from '../image-report.ts';
import { limits } from '../limits.ts';
import { answer, chunkSchema, contract, done, idSchema, offsetSchema } from './base.ts';

const sizeSchema = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(limits.containerBytes));

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
  /** The page is done with it. */
  close: contract.input(v.strictObject({ id: idSchema })).output(done),
};
