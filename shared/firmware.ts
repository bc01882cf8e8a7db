// Firmware that sources offer, and what came of looking for it. Plain data; words in `shared/text/updates.ts`.
import * as v from 'valibot';
import type { UpdateErrorCode, UpdateErrorParams } from './errors/update-codes.ts';
import { channelSchema, sourceIdSchema, variantSchema, versionSchema } from './firmware-source.ts';
import { fileNameSchema, firmwareSizeSchema, sha256Schema, timeSchema } from './firmware-index.ts';

/** One firmware that a source offers for one board. Its texts are clean, and bounded. */
export const firmwareOfferSchema = v.strictObject({
  /** Names this offer: the same content from the same source has the same id. What pages send back. */
  id: v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/)),
  profile: v.string(),
  /** Of the source among those of its board, and what kind it is. */
  source: sourceIdSchema,
  kind: v.picklist(['github-releases', 'index', 'folder']),
  /** For which of the boards of its profile; left out where all take the same. Never matched by hope: see `comparing`. */
  variant: v.exactOptional(variantSchema),
  version: versionSchema,
  channel: channelSchema,
  fileName: fileNameSchema,
  /** Where it is fetched from: https, or a path of this computer where `kind` is `folder`. */
  address: v.string(),
  sizeBytes: v.exactOptional(firmwareSizeSchema),
  /** What its maker says its content is; left out where the maker says nothing. */
  sha256: v.exactOptional(sha256Schema),
  /** What is new, in the maker's words: plain text of several lines, without control characters. */
  notes: v.exactOptional(v.string()),
  publishedAt: v.exactOptional(timeSchema),
  /** The bootloader it needs, by the maker's word. */
  smallestBootloader: v.exactOptional(versionSchema),
});
export type FirmwareOffer = v.InferOutput<typeof firmwareOfferSchema>;

/**
 * What is known of who made an index. `good`: signed with the key of the profile or the person. `none`: no key is
 * known, so nobody vouches for it but the server. `not-signable`: releases and folders have no signature of ours.
 * An index that should be signed and is not, or wrongly, is a problem and has no offers.
 */
export const signatureStates = ['good', 'none', 'not-signable'] as const;
export type SignatureState = (typeof signatureStates)[number];

/** Why looking or fetching came to nothing, as data; words by `errorText`. */
export type FirmwareProblem = {
  readonly [C in UpdateErrorCode]: { readonly code: C; readonly params: UpdateErrorParams[C] };
}[UpdateErrorCode];

/** What came of looking at one source of one board. */
export interface FirmwareLook {
  readonly profile: string;
  readonly source: string;
  readonly kind: FirmwareOffer['kind'];
  /** When what stands here was seen at the source, ISO; undefined where it never was. Of a look from the cache: that of the look then. */
  readonly at: string | undefined;
  /** `net`: seen just now (of a folder as well). `cache`: nobody was asked, or nobody answered. */
  readonly from: 'net' | 'cache';
  /** Every channel the source is set to, every variant, every version: newest-published first as the source had them. */
  readonly offers: readonly FirmwareOffer[];
  /** Entries that could not be used: a wrong address, a version that is none. */
  readonly leftOut: number;
  /** What went wrong just now. Offers may still stand there, from the cache: those of the last look that went well. */
  readonly problem?: FirmwareProblem | undefined;
  readonly signature: SignatureState;
  /** An index nobody signed is older than one that was seen before: the days of both, ISO. A signed one would be refused. */
  readonly wentBack?: WentBack | undefined;
}

/** When the index that is there now was published, and when the newest that was seen. */
export interface WentBack {
  readonly found: string;
  readonly seen: string;
}

/** A source that only a person can look at. */
export interface FirmwarePage {
  readonly profile: string;
  readonly source: string;
  readonly address: string;
  /** Which file to take, in a sentence. */
  readonly take: string;
}

/** Whether the content of a file is what its maker said. A file that differs is never kept. */
export type DigestState = 'checked' | 'not-given';

/** A firmware file that was fetched and lies in the data folder. */
export interface KeptFirmware {
  /** Of its content; it lies under this name. */
  readonly sha256: string;
  readonly fileName: string;
  readonly sizeBytes: number;
  readonly digest: DigestState;
  /** Whether it was there before. */
  readonly from: 'net' | 'cache';
  /** When it was fetched, ISO. */
  readonly fetchedAt: string;
}
