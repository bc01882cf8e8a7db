// Releases of Rekindle itself on a server of the test's own, signed well or badly.
import { createHash } from 'node:crypto';
import type { AppReleaseFile } from '../../shared/app-release.ts';
import { openReleases, type Releases } from '../../main/app-update/releases.ts';
import type { UpdateServices } from '../../main/updates/updates.ts';
import { makeIndexKey, type FirmwareServer } from './firmware-server.ts';

export const packageBytes = new TextEncoder().encode('#!/bin/sh\nexit 0\n'.repeat(2_000));

export function sha512(bytes: Uint8Array): string {
  return createHash('sha512').update(bytes).digest('base64');
}

/** An AppImage of this version, for this computer. */
export function releaseFile(version: string, bytes: Uint8Array = packageBytes): AppReleaseFile {
  return {
    name: `Rekindle-${version}-linux-x86_64.AppImage`,
    platform: 'linux',
    arch: process.arch === 'arm64' ? 'arm64' : 'x64',
    sha512: sha512(bytes),
    sizeBytes: bytes.length,
  };
}

export function listBytes(version: string, changes: object = {}): Uint8Array {
  const list = {
    rekindleRelease: 1,
    version,
    publishedAt: '2026-11-20T09:00:00.000Z',
    notes: `What is new in ${version}.`,
    files: [releaseFile(version)],
    ...changes,
  };
  return new TextEncoder().encode(JSON.stringify(list));
}

export interface ReleaseServer {
  readonly key: string;
  readonly releases: Releases;
  /** Publishes a version, signed, with its package. */
  publish(version: string, changes?: object): void;
  /** Where its package is asked for. */
  pathOf(version: string): string;
}

export const listPath = '/acme/rekindle/releases/latest/download/rekindle-release.json';

/** On a server that stands in for GitHub. */
export function releasesOn(server: FirmwareServer, services: UpdateServices): ReleaseServer {
  const { key, sign } = makeIndexKey();
  const releases = openReleases(services, { repository: 'acme/rekindle', key });
  if (releases === undefined) throw new Error('there is a place');
  const pathOf = (version: string): string =>
    `/acme/rekindle/releases/download/v${version}/${releaseFile(version).name}`;
  return {
    key,
    releases,
    pathOf,
    publish(version, changes) {
      const bytes = listBytes(version, changes);
      server.on(listPath, bytes);
      server.on(`${listPath}.sig`, sign(bytes));
      server.on(pathOf(version), packageBytes);
    },
  };
}
