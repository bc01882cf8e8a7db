// Folders with firmware, watched: on disks that are real, and on a clock that stands still while they are read.
import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { sleep, type Clock } from '../../main/base/clock.ts';
import { startWait } from '../../main/base/wait.ts';
import { SimulatedClock } from '../../main/bench/simulated-clock.ts';
import { atFolder } from '../../main/updates/at-folder.ts';
import { fetchFirmware } from '../../main/updates/fetch.ts';
import { lookIntoFolder, type KnownFolder } from '../../main/updates/folder-source.ts';
import { lookForUpdates } from '../../main/updates/look.ts';
import { watchFolders } from '../../main/updates/watch-folders.ts';
import { limits } from '../../shared/limits.ts';
import { startFirmwareServer } from '../support/firmware-server.ts';
import { boardWith, firmwareBytes, indexAt, indexBytes, makeUpdatesRig } from '../support/updates-rig.ts';

const root = mkdtempSync(path.join(tmpdir(), 'rekindle-watched-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const logged: string[] = [];
const log = { write: (_level: string, _source: string, message: string) => void logged.push(message) };

function folderSource(folder: string) {
  const assets = [{ name: 'rocket_{version}.bin' }];
  return { kind: 'folder' as const, id: 'folder', folder, assets, source: 'test' };
}

function known(folder: string): KnownFolder {
  return { profile: 'nanovna-h', source: folderSource(folder), own: true };
}

function newFolder(): string {
  return mkdtempSync(path.join(root, 'f-'));
}

/** More than two looks into a folder that answers, ms: what has come to rest has been told of. */
const restMs = 10_000;

/** A watch, and how often it told of a change. */
function watched(...folders: string[]) {
  const clock = new SimulatedClock();
  const seen = { changes: 0 };
  const watching = watchFolders({ clock, log }, folders.map(known), () => {
    seen.changes++;
    return Promise.resolve();
  });
  return { clock, seen, [Symbol.dispose]: () => watching[Symbol.dispose]() };
}

describe('a folder that is watched', () => {
  it('is told of once at the start, then once it has come to rest, and not after the end', async () => {
    const folder = newFolder();
    const { clock, seen, ...watching } = watched(folder);
    await sleep(clock, restMs);
    expect(seen.changes).toBe(1);
    writeFileSync(path.join(folder, 'rocket_1.bin'), 'x');
    await sleep(clock, restMs);
    expect(seen.changes).toBe(2);
    await sleep(clock, 3 * restMs);
    expect(seen.changes).toBe(2);
    // Of another name: no firmware.
    writeFileSync(path.join(folder, 'notes.txt'), 'x');
    await sleep(clock, 3 * restMs);
    expect(seen.changes).toBe(2);
    watching[Symbol.dispose]();
    writeFileSync(path.join(folder, 'rocket_2.bin'), 'x');
    await sleep(clock, 3 * restMs);
    expect(seen.changes).toBe(2);
  });

  it('is not told of in the middle of a copy', async () => {
    const folder = newFolder();
    using watching = watched(folder);
    const { clock, seen } = watching;
    await sleep(clock, restMs);
    for (let part = 0; part < 60; part++) {
      appendFileSync(path.join(folder, 'rocket_1.bin'), 'part');
      await sleep(clock, 500);
    }
    expect(seen.changes).toBe(1);
    await sleep(clock, restMs);
    expect(seen.changes).toBe(2);
  });

  it('that never rests is told of all the same, now and then', async () => {
    const folder = newFolder();
    using watching = watched(folder);
    const { clock, seen } = watching;
    await sleep(clock, restMs);
    const begunAt = clock.now();
    while (seen.changes < 2 && clock.now() - begunAt < 10 * 60_000) {
      appendFileSync(path.join(folder, 'rocket_1.bin'), 'part');
      await sleep(clock, 500);
    }
    expect(seen.changes).toBe(2);
    // Twenty looks of three seconds.
    expect(clock.now() - begunAt).toBeGreaterThan(50_000);
    expect(clock.now() - begunAt).toBeLessThan(70_000);
  });

  it('may be missing, be deleted and come back', async () => {
    const folder = path.join(root, 'later');
    using watching = watched(folder);
    const { clock, seen } = watching;
    await sleep(clock, restMs);
    expect(seen.changes).toBe(1);
    mkdirSync(folder);
    await sleep(clock, restMs);
    expect(seen.changes).toBe(2);
    writeFileSync(path.join(folder, 'rocket_1.bin'), 'x');
    await sleep(clock, restMs);
    expect(seen.changes).toBe(3);
    rmSync(folder, { recursive: true });
    await sleep(clock, restMs);
    expect(seen.changes).toBe(4);
    mkdirSync(folder);
    writeFileSync(path.join(folder, 'rocket_1.bin'), 'x');
    await sleep(clock, restMs);
    expect(seen.changes).toBe(5);
  });

  it('is one of many: a flood in all of them is told of a few times, and those beyond the limit are not watched', async () => {
    const folders = Array.from({ length: limits.watchedFolders + 1 }, newFolder);
    using watching = watched(...folders);
    const { clock, seen } = watching;
    await sleep(clock, restMs);
    const before = seen.changes;
    expect(before).toBeGreaterThan(0);
    writeFileSync(path.join(folders.at(-1) ?? '', 'rocket_1.bin'), 'x');
    await sleep(clock, 3 * restMs);
    expect(seen.changes).toBe(before);
    expect(logged.join('\n')).toContain('51 folders: the first 50 are watched');
    for (const folder of folders)
      for (let file = 0; file < 20; file++) writeFileSync(path.join(folder, `rocket_${file}.bin`), 'x');
    await sleep(clock, 3 * restMs);
    expect(seen.changes).toBeGreaterThan(before);
    expect(seen.changes).toBeLessThanOrEqual(before + limits.watchedFolders);
  });

  it('tells the next change only when the last one was taken in', async () => {
    const clock = new SimulatedClock();
    const folder = newFolder();
    let running = 0;
    let most = 0;
    let changes = 0;
    // Each change has come to rest before the one before it is taken in.
    using _watching = watchFolders({ clock, log }, [known(folder), known(newFolder())], async () => {
      most = Math.max(most, ++running);
      await sleep(clock, 15_000);
      running--;
      changes++;
    });
    for (let file = 0; file < 20; file++) {
      writeFileSync(path.join(folder, `rocket_${file}.bin`), 'x');
      await sleep(clock, restMs);
    }
    await sleep(clock, 60_000);
    expect(changes).toBeGreaterThan(5);
    expect(changes).toBeLessThan(20);
    expect(most).toBe(1);
  });
});

describe('a folder on a share that hangs', () => {
  const clock: Clock = new SimulatedClock();

  it('holds up nothing but itself, and no more threads than a few', async () => {
    const hanging = Array.from({ length: limits.foldersAtOnce - 1 }, (_, index) => `/share/${index}`);
    const ends: (() => void)[] = [];
    let called = 0;
    const hang = (): Promise<void> => {
      called++;
      return new Promise((resolve) => ends.push(resolve));
    };
    const ask = (folder: string) => atFolder(folder, startWait(clock, 3_000), clock, hang);
    const asked = await Promise.allSettled(hanging.flatMap((folder) => [ask(folder), ask(folder)]));
    expect(asked.map((one) => one.status === 'rejected' && (one.reason as { code: string }).code)).toEqual(
      asked.map(() => 'job.timeout'),
    );
    // The second question to each never reached the system.
    expect(called).toBe(hanging.length);

    const folder = newFolder();
    writeFileSync(path.join(folder, 'rocket_1.bin'), 'x');
    const found = await lookIntoFolder({ clock }, known(folder), startWait(clock, 60_000));
    expect(found.offers).toHaveLength(1);

    // One more, and no thread is left for any: that is told, and nothing waits for ever.
    await expect(ask('/share/last')).rejects.toMatchObject({ code: 'job.timeout' });
    await expect(lookIntoFolder({ clock }, known(folder), startWait(clock, 3_000))).rejects.toMatchObject({
      code: 'update.folder',
      params: { reason: 'ETIMEDOUT' },
    });

    for (const end of ends) end();
    await sleep(clock, 10);
    expect((await lookIntoFolder({ clock }, known(folder), startWait(clock, 60_000))).offers).toHaveLength(1);
  });

  it('ends with the signal at once', async () => {
    const ending = new AbortController();
    let end: () => void = () => undefined;
    const looking = atFolder('/share/slow', startWait(clock, 3_600_000, ending.signal), clock, () => {
      return new Promise<void>((resolve) => (end = resolve));
    });
    ending.abort();
    await expect(looking).rejects.toMatchObject({ code: 'job.aborted' });
    end();
  });
});

describe('what lies in a folder and is no firmware', () => {
  const clock: Clock = new SimulatedClock();

  it.skipIf(process.platform === 'win32')('is not offered: links, pipes, folders, empty files', async () => {
    const folder = newFolder();
    const at = (name: string): string => path.join(folder, name);
    writeFileSync(at('rocket_1.bin'), firmwareBytes);
    symlinkSync(at('rocket_1.bin'), at('rocket_2.bin'));
    symlinkSync(at('nowhere'), at('rocket_3.bin'));
    execFileSync('mkfifo', [at('rocket_4.bin')]);
    mkdirSync(at('rocket_5.bin'));
    writeFileSync(at('rocket_6.bin'), '');
    const { offers, leftOut } = await lookIntoFolder({ clock }, known(folder), startWait(clock, 60_000));
    expect(offers.map(({ version }) => version)).toEqual(['1']);
    expect(leftOut).toBe(1);
  });

  it.skipIf(process.platform === 'win32')(
    'is not taken either where it has taken the place of what was looked at',
    async () => {
      const folder = newFolder();
      const file = path.join(folder, 'rocket_1.bin');
      const rig = makeUpdatesRig();
      const fetched = async (change: () => void): Promise<string> => {
        rmSync(file, { force: true, recursive: true });
        writeFileSync(file, firmwareBytes);
        const [look] = await lookForUpdates(rig.services, boardWith(folderSource(folder)), {
          wait: rig.wait(),
          ask: 'folders',
        });
        const offer = look?.offers[0];
        if (offer === undefined) throw new Error('nothing is offered');
        change();
        return await fetchFirmware(rig.services, offer, { wait: rig.wait(), ask: 'sources' }).then(
          ({ kept }) => kept.digest,
          (error: unknown) => (error as { code: string }).code,
        );
      };
      const other = path.join(newFolder(), 'secret');
      writeFileSync(other, firmwareBytes);
      const instead = (put: () => void) => () => {
        rmSync(file);
        put();
      };
      expect(await fetched(instead(() => symlinkSync(other, file)))).toBe('file.unreadable');
      expect(await fetched(instead(() => execFileSync('mkfifo', [file])))).toBe('file.unreadable');
      expect(await fetched(instead(() => mkdirSync(file)))).toBe('file.unreadable');
      expect(await fetched(instead(() => undefined))).toBe('file.not-found');
      // As long as it was, and of another time.
      const later = new Date(Date.now() + 60_000);
      expect(await fetched(() => utimesSync(file, later, later))).toBe('file.unreadable');
      expect(await fetched(() => undefined)).toBe('not-given');
    },
  );
});

describe('looking into folders alone', () => {
  it('asks no server, and tells of those what is kept', async () => {
    await using server = await startFirmwareServer();
    server.on('/index.json', indexBytes());
    const rig = makeUpdatesRig(server);
    const folder = newFolder();
    writeFileSync(path.join(folder, 'rocket_2.0.bin'), firmwareBytes);
    const profile = boardWith(indexAt(server.origin), folderSource(folder));
    const look = async (ask: 'folders' | 'sources' | 'kept') =>
      (await lookForUpdates(rig.services, profile, { wait: rig.wait(), ask })).map((one) => [
        one.from,
        ...one.offers.map(({ version }) => version),
      ]);
    expect(await look('folders')).toEqual([['cache'], ['net', '2.0']]);
    expect(server.asked).toEqual([]);
    await look('sources');
    expect(server.asked).toEqual(['/index.json']);
    writeFileSync(path.join(folder, 'rocket_2.1.bin'), firmwareBytes);
    expect((await look('folders')).map((one) => one.toSorted())).toEqual([
      ['1.3.0', 'cache'],
      ['2.0', '2.1', 'net'],
    ]);
    expect(server.asked).toEqual(['/index.json']);
    expect(readdirSync(path.join(rig.services.folder, 'looks')).toSorted()).toEqual([
      'nanovna-h.folder.json',
      'nanovna-h.index.json',
    ]);
    const [offer] =
      (await lookForUpdates(rig.services, profile, { wait: rig.wait(), ask: 'kept' }))[1]?.offers ?? [];
    if (offer === undefined) throw new Error('nothing is kept');
    const fetched = await fetchFirmware(rig.services, offer, { wait: rig.wait(), ask: 'folders' });
    expect(fetched.bytes).toEqual(firmwareBytes);
  });
});
