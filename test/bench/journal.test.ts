// A program that dies at every erase and every block: what the next one reads in the journal is so, and resuming repairs.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { sameBytes } from '../../main/base/bytes.ts';
import type { Fault } from '../../main/bench/faults.ts';
import { Journal } from '../../main/jobs/journal.ts';
import type { FlashRequest } from '../../main/jobs/request.ts';
import { runJob } from '../../main/jobs/run.ts';
import type { Services } from '../../main/jobs/services.ts';
import { Beside } from '../../main/store/beside.ts';
import { openStoreHere, type StoreDoor } from '../../main/store/store-door.ts';
import type { UsbBus } from '../../main/transports/usb/usb-device.ts';
import { FlashError } from '../../shared/errors/flash-error.ts';
import type { StoreNotice } from '../../shared/history.ts';
import type { JobEvent } from '../../shared/job-events.ts';
import type { Result } from '../../shared/result.ts';
import { dfuseImage, flashRequest, makeRig, plainImage, program, type Rig } from '../support/rig.ts';
import { bytesIn, lieOf } from '../support/told-truth.ts';

const start = 0x08000000;
const image = program(9 * 2048 + 100, 41);
const request = (changes: Partial<FlashRequest> = {}): FlashRequest =>
  flashRequest([dfuseImage([{ address: start, bytes: image }])], changes);

/** A board that outlives the program, as a real one does. */
function realBus(bus: UsbBus): UsbBus {
  return {
    name: bus.name,
    virtual: false,
    list: (wait) => bus.list(wait),
    watch: (changed) => bus.watch(changed),
    open: (facts, wait) => bus.open(facts, wait),
  };
}

function doorOf(rig: Rig): (tell: (notice: StoreNotice) => void) => StoreDoor {
  const { host } = rig.services;
  return (tell) => openStoreHere(host.paths.database, { busyMs: 200, now: () => host.now() }, tell);
}

