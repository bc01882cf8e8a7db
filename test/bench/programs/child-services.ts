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

/**
 * Its data is in this folder.
 * @param dies over which of the things sent to its database, if it is to die by itself, and so long after it was sent
 */
export function childServices(folder: string, dies?: OwnEnd): Services {
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
  const journal = new Journal(host, (tell) => toldStore(host.paths.database, tell, dies));
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

/** The database's thread works on while the one that asked stands still, and is dead before it hears the answer. */
export interface OwnEnd {
  /** From 1. */
  readonly commit: number;
  readonly delayMs: number;
}

/** Says when something is sent to the database. */
function toldStore(file: string, tell: (notice: StoreNotice) => void, dies: OwnEnd | undefined): StoreDoor {
  const door = openStore(file, realClock, tell);
  let commits = 0;
  return {
    ask: async (name, ...values) => {
      process.send?.({ commits: 1 });
      const asked = door.ask(name, ...values);
      if (++commits === dies?.commit) {
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, dies.delayMs);
        process.kill(process.pid, 'SIGKILL');
      }
      return await asked;
    },
    [Symbol.asyncDispose]: () => door[Symbol.asyncDispose](),
  };
}
