// A release of Rekindle itself, as it is published: one signed file for all systems and shells (docs/releasing.md).
import * as v from 'valibot';
import { fileNameSchema, timeSchema } from './firmware-index.ts';
import { limits } from './limits.ts';

/** Three numbers and nothing behind them: a pre-release is never in this list. */
const releaseVersionSchema = v.pipe(v.string(), v.regex(/^\d{1,6}\.\d{1,6}\.\d{1,6}$/, 'version'));

/** A package that puts itself in the place of an older one; Debian's are not in the list, as their system keeps them. */
export const releaseFileSchema = v.object({
  name: fileNameSchema,
  platform: v.picklist(['linux', 'darwin', 'win32']),
  arch: v.picklist(['x64', 'arm64']),
  /** In base64, as electron-updater wants it. */
  sha512: v.pipe(v.string(), v.regex(/^[A-Za-z0-9+/]{86}==$/, 'sha512')),
  sizeBytes: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(limits.releaseFileBytes)),
});
export type AppReleaseFile = v.InferOutput<typeof releaseFileSchema>;

/** Fields that are not known are passed over, and files for systems that are not: a newer list still serves an older program. */
export const appReleaseSchema = v.object({
  /** The version of this schema. */
  rekindleRelease: v.literal(1),
  version: releaseVersionSchema,
  publishedAt: timeSchema,
  /** Plain text. */
  notes: v.optional(v.pipe(v.string(), v.maxLength(limits.firmwareNotesChars)), ''),
  files: v.pipe(v.array(v.unknown()), v.maxLength(50)),
});
export type AppRelease = Omit<v.InferOutput<typeof appReleaseSchema>, 'rekindleRelease' | 'files'> & {
  readonly files: readonly AppReleaseFile[];
};

/** Where releases are, and whose signature they bear: `assets/releases.json`; both empty where there is no such place. */
export const releasePlaceSchema = v.strictObject({
  /** `owner/name` on GitHub. */
  repository: v.union([v.literal(''), v.pipe(v.string(), v.regex(/^[\w.-]{1,100}\/[\w.-]{1,100}$/))]),
  /** An Ed25519 public key: 32 bytes in base64. */
  key: v.union([v.literal(''), v.pipe(v.string(), v.regex(/^[A-Za-z0-9+/]{43}=$/))]),
});
export type ReleasePlace = v.InferOutput<typeof releasePlaceSchema>;
