// A newer release of Rekindle itself, over the wire: a page says what is wanted, and the core when that can be.
import { describe, expect, it } from 'vitest';
import type { ReleaseInstaller } from '../../main/app-update/installer.ts';
import type { Releases } from '../../main/app-update/releases.ts';
import type { AppUpdateSnapshot } from '../../shared/app-update.ts';
import { releaseFile } from '../support/app-release.ts';
import { carrierNames, serveOver } from './over-carriers.ts';
import { program } from '../support/rig.ts';
import { openImage, plugged, refused } from './page.ts';

/** Releases of which there is always 1.4.0, and what was done with it. */
function standIn() {
  const done: string[] = [];
  const release = {
    version: '1.4.0',
    publishedAt: '2026-11-20T09:00:00.000Z',
    notes: '<b>Faster</b>',
    files: [releaseFile('1.4.0')],
  };
  const releases: Releases = {
    page: 'https://github.com/acme/rekindle/releases',
    kept: () => Promise.resolve(undefined),
    look() {
      done.push('look');
      return Promise.resolve({ release, at: '2026-11-21T12:00:00.000Z' });
    },
    fetch(version) {
      done.push(`fetch ${version}`);
      return Promise.resolve();
    },
  };
  const installer: ReleaseInstaller = {
    obstacle: undefined,
    async prepare({ files }, bring) {
      const [file] = files;
      if (file !== undefined) await bring(file, '/nowhere');
    },
    async install(stillFree) {
      await Promise.resolve();
      stillFree();
      done.push('install');
    },
  };
  return { done, releases, installer };
}

describe.each(carrierNames)('over %s', (name) => {
  const { done, releases, installer } = standIn();
  const over = serveOver(name, { version: '1.3.0', releases, installer });

  async function until(is: AppUpdateSnapshot['state']['is']): Promise<AppUpdateSnapshot> {
    for await (const snapshot of await over.client.releases.watch({}))
      if (snapshot.state.is === is) return snapshot;
    throw new Error('the watch has ended');
  }

  it('asks nobody before a person wants to know, and refuses what there is nothing for', async () => {
    const idle = await until('idle');
    expect(idle.jobs).toBe(0);
    expect(idle.lookedAt).toBeUndefined();
    expect(await refused(over.client.releases.get({}))).toBe('api.unknown');
    expect(await refused(over.client.releases.install({}))).toBe('api.unknown');
    expect(done).toEqual([]);
  });

  it('looks, waits for a job that waits for its board, fetches, and installs when no job is left', async () => {
    await over.client.releases.look({});
    expect(await until('known')).toMatchObject({
      state: { release: { version: '1.4.0', notes: '<b>Faster</b>' } },
    });
    // Armed: no board is written, and still it is not the time.
    const image = await openImage(over.client, program(4_000), 'firmware.bin');
    const armed = { images: [image], address: 0x08000000, profile: 'nanovna-h' };
    const { hash: confirmed, questions } = await over.client.jobs.planForBoard(armed);
    const agreed = questions.map((question) => question.id);
    const { id } = await over.client.jobs.arm({ ...armed, confirmed, agreed });
    await over.client.releases.get({});
    expect(await until('asked')).toMatchObject({ jobs: 1 });
    expect(done).toEqual(['look']);
    await over.client.jobs.cancel({ id, how: 'stop' });
    await until('ready');
    expect(done).toEqual(['look', 'fetch 1.4.0']);

    const portPath = await plugged(over.client);
    const { id: backup } = await over.client.jobs.backUp({ portPath });
    expect(await refused(over.client.releases.install({}))).toBe('release.busy');
    expect(done).not.toContain('install');
    await over.client.jobs.cancel({ id: backup, how: 'abort' });
    await over.client.releases.install({});
    expect(done.at(-1)).toBe('install');
  });

  it('is off on request', async () => {
    await over.client.settings.change({ releaseLooks: 'never' });
    await until('off');
    expect(await refused(over.client.releases.look({}))).toBe('release.off');
  });
});
