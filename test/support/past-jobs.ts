// What programs that are no more left in a database, written the way they write it: through the store, act by act.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { sha256Of } from '../../main/base/hash.ts';
import type { Host } from '../../main/host.ts';
import { encodeImage } from '../../main/images/held-image.ts';
import { readImage } from '../../main/images/registry.ts';
import { holdImage } from '../../main/store/held-images.ts';
import { openStoreHere, type StoreDoor } from '../../main/store/store-door.ts';
import type { RunRow } from '../../main/store/journal-rows.ts';
import type { RecordedUnit } from '../../shared/history.ts';
import type { Result } from '../../shared/result.ts';
import { image as recorded, job, planned, result, run, unit } from './records.ts';
import { dfuseImage, program } from './rig.ts';

/** Before the computer was started the last time: no process of then runs. */
const pastRun: RunRow = {
  ...run,
  id: 'past',
  process: { pid: 1, started: 'long ago', uptimeSeconds: 1e9 },
};
const start = 0x08000000;
const sector = 2048;

type Paths = Pick<Host['paths'], 'database' | 'backups'>;

async function inStore(paths: Paths, act: (store: StoreDoor) => Promise<void>): Promise<void> {
  const options = { busyMs: 5_000, now: () => new Date() };
  await using store = openStoreHere(paths.database, options, () => undefined);
  await act(store);
}

/** Of a real board unless told otherwise. */
interface PastJob {
  readonly unit?: Partial<RecordedUnit>;
  readonly startedAt?: string;
  readonly result?: Partial<Result>;
}

/** Jobs that ended. */
export async function leavePastJobs(paths: Paths, jobs: Readonly<Record<string, PastJob>>): Promise<void> {
  await inStore(paths, async (store) => {
    for (const [id, { unit: marks, result: end, startedAt = '2026-03-01T09:00:00.000Z' }] of Object.entries(
      jobs,
    )) {
      await store.ask('beginJob', pastRun, job(id, { unit: { ...unit, ...marks }, startedAt }));
      await store.ask('planJob', id, { ...planned, images: [{ ...recorded, held: undefined }] });
      await store.ask('step', id, {
        step: 'erase',
        state: 'done',
        durationMs: 20,
        bytes: sector,
        at: startedAt,
      });
      await store.ask('endJob', id, {
        endedAt: startedAt,
        verdict: 'verified-and-running',
        result: { ...result, ...end },
        closed: 'ended',
      });
    }
  });
}

/**
 * A flash whose program was killed while it wrote the third of ten sectors: all ten erased, two written, one in doubt.
 * @param backup whether the backup it made is still there
 * @returns the backup's name in the library
 */
export async function leaveKilledFlash(
  paths: Paths,
  {
    id = 'killed',
    backup = true,
    unit: marks = {},
  }: { id?: string; backup?: boolean; unit?: Partial<RecordedUnit> } = {},
): Promise<string> {
  const image = dfuseImage([{ address: start, bytes: program(10 * sector) }]);
  const content = encodeImage(image);
  const held = await sha256Of(content);
  const saved = program(128 * 1024, 3);
  const sha256 = await sha256Of(saved);
  const name = `stm32f072-20260301T090000Z-${sha256.slice(0, 8)}.bin`;
  if (backup) {
    mkdirSync(paths.backups, { recursive: true });
    writeFileSync(path.join(paths.backups, name), saved);
  }
  await inStore(paths, async (store) => {
    const at = '2026-03-01T09:00:00.000Z';
    await store.ask(
      'beginJob',
      pastRun,
      job(id, { unit: { ...unit, serial: 'FFFFFFFEFFFF', ...marks }, startedAt: at }),
    );
    await store.ask('planJob', id, {
      planHash: 'f'.repeat(64),
      request: { kind: 'flash', keepsBytes: false },
      images: [{ ...recorded, name: 'nanovna.dfu', held }],
      backup: { path: path.join(paths.backups, name), bytes: saved.length, sha256 },
      planned: [{ alternate: 0, ranges: [{ start, end: start + 10 * sector }] }],
    });
    await holdImage(path.join(path.dirname(paths.database), 'images'), held, content);
    for (const step of ['detect', 'identify', 'back-up'] as const)
      await store.ask('step', id, { step, state: 'done', durationMs: 20, at });
    await store.ask('step', id, { step: 'erase', state: 'running', at });
    await store.ask('intend', id, { kind: 'erase', alternate: 0, start, end: start + 10 * sector });
    await store.ask('actDone', id);
    await store.ask('step', id, { step: 'write', state: 'running', at });
    for (const index of [0, 1, 2]) {
      const first = start + index * sector;
      await store.ask('intend', id, { kind: 'write', alternate: 0, start: first, end: first + sector });
      if (index < 2) await store.ask('actDone', id);
    }
  });
  return name;
}

/**
 * A batch whose program was killed: one board done, one in doubt (the open job `killed`), one not begun.
 * @param file one that is to go on every board
 * @param profile of a batch for the next boards of that kind; one for all that were there otherwise
 * @param doneAt where the board is that was done
 */
export async function leaveKilledBatch(
  paths: Paths,
  file: { readonly name: string; readonly bytes: Uint8Array },
  profile?: string,
  doneAt = { portPath: '9-1', serial: '', virtual: false },
): Promise<void> {
  await leaveKilledFlash(paths, { unit: { portPath: '9-2' } });
  const image = readImage(file.bytes, file.name);
  const content = encodeImage(image);
  const held = await sha256Of(content);
  await inStore(paths, async (store) => {
    await store.ask('beginBatch', pastRun, {
      id: '11111111-2222-4333-8444-555555555555',
      kind: profile === undefined ? 'all' : 'next',
      startedAt: '2026-03-01T09:00:00.000Z',
      profile,
      wanted: 3,
      recipe: { backup: false, verify: true, leave: true },
      images: [{ name: image.name, sha256: image.sha256, held }],
    });
    const board = { board: 'STM32F072', virtual: false, serial: '', startedAt: '', retried: false } as const;
    const open = { ...board, seconds: undefined, error: undefined };
    const id = '11111111-2222-4333-8444-555555555555';
    const done = { ...open, ...doneAt, jobId: 'job-1', record: undefined, seconds: 4 };
    await store.ask('batchBoard', id, { ...done, state: 'done' });
    await store.ask('batchBoard', id, {
      ...open,
      jobId: 'job-2',
      portPath: '9-2',
      record: 'killed',
      state: 'running',
    });
    await store.ask('batchBoard', id, {
      ...open,
      jobId: 'job-3',
      portPath: '9-3',
      record: undefined,
      state: 'waiting',
    });
  });
  await holdImage(path.join(path.dirname(paths.database), 'images'), held, content);
}
