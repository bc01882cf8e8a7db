// A program that dies at every erase and every block: what the next one reads in the journal is so, and resuming repairs.
import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { sameBytes } from '../../main/base/bytes.ts';
import type { Fault } from '../../main/bench/faults.ts';
import { Journal } from '../../main/jobs/journal.ts';
import type { JobEvent } from '../../shared/job-events.ts';
import type { Result } from '../../shared/result.ts';
import { realBus } from '../support/real-bus.ts';
import { flashRequest, makeRig, plainImage, program } from '../support/rig.ts';
import { bytesIn, lieOf } from '../support/told-truth.ts';
import { backupsOf, image, mortal, reborn, request, run, start } from './mortal-program.ts';

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

function bytesOf(result: Result, step: string): number {
  return result.steps.find((one) => one.step === step)?.bytes ?? 0;
}
