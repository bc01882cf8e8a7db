// Sources in memory: what is found and fetched, as a test says. The real ones are judged in test/updates.
import type { FirmwareSources } from '../../main/offers/sources.ts';
import type { FlashError } from '../../shared/errors/flash-error.ts';
import type { DailyOptions } from '../../main/updates/look-daily.ts';
import type { FirmwareOffer, FirmwarePage } from '../../shared/firmware.ts';
import { createHash } from 'node:crypto';

export interface StandInSources extends FirmwareSources {
  /** Every question, in order. */
  readonly asked: string[];
  offers: readonly FirmwareOffer[];
  makersPages: readonly FirmwarePage[];
  /** When they were last looked at, as far as it is kept: never, unless a test says so. */
  keptAt: string | undefined;
  /** What the studio wants of the daily look. */
  daily: DailyOptions | undefined;
  /** What fetching ends with. */
  fails: FlashError | undefined;
  /** An offer, and what is fetched for it. */
  offer(version: string, bytes: Uint8Array, changes?: Partial<FirmwareOffer>): FirmwareOffer;
}

export function standInSources(): StandInSources {
  const files = new Map<string, Uint8Array>();
  const asked: string[] = [];
  const sources: StandInSources = {
    asked,
    offers: [],
    makersPages: [],
    keptAt: undefined,
    daily: undefined,
    fails: undefined,
    offer(version, bytes, changes = {}) {
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      const id = sha256.slice(0, 32);
      files.set(id, bytes);
      return {
        id,
        profile: 'nanovna-h',
        source: 'maker',
        kind: 'index',
        version,
        channel: 'stable',
        fileName: `H-${version}.bin`,
        address: `https://example.org/H-${version}.bin`,
        sizeBytes: bytes.length,
        sha256,
        notes: `What is new in ${version}.\n<script>alert(1)</script>`,
        publishedAt: '2026-11-01T00:00:00.000Z',
        ...changes,
      };
    },
    look(profile, { ask }) {
      asked.push(`look ${profile.id} ${ask}`);
      if (ask === 'sources') sources.keptAt ??= '2026-11-21T14:00:00.000Z';
      return Promise.resolve([
        {
          profile: profile.id,
          source: 'maker',
          kind: 'index',
          at: sources.keptAt,
          from: ask === 'kept' ? ('cache' as const) : ('net' as const),
          offers: sources.keptAt === undefined ? [] : sources.offers,
          leftOut: 0,
          signature: 'none',
        },
      ]);
    },
    fetch(offer) {
      asked.push(`fetch ${offer.address}`);
      if (sources.fails !== undefined) return Promise.reject(sources.fails);
      const bytes = new Uint8Array(files.get(offer.id) ?? []);
      return Promise.resolve({
        bytes,
        kept: {
          sha256: offer.sha256 ?? '',
          fileName: offer.fileName,
          sizeBytes: bytes.length,
          digest: 'checked',
          from: 'net',
          fetchedAt: '2026-11-21T14:00:00.000Z',
        },
      });
    },
    pages: () => Promise.resolve(sources.makersPages),
    folders: () => Promise.resolve([]),
    watchFolders: () => ({ [Symbol.dispose]: () => undefined }),
    lookDaily(options) {
      sources.daily = options;
      return { [Symbol.dispose]: () => (sources.daily = undefined) };
    },
  };
  return sources;
}
