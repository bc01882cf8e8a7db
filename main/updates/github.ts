// Releases of a repository on GitHub, by its public interface (docs.github.com, "REST API endpoints for releases", version 2022-11-28).
import * as v from 'valibot';
import { FlashError } from '../../shared/errors/flash-error.ts';
import type { FirmwareOffer } from '../../shared/firmware.ts';
import type { FirmwareAsset, GithubReleases } from '../../shared/firmware-source.ts';
import { limits } from '../../shared/limits.ts';
import type { Wait } from '../base/wait.ts';
import { fitPattern } from './name-pattern.ts';
import { makeOffer, usable, type Found, type KnownSource, type WebFound } from './offers.ts';
import { readJson } from './read-json.ts';
import type { UpdateServices } from './updates.ts';
import { askWeb, hostOf, type Answer } from './web.ts';

const assetSchema = v.object({
  name: v.string(),
  size: v.number(),
  state: v.optional(v.string(), 'uploaded'),
  browser_download_url: v.string(),
  /** `sha256:` and hex; of files uploaded before GitHub made digests it is null. */
  digest: v.nullish(v.string()),
  updated_at: v.nullish(v.string()),
});
const releaseSchema = v.object({
  tag_name: v.string(),
  body: v.nullish(v.string()),
  draft: v.boolean(),
  prerelease: v.boolean(),
  published_at: v.nullish(v.string()),
  assets: v.array(v.unknown()),
});
type Release = v.InferOutput<typeof releaseSchema>;

const newestReleases = 50;

/** @throws FlashError `update.*`, `job.aborted` */
export async function lookAtGithub(
  services: UpdateServices,
  known: KnownSource & { readonly source: GithubReleases },
  { wait, etag }: { readonly wait: Wait; readonly etag: string | undefined },
): Promise<WebFound> {
  const server = services.forTests?.github ?? 'https://api.github.com';
  const address = `${server}/repos/${known.source.repository}/releases?per_page=${newestReleases}`;
  const host = hostOf(address);
  const answer = await askWeb(services, {
    address,
    ownHost: undefined,
    headers: {
      accept: 'application/vnd.github+json',
      'x-github-api-version': '2022-11-28',
      ...(etag === undefined ? {} : { 'if-none-match': etag }),
    },
    limitBytes: limits.releasesBytes,
    limitMs: limits.lookMs,
    wait,
  });
  if (answer.status === 304 && etag !== undefined) return { found: undefined, etag };
  refuseLimited(answer, host, services.now());
  if (answer.status !== 200) throw new FlashError('update.status', { host, status: answer.status });
  const releases = v.safeParse(v.array(v.unknown()), readJson(answer.bytes, host));
  if (!releases.success)
    throw new FlashError('update.malformed', { host, reason: 'it is no list of releases' });
  return {
    found: { ...offersOf(known, releases.output), signature: 'not-signable' },
    etag: answer.headers['etag'],
  };
}

/** 403 and 429 with nothing left say that there were too many questions, and most often until when ("Rate limits for the REST API"). */
function refuseLimited({ status, headers }: Answer, host: string, now: Date): void {
  const after = seconds(headers['retry-after']);
  const none = headers['x-ratelimit-remaining'] === '0';
  if (status !== 429 && !(status === 403 && (none || after !== undefined))) return;
  const reset = none ? seconds(headers['x-ratelimit-reset']) : undefined;
  const untilMs = after === undefined ? (reset ?? Number.NaN) * 1000 : now.getTime() + after * 1000;
  const known = Number.isFinite(untilMs) && Math.abs(untilMs - now.getTime()) < limits.dailyLookMs;
  throw new FlashError('update.rate-limited', {
    host,
    until: known ? new Date(untilMs).toISOString() : undefined,
  });
}

function seconds(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,12}$/.test(text) ? Number(text) : undefined;
}

function offersOf(
  known: KnownSource & { readonly source: GithubReleases },
  releases: readonly unknown[],
): Pick<Found, 'offers' | 'leftOut'> {
  const made: (FirmwareOffer | undefined)[] = [];
  for (const written of releases.slice(0, newestReleases)) {
    const release = v.safeParse(releaseSchema, written);
    if (!release.success) {
      made.push(undefined);
      continue;
    }
    const { draft, prerelease, tag_name: tag, assets } = release.output;
    const version = fitPattern(known.source.tag, tag)?.version;
    // Releases of something else the repository holds are not left out: they were never meant.
    if (draft || version === undefined || (prerelease && known.source.channel === 'stable')) continue;
    for (const asset of assets.slice(0, 200))
      made.push(...offersOfAsset(known, release.output, asset, version));
  }
  return usable(made);
}

function offersOfAsset(
  known: KnownSource & { readonly source: GithubReleases },
  release: Release,
  written: unknown,
  version: string,
): (FirmwareOffer | undefined)[] {
  const read = v.safeParse(assetSchema, written);
  if (!read.success) return [undefined];
  const asset = read.output;
  const meant = known.source.assets.filter((one) => isMeant(one, asset.name, version));
  if (asset.state !== 'uploaded') return [];
  return meant.map(({ variant }) =>
    makeOffer(known, {
      variant,
      version,
      channel: release.prerelease ? 'pre-release' : 'stable',
      fileName: asset.name,
      address: asset.browser_download_url,
      sizeBytes: asset.size,
      sha256: digestOf(asset.digest),
      notes: release.body ?? undefined,
      publishedAt: release.published_at ?? asset.updated_at ?? undefined,
      smallestBootloader: undefined,
    }),
  );
}

/** A name with a version in it must have that of its release. */
function isMeant({ name }: FirmwareAsset, fileName: string, version: string): boolean {
  const fitting = fitPattern(name, fileName);
  return fitting !== undefined && (fitting.version === undefined || fitting.version === version);
}

/** One of another kind is none that we can check. */
function digestOf(digest: string | null | undefined): string | undefined {
  return /^sha256:([0-9a-f]{64})$/.exec(digest?.toLowerCase() ?? '')?.[1];
}
