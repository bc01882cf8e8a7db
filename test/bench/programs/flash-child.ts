// A program that flashes, or resumes, on a bus lent by its parent: to be killed. Its journal is the real one, in its thread.
import path from 'node:path';
import { realClock } from '../../../main/base/clock.ts';
import { Tracker } from '../../../main/devices/tracker.ts';
import type { Host } from '../../../main/host.ts';
import { readImage } from '../../../main/images/registry.ts';
import { Journal } from '../../../main/jobs/journal.ts';
import type { FlashRequest } from '../../../main/jobs/request.ts';
import { runJob } from '../../../main/jobs/run.ts';
import type { StoreDoor } from '../../../main/store/store-door.ts';
import type { StoreNotice } from '../../../shared/history.ts';
import { openStore } from '../../../main/workers/store.ts';
import { readFileBounded } from '../../../main/store/atomic-file.ts';
import { borrowedBus } from './lent-bus.ts';

const [folder = '', file = '', resume = ''] = process.argv.slice(2);
const host: Host = {
  platform: 'linux',
  shell: 'test',
  version: 'test',
  log: { write: () => undefined },
  paths: {
    backups: path.join(folder, 'backups'),
    database: path.join(folder, 'rekindle.db'),
    locks: path.join(folder, 'locks'),
    logs: path.join(folder, 'logs'),
    profiles: path.join(folder, 'profiles'),
    settings: path.join(folder, 'settings.json'),
    updates: path.join(folder, 'updates'),
  },
  now: () => new Date(),
};
const bus = borrowedBus();
/** Says when something is on its way to the database, and when it is there. */
function toldStore(tell: (notice: StoreNotice) => void): StoreDoor {
  const door = openStore(host.paths.database, realClock, tell);
  return {
    ask: async (name, ...values) => {
      process.send?.({ commits: 1 });
      try {
        return await door.ask(name, ...values);
      } finally {
        process.send?.({ commits: -1 });
      }
    },
    [Symbol.asyncDispose]: () => door[Symbol.asyncDispose](),
  };
}

const journal = new Journal(host, toldStore);
const never = new AbortController().signal;
const request: FlashRequest =
  resume === ''
    ? {
        kind: 'flash',
        images: [readImage(await readFileBounded(file, 1_000_000), file)],
        selection: { waitMs: 0 },
        dryRun: false,
        backup: true,
        verify: true,
        leave: false,
        full: false,
        asRaw: false,
        keepRest: false,
        reset: false,
        allow: new Set(),
      }
    : await journal.requestToResume(resume);
const services = {
  host,
  clock: realClock,
  buses: [bus],
  serial: [],
  profiles: [],
  log: host.log,
  journal,
  tracker: new Tracker([]),
  pollMemory: new Set<string>(),
  heard: new Map(),
};
const result = await runJob(request, services, {
  stop: never,
  abort: never,
  emit: (event) => {
    if (event.type === 'step-started') process.send?.({ step: event.step });
  },
  ask: () => Promise.resolve(true),
});
process.send?.({ result });
process.disconnect();
