// What every method over the wire has in common.
import { oc, type } from '@orpc/contract';
import * as v from 'valibot';
import { limits } from '../limits.ts';

/**
 * The one error that crosses: a FlashError as code and params (floor plan, Errors). Words are looked up on the other
 * side, so that they are of the reader's language.
 */
export const contract = oc.errors({
  FLASH: { status: 422, data: type<{ readonly code: string; readonly params: object }>() },
});

/** A method's answer; ours, so it is not checked again on the way out. */
export { type as answer } from '@orpc/contract';

/** Answers with nothing but that it is done. */
export const done = type<Awaited<Promise<void>>>();

/** Names that we give: images, jobs, backups. */
export const idSchema = v.pipe(v.string(), v.regex(/^[0-9A-Za-z._-]{1,160}$/));

/** A port path, as `1-4.2`, or that of a virtual board. */
export const portPathSchema = v.pipe(v.string(), v.regex(/^[0-9A-Za-z.-]{1,64}$/));

export const nothingSchema = v.optional(v.strictObject({}), {});

/** A piece of a file. Bytes cross as Blobs only: a Uint8Array would silently become an object of digits. */
export const chunkSchema = v.pipe(v.blob(), v.maxSize(limits.chunkBytes));

export const offsetSchema = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(limits.containerBytes));
