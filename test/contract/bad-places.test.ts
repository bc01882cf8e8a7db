// A data folder that takes nothing any more while the studio is in use: said with a code that has words, nothing half there, boards safe.
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { connect } from '../../renderer/client/connect.ts';
import { program } from '../support/rig.ts';
import { makeSmallDisk } from '../support/small-disk.ts';
import { writeDfuse } from '../../main/images/formats/dfuse-write.ts';
import { openImage, plugged, refused, untilEnded } from './page.ts';
import { carriers, makeStudio, type StudioRig } from './studio-rig.ts';

const wanted = program(9_000);
const file = writeDfuse({
  ids: { vendorId: 0x0483, productId: 0xdf11, bcdDevice: 0xffff },
  targets: [{ alternate: 0, elements: [{ address: 0x08000000, bytes: wanted }] }],
});

async function inUse(rig: StudioRig) {
  const carrier = await carriers['an in-memory pair'](rig.studio);
  const client = connect(await carrier.page());
  const portPath = await plugged(client);
  const { id: made } = await client.jobs.backUp({ portPath });
  const backup = (await untilEnded(client, made)).backup?.path.split('/').at(-1) ?? '';
  const image = await openImage(client, file);
  await client.settings.change({ theme: 'dark' });

  /** Confirms what the plan is, and answers how it ended. */
  const flash = async (changes: { backup: boolean }) => {
    const asked = { portPath, images: [image], ...changes };
    const { hash, questions } = await client.jobs.plan(asked);
    const agreed = questions.map(({ id }) => id);
    const { id } = await client.jobs.flash({ ...asked, confirmed: hash, agreed });
    return await untilEnded(client, id);
  };
  const settings = (): object => JSON.parse(readFileSync(rig.host.paths.settings, 'utf8')) as object;
  return { client, portPath, backup, image, flash, settings };
}

const disk = makeSmallDisk('24m');

describe.skipIf(disk === undefined)('a disk that is full while the studio is in use', () => {
  it('is told for everything that would be kept; nothing is half there, and all goes on with room', async () => {
    if (disk === undefined) return;
    using _mounted = disk;
    await using rig = await makeStudio({ root: disk.root });
    const { client, backup, image, flash, settings } = await inUse(rig);
    disk.fill();
    expect(await refused(client.settings.change({ theme: 'light' }))).toBe('file.disk-full');
    expect(settings()).toMatchObject({ theme: 'dark' });
    expect(await refused(client.backups.change({ id: backup, note: 'x'.repeat(2_000) }))).toBe(
      'file.disk-full',
    );
    expect(await refused(client.backups.import({ image, board: 'Mine', virtual: false }))).toBe(
      'file.disk-full',
    );
    const listed = await client.backups.list({});
    expect(listed.backups.map(({ id, record }) => [id, record?.note])).toEqual([[backup, '']]);
    expect(await client.backups.check({ id: backup })).toEqual({ content: 'same' });
    // No erase without its backup.
    const kept = await flash({ backup: true });
    expect(kept.result).toMatchObject({ content: { kind: 'untouched' }, error: { code: 'file.disk-full' } });
    // A board can be repaired without one, and what the history could not take is said.
    const repaired = await flash({ backup: false });
    expect(repaired.result).toMatchObject({ outcome: 'done', content: { kind: 'verified' } });

    disk.free();
    await client.settings.change({ theme: 'light' });
    expect(settings()).toMatchObject({ theme: 'light' });
    await client.backups.change({ id: backup, note: 'found again' });
    const whole = await flash({ backup: true });
    expect([whole.result?.outcome, whole.warnings]).toEqual(['done', []]);
    const jobs = (await client.history.list({})).jobs.map(({ kind }) => kind);
    // The refused one and the one that could not be recorded then are there as well.
    expect(jobs.filter((kind) => kind === 'flash')).toHaveLength(3);
  });
});

describe('a data folder in whose place something else stands', () => {
  it('is told for settings and backups, and both are as they were when it is back', async () => {
    await using rig = await makeStudio();
    const { client, backup, settings } = await inUse(rig);
    const folder = path.dirname(rig.host.paths.settings);
    const away = `${folder}-away`;
    renameSync(folder, away);
    writeFileSync(folder, 'no folder');
    expect(await refused(client.settings.change({ theme: 'light' }))).toBe('file.cannot-create');
    expect(await refused(client.backups.change({ id: backup, note: 'x' }))).toMatch(/^(api\.unknown|file\.)/);
    renameSync(folder, `${folder}-file`);
    renameSync(away, folder);
    expect(settings()).toMatchObject({ theme: 'dark' });
    await client.settings.change({ theme: 'light' });
    expect(settings()).toMatchObject({ theme: 'light' });
    expect((await client.backups.list({})).backups.map(({ id }) => id)).toEqual([backup]);
  });
});
