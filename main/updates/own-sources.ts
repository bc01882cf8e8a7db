// Sources and keys that a person has added beside those of the profiles, in one small file of the person's own.
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import { FlashError, isFlashError } from '../../shared/errors/flash-error.ts';
import {
  firmwareSourceSchema,
  publicKeySchema,
  sourceIdSchema,
  type FirmwareSource,
} from '../../shared/firmware-source.ts';
import { limits } from '../../shared/limits.ts';
import { profileIdSchema } from '../../shared/profile-id.ts';
import type { Profile } from '../../shared/profile.ts';
import { addressProblem, bareHost, type AddressProblem } from '../base/web-address.ts';
import { readFileBounded, writeFileAtomically } from '../store/atomic-file.ts';
import type { KnownFolder } from './folder-source.ts';
import type { KnownSource } from './offers.ts';
import type { UpdateServices } from './updates.ts';

const ownSchema = v.strictObject({
  sources: v.optional(
    v.pipe(
      v.array(v.strictObject({ board: profileIdSchema, source: firmwareSourceSchema })),
      v.maxLength(limits.ownSources),
    ),
    [],
  ),
  /** Keys for indexes: the person's word goes before the profile's. */
  keys: v.optional(
    v.pipe(
      v.array(v.strictObject({ board: profileIdSchema, source: sourceIdSchema, key: publicKeySchema })),
      v.maxLength(limits.ownSources),
    ),
    [],
  ),
});
export type OwnSources = v.InferOutput<typeof ownSchema>;

/** A person who has added nothing. */
export const noneOfTheirOwn: OwnSources = { sources: [], keys: [] };

type Place = Pick<UpdateServices, 'folder'>;

function fileIn({ folder }: Place): string {
  return path.join(folder, 'sources.json');
}

/**
 * What the person has added; nothing where there is no file.
 * @throws FlashError `file.*`; `update.malformed` for a file that cannot be understood: a pinned key that is passed over would be worse
 */
export async function loadOwnSources(place: Place): Promise<OwnSources> {
  const file = fileIn(place);
  let bytes: Uint8Array;
  try {
    bytes = await readFileBounded(file, limits.ownSourcesBytes);
  } catch (error) {
    if (isFlashError(error, 'file.not-found')) return noneOfTheirOwn;
    throw error;
  }
  try {
    return v.parse(ownSchema, JSON.parse(new TextDecoder().decode(bytes)));
  } catch (error) {
    throw new FlashError('update.malformed', { host: file, reason: 'it is no list of sources' }, error);
  }
}

/** Durable when it resolves. @throws FlashError `file.*`, `update.malformed`; `api.limit` when it would be too long */
export async function changeOwnSources(
  place: Place,
  change: (before: OwnSources) => OwnSources,
): Promise<void> {
  const after = v.safeParse(ownSchema, change(await loadOwnSources(place)));
  if (!after.success) throw new FlashError('api.limit', { what: 'sources', limit: limits.ownSources });
  await mkdir(place.folder, { recursive: true, mode: 0o700 }).catch(() => undefined);
  await writeFileAtomically(
    fileIn(place),
    new TextEncoder().encode(`${JSON.stringify(after.output, null, 2)}\n`),
    { exclusive: false },
  );
}

/** Every source of a board: the profile's, then the person's own, which may not take the place of one of the profile's. */
export function sourcesOf(
  { id, firmware }: Pick<Profile, 'id' | 'firmware'>,
  own: OwnSources,
): KnownSource[] {
  const taken = new Set(firmware.map((source) => source.id));
  const pinned = (source: FirmwareSource): FirmwareSource => {
    const key = own.keys.find((one) => one.board === id && one.source === source.id)?.key;
    return source.kind === 'index' && key !== undefined ? { ...source, key } : source;
  };
  const profiles = firmware.map((source) => ({ profile: id, source: pinned(source), own: false }));
  const added = own.sources
    .filter(({ board, source }) => board === id && !taken.has(source.id))
    .map(({ source }) => ({ profile: id, source: pinned(source), own: true }));
  return [...profiles, ...added];
}

/** The folders among the sources of these boards. Never rejects. */
export async function foldersOf(place: Place, profiles: readonly Profile[]): Promise<readonly KnownFolder[]> {
  const own = await loadOwnSources(place).catch(() => noneOfTheirOwn);
  return profiles
    .flatMap((profile) => sourcesOf(profile, own))
    .flatMap((known) => (known.source.kind === 'folder' ? [{ ...known, source: known.source }] : []));
}

/** Why an address that a person names is not fetched from: it may be in the person's own network. */
export function namedAddressProblem(address: string): AddressProblem | undefined {
  return addressProblem(address, bareHost(URL.parse(address)?.hostname ?? ''));
}

/** The host a person typed, which alone may be in the person's own network. */
export function ownHostOf({ own, source }: KnownSource): string | undefined {
  if (!own || source.kind !== 'index') return undefined;
  return bareHost(new URL(source.address).hostname);
}
