// A program whose history fails it: from some call on, beside the database as well, or with its whole folder.
import { renameSync } from 'node:fs';
import path from 'node:path';
import { Journal } from '../../main/jobs/journal.ts';
import { Beside } from '../../main/store/beside.ts';
import { openStoreHere, type StoreDoor } from '../../main/store/store-door.ts';
import { FlashError } from '../../shared/errors/flash-error.ts';
import type { StoreNotice } from '../../shared/history.ts';
import type { Rig } from '../support/rig.ts';

const full = new FlashError('file.disk-full', { path: 'rekindle.db' });
export const busyMs = 400;

/** What dead programs held open, which a system lets go of. */
const opened: Beside[] = [];

export async function letGo(): Promise<void> {
  for (const files of opened.splice(0)) await files[Symbol.asyncDispose]();
}

export interface Program {
  /** Calls to the database that are answered before it fails. */
  readonly answers?: number;
  /** What may be written beside it. */
  readonly beside?: 'all' | 'names' | 'nothing' | 'no-room';
  /** From the first call that fails on, its folder cannot be found any more. */
  readonly folderLeaves?: boolean;
  readonly isRunning?: boolean;
}

/** A program on this rig; once its board vanishes it is dead, and writes nothing any more. */
export function journalOf(rig: Rig, program: Program): Journal {
  const { answers = Infinity, beside = 'all', isRunning = true, folderLeaves = false } = program;
  const { host } = rig.services;
  const isDead = (): boolean => rig.port.device === undefined;
  let calls = 0;
  let left = false;
  const fails = (): boolean => {
    if (++calls <= answers) return false;
    if (folderLeaves && !left) renameSync(folder, `${folder}-away`);
    left = true;
    return true;
  };
  const openDoor = (tell: (notice: StoreNotice) => void): StoreDoor => {
    const door = openStoreHere(host.paths.database, { busyMs, now: () => host.now() }, tell);
    return {
      ask: (name, ...values) => (isDead() || fails() ? Promise.reject(full) : door.ask(name, ...values)),
      [Symbol.asyncDispose]: () => door[Symbol.asyncDispose](),
    };
  };
  const folder = path.dirname(host.paths.database);
  class Limited extends Beside {
    override async add(...all: Parameters<Beside['add']>): Promise<void> {
      if (isDead() || beside !== 'all') throw full;
      await super.add(...all);
    }
    override async lose(job: string): Promise<void> {
      if (isDead() || beside === 'nothing') throw full;
      await super.lose(job);
    }
  }
  const files = new Limited(folder);
  opened.push(files);
  return new Journal(host, openDoor, () => isRunning, files);
}
