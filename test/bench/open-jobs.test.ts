// A job that ended half-way is open until its board is repaired, and is never taken up on another.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { sameBytes } from '../../main/base/bytes.ts';
import type { Fault } from '../../main/bench/faults.ts';
import { makeRig, program } from '../support/rig.ts';
import { lieOf } from '../support/told-truth.ts';
import { backupsOf, image, request, start } from './mortal-program.ts';

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
