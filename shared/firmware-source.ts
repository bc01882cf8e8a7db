// Where a board's firmware comes from, as a profile or the person says it. docs/updates.md says how one is written.
import * as v from 'valibot';

/** Of one source, among those of its board: `maker`, `release`. */
export const sourceIdSchema = v.pipe(
  v.string(),
  v.regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'profile-id'),
  v.maxLength(40),
);
/** What a board proves of itself and its maker writes into file names: `3.6-56V`. */
export const variantSchema = v.pipe(
  v.string(),
  v.regex(/^[0-9A-Za-z][0-9A-Za-z._+-]{0,39}$/, 'firmware-variant'),
);
/** What a version may look like: it is shown, compared, and part of names. */
export const versionSchema = v.pipe(
  v.string(),
  v.regex(/^[0-9A-Za-z][0-9A-Za-z._+-]{0,39}$/, 'firmware-version'),
);
/** How finished a firmware is, by its maker's word. */
export const channels = ['stable', 'pre-release'] as const;
export const channelSchema = v.picklist(channels);
export type Channel = v.InferOutput<typeof channelSchema>;

/** An address on the web; what else must hold of it is `addressProblem`'s to say, in main/updates. */
export const webAddressSchema = v.pipe(
  v.string(),
  v.maxLength(500),
  v.regex(/^https:\/\/[!-~]+$/, 'web-address'),
);
/** An Ed25519 public key: its 32 bytes in base64. */
export const publicKeySchema = v.pipe(v.string(), v.regex(/^[A-Za-z0-9+/]{43}=$/, 'public-key'));

/**
 * What a file or tag is called: `*` stands for anything, `{version}` for the version; everything else for itself. No regular
 * expressions: a profile may be anybody's. At most four stars.
 */
export const patternSchema = v.pipe(
  v.string(),
  v.maxLength(100),
  v.regex(/^(?!(?:[^*]*\*){5})(?:\{version\}(?!.*\{version\})|[0-9A-Za-z._+*() -])+$/, 'name-pattern'),
);

const sentence = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(300));
const factSource = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(200));

const assetSchema = v.strictObject({
  /** Which of the boards of this profile it is for; left out where all take the same. */
  variant: v.optional(variantSchema),
  name: patternSchema,
});
export type FirmwareAsset = v.InferOutput<typeof assetSchema>;
const assets = v.pipe(v.array(assetSchema), v.minLength(1), v.maxLength(20));

export const firmwareSourceSchema = v.variant('kind', [
  /** Releases of a repository on GitHub, each with files. */
  v.strictObject({
    kind: v.literal('github-releases'),
    id: sourceIdSchema,
    /** `owner/name`. */
    repository: v.pipe(
      v.string(),
      v.regex(/^[0-9A-Za-z][0-9A-Za-z-]{0,38}\/[0-9A-Za-z._-]{1,100}$/, 'repository'),
    ),
    /** What releases of this board are tagged; its `{version}` is the version. */
    tag: v.optional(patternSchema, 'v{version}'),
    assets,
    /** `stable`: pre-releases are left out. */
    channel: v.optional(channelSchema, 'stable'),
    source: factSource,
  }),
  /** A list of firmware, as docs/updates.md says. */
  v.strictObject({
    kind: v.literal('index'),
    id: sourceIdSchema,
    address: webAddressSchema,
    channel: v.optional(channelSchema, 'stable'),
    /** Whose signature the list must bear. */
    key: v.optional(publicKeySchema),
    source: factSource,
  }),
  /** Files in a folder of this computer, or one it shares. */
  v.strictObject({
    kind: v.literal('folder'),
    id: sourceIdSchema,
    /** From the root. */
    folder: v.pipe(v.string(), v.minLength(1), v.maxLength(500)),
    assets,
    source: factSource,
  }),
  /** A page of the maker's, for a person to look at. */
  v.strictObject({
    kind: v.literal('page'),
    id: sourceIdSchema,
    address: webAddressSchema,
    /** Which file to take, in a sentence. */
    take: sentence,
    source: factSource,
  }),
]);
export type FirmwareSource = v.InferOutput<typeof firmwareSourceSchema>;
export type GithubReleases = Extract<FirmwareSource, { kind: 'github-releases' }>;
export type IndexSource = Extract<FirmwareSource, { kind: 'index' }>;
export type FolderSource = Extract<FirmwareSource, { kind: 'folder' }>;

/** All of one board; each has an id of its own. */
export const firmwareSourcesSchema = v.pipe(v.array(firmwareSourceSchema), v.maxLength(8));
