// The list of the newest release of Rekindle itself: asked for, believed only where it is signed, kept with its date.
import * as v from 'valibot';
import {
  appReleaseSchema,
  releaseFileSchema,
  releasePlaceSchema,
  type AppRelease,
  type AppReleaseFile,
  type ReleasePlace,
} from '../../shared/app-release.ts';
import { FlashError } from '../../shared/errors/flash-error.ts';
import { limits } from '../../shared/limits.ts';
import { shrink, type Wait } from '../base/wait.ts';
import { readJson, whyNot } from '../updates/read-json.ts';
import { isSignedBy, readSignature } from '../updates/signature.ts';
import type { UpdateServices } from '../updates/updates.ts';
import { askWeb, hostOf } from '../updates/web.ts';
import { fetchReleaseFile, type ReleaseProgress } from './fetch-file.ts';
import { loadRelease, saveRelease } from './kept-release.ts';

declare const REKINDLE_RELEASES: unknown;

/** A release as its list says, and when it was heard of. */
export interface KnownRelease {
  readonly release: AppRelease;
  /** ISO 8601. */
  readonly at: string;
}

/** Releases of a place. Nothing is asked before `look` or `fetch` is called. */
export interface Releases {
  /** The page of all of them, for people. */
  readonly page: string;
  /** What the last look brought, from the disk. Never rejects. */
  kept(): Promise<KnownRelease | undefined>;
  /** Asks, and keeps what was answered. @throws FlashError `update.*`, `job.aborted` */
  look(wait: Wait): Promise<KnownRelease>;
  /**
   * Fetches a file of a release to a path, where it is whole and as the list says or not there.
   * @throws FlashError `update.*`, `file.*`, `job.aborted`
   */
  fetch(
    version: string,
    file: AppReleaseFile,
    destination: string,
    options: { readonly wait: Wait; readonly progress: ReleaseProgress },
  ): Promise<void>;
}

const listName = 'rekindle-release.json';

/** The releases of the place that is built in; undefined where none is (`assets/releases.json`). Opening asks nobody. */
export function openReleases(
  services: UpdateServices,
  place: ReleasePlace = v.parse(releasePlaceSchema, REKINDLE_RELEASES),
): Releases | undefined {
  const { repository, key } = place;
  // Without a key nothing could be believed: then there is nothing to ask either.
  if (repository === '' || key === '') return undefined;
  const page = `${services.forTests?.github ?? 'https://github.com'}/${repository}/releases`;
  return {
    page,
    kept: () => loadRelease(services, (bytes, signature) => readList(bytes, signature, key, page)),
    look: (wait) => look(services, `${page}/latest/download/${listName}`, key, wait),
    // Of this version, whatever is the latest by now.
    fetch: (version, file, destination, options) =>
      fetchReleaseFile(
        services,
        `${page}/download/v${version}/${encodeURIComponent(file.name)}`,
        file,
        destination,
        options,
      ),
  };
}

async function look(
  services: UpdateServices,
  address: string,
  key: string,
  outer: Wait,
): Promise<KnownRelease> {
  const wait = shrink(outer, services.clock, limits.lookMs);
  const host = hostOf(address);
  const question = { ownHost: undefined, limitMs: limits.lookMs, wait };
  const answer = await askWeb(services, { ...question, address, limitBytes: limits.releaseListBytes });
  if (answer.status !== 200) throw new FlashError('update.status', { host, status: answer.status });
  const beside = await askWeb(services, { ...question, address: `${address}.sig`, limitBytes: 4_096 });
  if ([403, 404, 410].includes(beside.status)) throw new FlashError('update.not-signed', { host });
  if (beside.status !== 200) throw new FlashError('update.status', { host, status: beside.status });
  const release = readList(answer.bytes, beside.bytes, key, address);
  const at = services.now().toISOString();
  await saveRelease(services, { at, bytes: answer.bytes, signature: beside.bytes });
  return { release, at };
}

/** @throws FlashError `update.bad-signature` before anything in it is believed, `update.malformed` */
function readList(bytes: Uint8Array, signature: Uint8Array, key: string, address: string): AppRelease {
  const host = hostOf(address);
  if (!isSignedBy(key, bytes, readSignature(signature)))
    throw new FlashError('update.bad-signature', { host });
  const list = v.safeParse(appReleaseSchema, readJson(bytes, host));
  if (!list.success) throw new FlashError('update.malformed', { host, reason: whyNot(list.issues[0]) });
  const { version, publishedAt, notes, files } = list.output;
  return { version, publishedAt, notes, files: files.filter((file) => v.is(releaseFileSchema, file)) };
}
