// Looking for firmware against a server of the test's own, on a clock that runs as fast as it is told.
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { realClock, type Clock } from '../../main/base/clock.ts';
import { startWait, type Wait } from '../../main/base/wait.ts';
import { builtInProfiles } from '../../main/devices/profiles.ts';
import { lookForUpdates } from '../../main/updates/look.ts';
import type { UpdateServices } from '../../main/updates/updates.ts';
import { silentLog } from '../../main/log/log.ts';
import type { FirmwareLook } from '../../shared/firmware.ts';
import type { FirmwareSource } from '../../shared/firmware-source.ts';
import type { Profile } from '../../shared/profile.ts';
import { errorText } from '../../shared/text/errors.ts';
import type { FirmwareServer } from './firmware-server.ts';

const root = mkdtempSync(path.join(tmpdir(), 'rekindle-updates-'));
process.once('exit', () => rmSync(root, { recursive: true, force: true }));

export interface UpdatesRig {
  readonly services: UpdateServices;
  readonly clock: Clock;
  readonly wait: () => Wait;
  /** The wall clock from now on. */
  date: Date;
  /** How often faster than the world its clock runs. */
  factor: number;
}

/** @param factor how often faster than the world the clock runs: waits of half a minute are met in no time */
export function makeUpdatesRig(server?: FirmwareServer, factor = 1): UpdatesRig {
  const clock: Clock = {
    now: () => realClock.now() * rig.factor,
    after: (milliseconds, action) => realClock.after(milliseconds / rig.factor, action),
  };
  const rig: UpdatesRig = {
    clock,
    factor,
    date: new Date('2026-11-21T12:00:00.000Z'),
    services: {
      folder: mkdtempSync(path.join(root, 'data-')),
      clock,
      log: silentLog,
      version: 'test',
      now: () => rig.date,
      ...(server === undefined
        ? {}
        : { forTests: { authority: server.authority, github: server.origin, localServers: true } }),
    },
    wait: () => startWait(clock, 60 * 60_000),
  };
  return rig;
}

/** A NanoVNA-H with these sources. */
export function boardWith(...firmware: readonly FirmwareSource[]): Profile {
  const profile = builtInProfiles.find((one) => one.id === 'nanovna-h');
  if (profile === undefined) throw new Error('no such profile');
  return { ...profile, firmware: [...firmware] };
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

export const github: Extract<FirmwareSource, { kind: 'github-releases' }> = {
  kind: 'github-releases',
  id: 'releases',
  repository: 'acme/rocket',
  tag: 'v{version}',
  assets: [{ name: 'rocket_{version}.bin' }],
  channel: 'stable',
  source: 'test',
};

export function indexAt(origin: string, key?: string): Extract<FirmwareSource, { kind: 'index' }> {
  return {
    kind: 'index',
    id: 'index',
    address: `${origin}/index.json`,
    channel: 'stable',
    ...(key === undefined ? {} : { key }),
    source: 'test',
  };
}

export interface IndexOptions {
  readonly sequence?: number;
  readonly version?: string;
  readonly content?: Uint8Array;
  readonly entry?: object;
}

export const firmwareBytes = new TextEncoder().encode('firmware 1.3.0 of the rocket '.repeat(100));

/** The bytes of an index with one firmware. */
export function indexBytes({
  sequence = 1,
  version = '1.3.0',
  content = firmwareBytes,
  entry = {},
}: IndexOptions = {}): Uint8Array {
  const index = {
    rekindleIndex: 1,
    name: 'acme',
    sequence,
    publishedAt: `2026-0${Math.min(sequence, 9)}-01T00:00:00Z`,
    firmware: [
      {
        board: 'nanovna-h',
        version,
        address: `rocket_${version}.bin`,
        sha256: sha256(content),
        sizeBytes: content.length,
        notes: `What is new in ${version}.`,
        ...entry,
      },
    ],
  };
  return new TextEncoder().encode(JSON.stringify(index));
}

/** What GitHub answers about one release. */
export function release(version: string, content: Uint8Array | undefined, changes: object = {}): object {
  return {
    tag_name: `v${version}`,
    name: version,
    body: `What is new in ${version}.\r\n\u001b[31mRed.\u001b[0m`,
    draft: false,
    prerelease: false,
    published_at: '2026-10-01T10:00:00Z',
    assets: [
      {
        name: `rocket_${version}.bin`,
        state: 'uploaded',
        size: content?.length ?? firmwareBytes.length,
        browser_download_url: `https://localhost/download/rocket_${version}.bin`,
        digest: content === undefined ? null : `sha256:${sha256(content)}`,
        updated_at: '2026-10-01T10:00:00Z',
      },
    ],
    ...changes,
  };
}

/** What came of looking at one source. */
export async function lookAt(
  rig: UpdatesRig,
  source: FirmwareSource,
  ask: 'sources' | 'kept' = 'sources',
): Promise<FirmwareLook> {
  const options = { wait: rig.wait(), ask };
  const [found, ...others] = await lookForUpdates(rig.services, boardWith(source), options);
  if (found === undefined || others.length > 0) throw new Error('one source has one look');
  return found;
}

/** What a person reads of it. */
export function wordsOf({ problem }: FirmwareLook): string {
  if (problem === undefined) return '';
  return errorText(problem.code, problem.params as never, 'linux').title;
}
