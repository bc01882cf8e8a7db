// A folder with firmware, as a page sees it: what is put there is offered without another look, and not before the first.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { realClock, sleep, type Clock } from '../../main/base/clock.ts';
import { openSources, type FirmwareSources } from '../../main/offers/sources.ts';
import { connect } from '../../renderer/client/connect.ts';
import { makeUpdatesRig } from '../support/updates-rig.ts';
import { carriers, makeStudio } from './studio-rig.ts';

/** Waits between looks into a folder are short; all else takes as long as it takes. */
const clock: Clock = {
  now: () => realClock.now(),
  after: (milliseconds, action) => realClock.after(milliseconds === 3_000 ? 30 : milliseconds, action),
};

function sourcesWithFolder() {
  const { services } = makeUpdatesRig();
  const folder = path.join(services.folder, 'mine');
  mkdirSync(folder);
  const assets = [{ name: 'H_{version}.bin' }];
  const source = { kind: 'folder', id: 'mine', folder, assets, source: 'test' };
  const own = { sources: [{ board: 'nanovna-h', source }] };
  writeFileSync(path.join(services.folder, 'sources.json'), JSON.stringify(own));
  const real = openSources({ ...services, clock });
  let watches = 0;
  const sources: FirmwareSources = {
    ...real,
    watchFolders(folders, changed) {
      watches++;
      return real.watchFolders(folders, changed);
    },
  };
  return { folder, sources, watches: () => watches };
}

it('offers what is put into a folder that was looked into, and no longer what was taken away', async () => {
  const { folder, sources, watches } = sourcesWithFolder();
  await using rig = await makeStudio({ sources });
  writeFileSync(path.join(folder, 'H_1.3.0.bin'), 'x'.repeat(5_000));
  await using carrier = await carriers.MessagePort(rig.studio);
  const client = connect(await carrier.page());
  const { portPath } = await client.boards.plugVirtual({ board: 'nanovna-h', startIn: 'app' });
  await client.boards.refresh({});
  await sleep(realClock, 200);
  expect(watches()).toBe(0);

  const versions = async (wanted: readonly string[]): Promise<void> => {
    for await (const [seen] of await client.updates.watch({}))
      if (seen?.offers.map((one) => one.version).join() === wanted.join()) return;
  };
  const first = await client.updates.look({ portPath });
  // At once, before the watch can have begun: what comes in between is not missed.
  writeFileSync(path.join(folder, 'H_1.4.0.bin'), 'x'.repeat(6_000));
  expect(first.offers.map((one) => one.version)).toEqual(['1.3.0']);
  await versions(['1.4.0', '1.3.0']);
  writeFileSync(path.join(folder, 'H_1.5.0.bin'), 'x'.repeat(6_000));
  await versions(['1.5.0', '1.4.0', '1.3.0']);
  rmSync(path.join(folder, 'H_1.4.0.bin'));
  await versions(['1.5.0', '1.3.0']);
  expect(watches()).toBe(1);
  await client.boards.unplugVirtual({ portPath });
});
