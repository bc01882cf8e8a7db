// What jobs need in a program that is to be killed: a bus lent by its parent, and the real journal, in its thread.
import path from 'node:path';
import { realClock } from '../../../main/base/clock.ts';
import { Tracker } from '../../../main/devices/tracker.ts';
import type { Host } from '../../../main/host.ts';
import { Journal } from '../../../main/jobs/journal.ts';
import type { Services } from '../../../main/jobs/services.ts';
import type { StoreDoor } from '../../../main/store/store-door.ts';
import { openStore } from '../../../main/workers/store.ts';
import type { StoreNotice } from '../../../shared/history.ts';
import { borrowedBus } from './lent-bus.ts';

/** Its data is in this folder. */
export function childServices(folder: string): Services {
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
  const journal = new Journal(host, (tell) => toldStore(host.paths.database, tell));
  return {
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
}

/** Says when something is on its way to the database, and when it is there. */
function toldStore(file: string, tell: (notice: StoreNotice) => void): StoreDoor {
  const door = openStore(file, realClock, tell);
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
