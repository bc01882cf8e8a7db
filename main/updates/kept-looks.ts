// What sources had when they were last looked at, on disk: told offline, with its date.
import { createHash } from 'node:crypto';
import { mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import { firmwareOfferSchema, signatureStates } from '../../shared/firmware.ts';
import { timeSchema } from '../../shared/firmware-index.ts';
import { limits } from '../../shared/limits.ts';
import { profileIdSchema } from '../../shared/profile-id.ts';
import { readFileBounded, writeFileAtomically } from '../store/atomic-file.ts';
import type { KnownSource } from './offers.ts';
import type { UpdateServices } from './updates.ts';

const keptLookSchema = v.object({
  /** Of the source as it was asked: another address or another key is another source. */
  definition: v.string(),
  at: timeSchema,
  etag: v.exactOptional(v.string()),
  offers: v.array(firmwareOfferSchema),
  leftOut: v.number(),
  signature: v.picklist(signatureStates),
  wentBack: v.exactOptional(v.object({ found: v.string(), seen: v.string() })),
});
export type KeptLook = Omit<v.InferOutput<typeof keptLookSchema>, 'definition'>;

type Place = Pick<UpdateServices, 'folder' | 'log'>;

function fileOf({ folder }: Pick<Place, 'folder'>, { profile, source }: KnownSource): string {
  return path.join(folder, 'looks', `${profile}.${source.id}.json`);
}

function definitionOf({ source, own }: KnownSource): string {
  return createHash('sha256')
    .update(JSON.stringify([source, own]))
    .digest('hex');
}

/** The last look that went well; undefined where there is none, or the source was another then. Never rejects. */
export async function loadLook(place: Place, known: KnownSource): Promise<KeptLook | undefined> {
  try {
    const bytes = await readFileBounded(fileOf(place, known), limits.keptLookBytes);
    const { definition, ...look } = v.parse(keptLookSchema, JSON.parse(new TextDecoder().decode(bytes)));
    return definition === definitionOf(known) ? look : undefined;
  } catch {
    return undefined;
  }
}

/** Kept as well as the disk lets it: what was found is told in any case. Never rejects. */
export async function saveLook(place: Place, known: KnownSource, look: KeptLook): Promise<void> {
  try {
    const file = fileOf(place, known);
    await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
    const kept = { definition: definitionOf(known), ...look };
    await writeFileAtomically(file, new TextEncoder().encode(JSON.stringify(kept)), { exclusive: false });
  } catch (error) {
    place.log.write('warn', 'updates', `what ${known.source.id} offers was not kept: ${String(error)}`);
  }
}

/** Boards that were ever looked for. Never rejects. */
export async function boardsLookedFor({ folder }: Pick<Place, 'folder'>): Promise<ReadonlySet<string>> {
  const names = await readdir(path.join(folder, 'looks')).catch(() => []);
  return new Set(names.map((name) => name.split('.', 1)[0] ?? '').filter((id) => v.is(profileIdSchema, id)));
}
