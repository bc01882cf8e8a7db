// Programs that die over a job, and the next one, for tests of the journal.
import { readdirSync } from 'node:fs';
import path from 'node:path';
import type { FlashRequest } from '../../main/jobs/request.ts';
import { Journal } from '../../main/jobs/journal.ts';
import { runJob } from '../../main/jobs/run.ts';
import type { Services } from '../../main/jobs/services.ts';
import { Beside } from '../../main/store/beside.ts';
import { openStoreHere, type StoreDoor } from '../../main/store/store-door.ts';
import { FlashError } from '../../shared/errors/flash-error.ts';
import type { StoreNotice } from '../../shared/history.ts';
import type { JobEvent } from '../../shared/job-events.ts';
import type { Result } from '../../shared/result.ts';
import { dfuseImage, flashRequest, program, type Rig } from '../support/rig.ts';

export const start = 0x08000000;
export const image = program(9 * 2048 + 100, 41);
export const request = (changes: Partial<FlashRequest> = {}): FlashRequest =>
  flashRequest([dfuseImage([{ address: start, bytes: image }])], changes);

export function doorOf(rig: Rig): (tell: (notice: StoreNotice) => void) => StoreDoor {
  const { host } = rig.services;
  return (tell) => openStoreHere(host.paths.database, { busyMs: 200, now: () => host.now() }, tell);
}

/** What dead programs held open: a system lets go of that. */
const held: Beside[] = [];

/** The journal of a program that dies the moment its board vanishes: nothing is written any more. */
export function mortal(rig: Rig, doorFor = doorOf(rig)): Services {
  const journal = new Journal(
    rig.services.host,
    (tell) => {
      const door = doorFor(tell);
      return {
        ask: (name, ...values) =>
          rig.port.device === undefined
            ? Promise.reject(new FlashError('store.failed', { path: '', reason: 'dead' }))
            : door.ask(name, ...values),
        [Symbol.asyncDispose]: () => door[Symbol.asyncDispose](),
      };
    },
    () => true,
    mortalBeside(rig),
  );
  held.push(journal.beside);
  return { ...rig.services, journal };
}

/** Written to until the moment the board vanishes, and no more. */
function mortalBeside(rig: Rig): Beside {
  const folder = path.dirname(rig.services.host.paths.database);
  return new (class extends Beside {
    override async add(...all: Parameters<Beside['add']>): Promise<void> {
      if (rig.port.device === undefined) throw new FlashError('file.disk-full', { path: folder });
      await super.add(...all);
    }
    override async lose(job: string): Promise<void> {
      if (rig.port.device === undefined) throw new FlashError('file.disk-full', { path: folder });
      await super.lose(job);
    }
  })(folder);
}

/** The program started again. */
export function reborn(rig: Rig): Services {
  for (const files of held.splice(0)) void files[Symbol.asyncDispose]();
  return { ...rig.services, journal: new Journal(rig.services.host, doorOf(rig), () => false) };
}

export function run(
  services: Services,
  what: FlashRequest,
  emit: (event: JobEvent) => void = () => undefined,
): Promise<Result> {
  const never = new AbortController().signal;
  return runJob(what, services, { stop: never, abort: never, emit, ask: () => Promise.resolve(true) });
}

export function backupsOf(rig: Rig): string[] {
  return readdirSync(rig.services.host.paths.backups).filter((name) => name.endsWith('.dfu'));
}