/** The journal of a program that dies the moment its board vanishes: nothing is written any more. */
function mortal(rig: Rig, doorFor = doorOf(rig)): Services {
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
function reborn(rig: Rig): Services {
  return { ...rig.services, journal: new Journal(rig.services.host, doorOf(rig), () => false) };
}

function run(
  services: Services,
  what: FlashRequest,
  emit: (event: JobEvent) => void = () => undefined,
): Promise<Result> {
  const never = new AbortController().signal;
  return runJob(what, services, { stop: never, abort: never, emit, ask: () => Promise.resolve(true) });
}

function backupsOf(rig: Rig): string[] {
  return readdirSync(rig.services.host.paths.backups).filter((name) => name.endsWith('.dfu'));
}

const indices = (count: number): number[] => [...Array(count).keys()];
const moments = (['erase', 'block'] as const).flatMap((what) =>
  indices(10).map((index) => ({ what, index })),
);

describe('a program that dies', () => {
  it.each(moments)('at $what $index leaves a true journal, and is resumed', async ({ what, index }) => {
    const fault: Fault = { kind: 'vanish', at: { what, index } };
    const rig = makeRig('nanovna-h', { faults: [fault] }, { wrap: realBus });
    const before = rig.board.flash.slice();
    await run(mortal(rig), request());
    expect(backupsOf(rig)).toHaveLength(1);

    rig.port.replug();
    const services = reborn(rig);
    const [job, ...others] = await services.journal.openJobs();
    expect(others).toEqual([]);
    if (job === undefined) throw new Error('nothing is known of it');
    expect(job).toMatchObject({
      state: 'died',
      verified: false,
      journalLost: false,
      proposal: { do: 'resume' },
    });
    expect(job.lastStep).toBe(what === 'erase' ? 'erase' : 'write');
    expect(job.backupThere).toBe(true);
    expect(lieOf(job, { start, now: rig.board.flash, before, wanted: image })).toBeUndefined();
    expect(bytesIn(job.inDoubt)).toBe(what === 'block' && index === 9 ? 128 : 2048);

    const events: JobEvent[] = [];
    const resumed = await run(
      services,
      await services.journal.requestToResume(job.id.slice(0, 8)),
      (event) => {
        events.push(event);
      },
    );
    expect(resumed).toMatchObject({ outcome: 'done', content: { kind: 'verified' }, backup: job.backup });
    expect(sameBytes(rig.board.flash.subarray(0, image.length), image)).toBe(true);
    // What was half-written never became a backup, and that is said.
    expect(backupsOf(rig)).toHaveLength(1);
    expect(events).toContainEqual({ type: 'step-skipped', step: 'back-up', reason: 'earlier-backup-kept' });
    // Only what was missing was written: blocks that stood are not written again.
    if (what === 'block')
      expect(bytesOf(resumed, 'write')).toBeLessThanOrEqual(image.length + 32 - index * 2048);
    expect(await services.journal.openJobs()).toEqual([]);
    expect(readdirSync(services.journal.imagesFolder)).toEqual([]);
    const history = await services.journal.history({});
    expect(history.map(({ closed }) => closed?.why)).toEqual(['ended', 'resumed']);
  });

  it('before the first erase leaves nothing to do', async () => {
    const rig = makeRig(
      'nanovna-h',
      { faults: [{ kind: 'vanish', at: { what: 'upload', index: 20 } }] },
      { wrap: realBus },
    );
    await run(mortal(rig), request());
    const { journal } = reborn(rig);
    expect(await journal.openJobs()).toEqual([]);
    expect(await journal.history({})).toMatchObject([{ result: undefined, closed: { why: 'untouched' } }]);
  });

  it('again and again: what the first one left is still told by the last', async () => {
    const faults = [3, 5, 4].map((index): Fault => ({ kind: 'vanish', at: { what: 'block', index } }));
    const rig = makeRig('nanovna-h', { faults: faults.slice(0, 1) }, { wrap: realBus });
    const before = rig.board.flash.slice();
    await run(mortal(rig), request());
    rig.port.replug();
    // Dies over the first erase of the resumption: blank sectors of the first job are still told blank.
    const second = reborn(rig);
    const [first] = await second.journal.openJobs();
    if (first === undefined) throw new Error('nothing is known of it');
    const resuming = await second.journal.requestToResume(first.id);
    const dying = mortal(rig);
    const emit = (event: JobEvent): void => {
      if (event.type === 'progress' && event.step === 'write') rig.port.vanish();
    };
    await run(
      {
        ...dying,
        journal: new Journal(
          dying.host,
          () => dying.journal.store,
          () => false,
          dying.journal.beside,
        ),
      },
      resuming,
      emit,
    );
    rig.port.replug();
    const third = reborn(rig);
    const open = await third.journal.openJobs();
    expect(open).toHaveLength(1);
    const [job] = open;
    if (job === undefined) throw new Error('nothing is known of it');
    expect(job.id).not.toBe(first.id);
    expect(lieOf(job, { start, now: rig.board.flash, before, wanted: image })).toBeUndefined();
    expect(job.backup).toEqual(first.backup);
    const resumed = await run(third, await third.journal.requestToResume(job.id));
    expect(resumed).toMatchObject({ outcome: 'done', content: { kind: 'verified' } });
    expect(backupsOf(rig)).toHaveLength(1);
  });

  it('on a board without addresses: written from the start again', async () => {
    const bytes = program(64 * 5 - 3, 43);
    const faults: Fault[] = [{ kind: 'vanish', at: { what: 'block', index: 3 } }];
    const rig = makeRig('plain-dfu', { faults }, { wrap: realBus });
    await run(mortal(rig), flashRequest([plainImage(bytes)]));
    rig.port.replug();
    const services = reborn(rig);
    const [job] = await services.journal.openJobs();
    expect(job?.written).toEqual([{ alternate: 0, ranges: [{ start: 0, end: 192 }] }]);
    expect(job?.inDoubt).toEqual([{ alternate: 0, ranges: [{ start: 192, end: 256 }] }]);
    const resumed = await run(services, await services.journal.requestToResume(job?.id ?? ''));
    expect(resumed).toMatchObject({ outcome: 'done', content: { kind: 'verified' } });
    expect(sameBytes(rig.board.flash.subarray(0, bytes.length), bytes)).toBe(true);
  });
});

describe('a job that ended half-way', () => {
  const faults: Fault[] = [{ kind: 'vanish', at: { what: 'block', index: 4 } }];

  it('is open until the same board is flashed again, whose earlier backup is kept', async () => {
    const rig = makeRig('nanovna-h', { faults });
    const before = rig.board.flash.slice();
    await rig.run(request());
    const [job] = await rig.services.journal.openJobs();
    expect(job).toMatchObject({ state: 'ended', proposal: { do: 'resume' }, backupThere: true });
    if (job === undefined) return;
    expect(lieOf(job, { start, now: rig.board.flash, before, wanted: image })).toBeUndefined();
    rig.port.replug();
    const again = await rig.run(request());
    expect(again).toMatchObject({ outcome: 'done', content: { kind: 'verified' }, backup: job.backup });
    expect(backupsOf(rig)).toHaveLength(1);
    expect(await rig.services.journal.openJobs()).toEqual([]);
  });

  it('is not taken for another board in its port: that one is backed up', async () => {
    const rig = makeRig('nanovna-h', { faults });
    await rig.run(request());
    rig.port.replug();
    // Same marks, another content: the next of a series.
    rig.board.flash.set(program(rig.board.flash.length, 99));
    const other = await rig.run(request());
    expect(other.outcome).toBe('done');
    expect(backupsOf(rig)).toHaveLength(2);
    expect(await rig.services.journal.openJobs()).toHaveLength(1);
  });

  it.each([
    ['at its beginning', 0],
    ['in the middle of what was erased', 15_200],
    ['at the end of what was erased', 10 * 2048 - 100],
  ])('nor is a board that is another one only %s', async (_where, offset) => {
    const rig = makeRig('nanovna-h', { faults });
    await rig.run(request());
    rig.port.replug();
    rig.board.flash[offset] = (rig.board.flash[offset] ?? 0) ^ 0x55;
    expect((await rig.run(request())).outcome).toBe('done');
    expect(backupsOf(rig)).toHaveLength(2);
  });

  it('resumes on its own board and on no other', async () => {
    const rig = makeRig('nanovna-h', { faults });
    await rig.run(request());
    rig.port.replug();
    const [job] = await rig.services.journal.openJobs();
    const resuming = await rig.services.journal.requestToResume(job?.id ?? '');
    const now = program(rig.board.flash.length, 99);
    rig.board.flash.set(now);
    const refused = await rig.run(resuming);
    expect(refused).toMatchObject({ outcome: 'refused', error: { code: 'resume.other-board' } });
    expect(sameBytes(rig.board.flash, now)).toBe(true);
  });

  it('is done with when a person says so, and its image goes', async () => {
    const rig = makeRig('nanovna-h', { faults });
    await rig.run(request());
    const { journal } = rig.services;
    const [job] = await journal.openJobs();
    expect(readdirSync(journal.imagesFolder)).toHaveLength(1);
    await journal.discard(job?.id ?? '');
    expect(await journal.openJobs()).toEqual([]);
    expect(readdirSync(journal.imagesFolder)).toEqual([]);
    await expect(journal.discard(job?.id ?? '')).rejects.toMatchObject({ code: 'resume.unknown' });
  });

  it('whose image is gone or damaged is restored, not resumed', async () => {
    const rig = makeRig('nanovna-h', { faults });
    await rig.run(request());
    const { journal } = rig.services;
    const [job] = await journal.openJobs();
    const held = path.join(journal.imagesFolder, job?.images[0]?.held ?? '');
    const bytes = readFileSync(held);
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    writeFileSync(held, bytes);
    await expect(journal.requestToResume(job?.id ?? '')).rejects.toMatchObject({ code: 'resume.no-image' });
  });
});

describe('a journal that cannot be written', () => {
  /** Answers so many calls, then fails as a full disk does, then is well again. */
  function failing(rig: Rig, from: number, to: number): Services {
    let calls = 0;
    const journal = new Journal(rig.services.host, (tell) => {
      const door = doorOf(rig)(tell);
      return {
        ask: (name, ...values) => {
          calls++;
          return calls > from && calls <= to
            ? Promise.reject(new FlashError('file.disk-full', { path: 'rekindle.db' }))
            : door.ask(name, ...values);
        },
        [Symbol.asyncDispose]: () => door[Symbol.asyncDispose](),
      };
    });
    return { ...rig.services, journal };
  }

  it.each([0, 5, 10, 15, 20, 25, 30])(
    'after %i calls never stops a flash, and is told once',
    async (from) => {
      const rig = makeRig('nanovna-h');
      const events: JobEvent[] = [];
      const result = await run(failing(rig, from, Infinity), request(), (event) => void events.push(event));
      expect(result).toMatchObject({ outcome: 'done', content: { kind: 'verified' } });
      expect(events.filter(({ type }) => type === 'warning')).toEqual([
        { type: 'warning', code: 'file.disk-full', params: { path: 'rekindle.db' } },
      ]);
      expect(events.at(-1)?.type).toBe('result');
    },
  );

  it('for a while catches up, and its story is whole', async () => {
    const rig = makeRig(
      'nanovna-h',
      { faults: [{ kind: 'vanish', at: { what: 'block', index: 8 } }] },
      { wrap: realBus },
    );
    const gap = failing(rig, 22, 24);
    const dying = mortal(rig, () => gap.journal.store);
    const before = rig.board.flash.slice();
    await run(dying, request());
    rig.port.replug();
    const [job] = await reborn(rig).journal.openJobs();
    // It caught up: there is no gap, and no more in doubt than usual.
    expect(job).toMatchObject({ state: 'died', journalLost: false, proposal: { do: 'resume' } });
    if (job === undefined) return;
    expect(bytesIn(job.inDoubt)).toBe(2048);
    expect(lieOf(job, { start, now: rig.board.flash, before, wanted: image })).toBeUndefined();
  });
});

function bytesOf(result: Result, step: string): number {
  return result.steps.find((one) => one.step === step)?.bytes ?? 0;
}
