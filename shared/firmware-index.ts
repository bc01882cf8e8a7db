// An index of firmware, as somebody publishes it: docs/updates.md, and assets/schema/firmware-index.json for other programs.
import * as v from 'valibot';
import { channelSchema, variantSchema, versionSchema } from './firmware-source.ts';
import { limits } from './limits.ts';
import { profileIdSchema } from './profile-id.ts';

/** SHA-256 in lower-case hex. */
export const sha256Schema = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, 'sha256'));
/** A time as JSON writes it: `2026-11-21T14:00:00Z`. */
export const timeSchema = v.pipe(v.string(), v.maxLength(40), v.isoTimestamp());
/** What a file is called, as a name and never a path. */
export const fileNameSchema = v.pipe(
  v.string(),
  v.regex(/^[0-9A-Za-z][0-9A-Za-z._+() -]{0,119}$/, 'file-name'),
);
export const firmwareSizeSchema = v.pipe(
  v.number(),
  v.integer(),
  v.minValue(1),
  v.maxValue(limits.containerBytes),
);

/** One firmware of an index. Fields that are not known are passed over: a newer index still serves an older program. */
export const indexEntrySchema = v.object({
  /** The profile of the board. */
  board: profileIdSchema,
  variant: v.exactOptional(variantSchema),
  version: versionSchema,
  channel: v.optional(channelSchema, 'stable'),
  /** https, or relative to the index. */
  address: v.pipe(v.string(), v.minLength(1), v.maxLength(500)),
  /** Where the address does not end in it. */
  fileName: v.exactOptional(fileNameSchema),
  sha256: sha256Schema,
  sizeBytes: firmwareSizeSchema,
  /** Plain text. */
  notes: v.exactOptional(v.pipe(v.string(), v.maxLength(limits.firmwareNotesChars))),
  publishedAt: v.exactOptional(timeSchema),
  smallestBootloader: v.exactOptional(versionSchema),
});
export type IndexEntry = v.InferOutput<typeof indexEntrySchema>;

/** The frame; entries are looked at one by one, as one that is wrong must not cost the others. */
export const firmwareIndexSchema = v.object({
  /** The version of this schema. */
  rekindleIndex: v.literal(1),
  /** What the index is called: of two with one key, which. */
  name: v.pipe(v.string(), v.regex(/^[0-9A-Za-z][0-9A-Za-z._-]{0,59}$/, 'index-name')),
  /** Greater in every later one; an older one is refused where it is signed. */
  sequence: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(Number.MAX_SAFE_INTEGER)),
  publishedAt: timeSchema,
  firmware: v.pipe(v.array(v.unknown()), v.maxLength(limits.firmwareIndexEntries)),
});
