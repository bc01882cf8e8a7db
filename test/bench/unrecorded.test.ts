// A history that cannot be had while a board is flashed: the job goes on, it is said, nobody waits twice, nothing is
// dropped, and after a kill no board is told untouched that is not.
import { spawn, type ChildProcess } from 'node:child_process';
import { readdirSync, renameSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, describe, expect, it } from 'vitest';
import { sameBytes } from '../../main/base/bytes.ts';
import type { Journal } from '../../main/jobs/journal.ts';
import { runJob } from '../../main/jobs/run.ts';
import type { FlashRequest } from '../../main/jobs/request.ts';
import type { JobEvent } from '../../shared/job-events.ts';
import type { Result } from '../../shared/result.ts';
import { openJobLines } from '../../shared/text/history.ts';
import { realBus } from '../support/real-bus.ts';
import { dfuseImage, flashRequest, makeRig, program, type Rig } from '../support/rig.ts';
import { bytesIn, lieOf } from '../support/told-truth.ts';
import { busyMs, journalOf, letGo } from './failing-program.ts';

const start = 0x08000000;
const image = program(9 * 2048 + 100, 41);
const request = flashRequest([dfuseImage([{ address: start, bytes: image }])]);

const holders: ChildProcess[] = [];
afterEach(async () => {
  await letGo();
  for (const holder of holders.splice(0)) holder.kill('SIGKILL');
});

/** A real process that keeps the database locked until it is killed. */
async function lock(file: string): Promise<ChildProcess> {
  const script = `
    const { DatabaseSync } = require('node:sqlite');
    const db = new DatabaseSync(process.argv[1]);
    db.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
    console.log('held');
    setInterval(() => undefined, 1_000);`;
  const child = spawn(process.execPath, ['--no-warnings', '-e', script, file]);
  holders.push(child);
  await new Promise<void>((resolve, reject) => {
    child.stdout.once('data', () => resolve());
    child.once('exit', () => reject(new Error('the holder ended')));
  });
  return child;
}

async function release(holder: ChildProcess): Promise<void> {
  const gone = new Promise<void>((resolve) => holder.once('exit', () => resolve()));
  holder.kill('SIGKILL');
  await gone;
}

async function flash(
  rig: Rig,
  journal: Journal,
  what: FlashRequest = request,
): Promise<{ result: Result; warnings: string[] }> {
  const warnings: string[] = [];
  const never = new AbortController().signal;
  const emit = (event: JobEvent): void => {
    if (event.type === 'warning') warnings.push(event.code);
  };
  const services = { ...rig.services, journal };
  const ask = (): Promise<boolean> => Promise.resolve(true);
  const result = await runJob(what, services, { stop: never, abort: never, emit, ask });
  return { result, warnings };
}

function filesBeside(rig: Rig): string[] {
  const folder = path.dirname(rig.services.host.paths.database);
  return readdirSync(folder).filter((name) => name.includes('unrecorded'));
}

function stepsOf(rig: Rig): unknown[] {
  const db = new DatabaseSync(rig.services.host.paths.database, { readOnly: true });
  const rows = db.prepare('SELECT step, state, reason, bytes, duration_ms FROM step ORDER BY position').all();
  db.close();
  return rows;
}

/** A database that is there, and whole. */
async function rigWithHistory(...options: Parameters<typeof makeRig>): Promise<Rig> {
  const rig = makeRig(...options);
  await rig.services.journal.history({});
  await rig.services.journal[Symbol.asyncDispose]();
  return rig;
}

describe('a history another process keeps locked', () => {
  it('holds a whole flash up once, says so once, and is complete when it is let go', async () => {
    const rig = await rigWithHistory('nanovna-h');
    const holder = await lock(rig.services.host.paths.database);
    const journal = journalOf(rig, {});
    const started = performance.now();
    const { result, warnings } = await flash(rig, journal);
    // Over forty entries: were each waited for, it could not be less.
    expect(performance.now() - started).toBeLessThan(40 * busyMs);
    expect(result).toMatchObject({ outcome: 'done', content: { kind: 'verified' } });
    expect(warnings).toEqual(['store.locked']);
    expect(filesBeside(rig)).toHaveLength(1);
    await expect(journal.history({})).rejects.toMatchObject({
      code: 'store.locked',
      params: { waitedMs: busyMs },
    });

    await release(holder);
    const [entry, ...others] = await journal.history({});
    expect(others).toEqual([]);
    expect(entry).toMatchObject({ result: { outcome: 'done' }, closed: { why: 'ended' } });
    expect(entry?.images).toHaveLength(1);
    expect(filesBeside(rig)).toEqual([]);
    expect(await journal.openJobs()).toEqual([]);
    await journal[Symbol.asyncDispose]();
    // As if it had never been locked.
    const usual = await rigWithHistory('nanovna-h');
    await flash(usual, usual.services.journal);
    await usual.services.journal[Symbol.asyncDispose]();
    expect(stepsOf(rig)).toEqual(stepsOf(usual));
  });

  it('is told by the next program what the last one did, which never saw it free', async () => {
    const rig = await rigWithHistory('nanovna-h');
    const holder = await lock(rig.services.host.paths.database);
    const first = journalOf(rig, {});
    await flash(rig, first);
    await first[Symbol.asyncDispose]();
    await release(holder);
    const second = journalOf(rig, { isRunning: false });
    expect(await second.openJobs()).toEqual([]);
    expect(await second.history({})).toMatchObject([{ result: { outcome: 'done' } }]);
    expect(filesBeside(rig)).toEqual([]);
  });

  it.each([
    { what: 'erase', index: 0 },
    { what: 'erase', index: 6 },
    { what: 'block', index: 0 },
    { what: 'block', index: 7 },
  ] as const)('and a program killed at $what $index: all is known, and resumed', async (at) => {
    const rig = await rigWithHistory('nanovna-h', { faults: [{ kind: 'vanish', at }] }, { wrap: realBus });
    const before = rig.board.flash.slice();
    const holder = await lock(rig.services.host.paths.database);
    await flash(rig, journalOf(rig, {}));
    await release(holder);
    rig.port.replug();
    const next = journalOf(rig, { isRunning: false });
    const [job, ...others] = await next.openJobs();
    expect(others).toEqual([]);
    if (job === undefined) throw new Error('nothing is known of it');
    expect(job).toMatchObject({ state: 'died', journalLost: false, proposal: { do: 'resume' } });
    expect(lieOf(job, { start, now: rig.board.flash, before, wanted: image })).toBeUndefined();
    expect(bytesIn(job.inDoubt)).toBe(2048);
    const { result } = await flash(rig, next, await next.requestToResume(job.id));
    expect(result).toMatchObject({ outcome: 'done', content: { kind: 'verified' } });
    expect(sameBytes(rig.board.flash.subarray(0, image.length), image)).toBe(true);
    expect(await next.openJobs()).toEqual([]);
    expect(filesBeside(rig)).toEqual([]);
  });

  it('does not take the files of a program that runs', async () => {
    const rig = await rigWithHistory('nanovna-h');
    const holder = await lock(rig.services.host.paths.database);
    await flash(rig, journalOf(rig, {}));
    await release(holder);
    expect(await journalOf(rig, { isRunning: true }).history({})).toEqual([]);
    expect(filesBeside(rig)).toHaveLength(1);
  });
});

describe('a history that fails for good after so many entries, and a program killed over the fifth block', () => {
  const faults = [{ kind: 'vanish', at: { what: 'block', index: 4 } }] as const;
  const moments = [0, 1, 2, 3, 5, 8, 12, 16, 20, 24, 28];

  it.each(moments)('%i: beside it everything is known', async (answers) => {
    const rig = makeRig('nanovna-h', { faults }, { wrap: realBus });
    const before = rig.board.flash.slice();
    await flash(rig, journalOf(rig, { answers }));
    rig.port.replug();
    const [job] = await journalOf(rig, { isRunning: false }).openJobs();
    if (job === undefined) throw new Error('nothing is known of it');
    expect(job).toMatchObject({ journalLost: false, proposal: { do: 'resume' } });
    expect(lieOf(job, { start, now: rig.board.flash, before, wanted: image })).toBeUndefined();
    expect(bytesIn(job.inDoubt)).toBe(2048);
  });

  it.each(moments.slice(2))(
    '%i: on a disk that takes a name and no more, it is in doubt',
    async (answers) => {
      const rig = makeRig('nanovna-h', { faults }, { wrap: realBus });
      await flash(rig, journalOf(rig, { answers, beside: 'names' }));
      rig.port.replug();
      const next = journalOf(rig, { isRunning: false });
      const [job] = await next.openJobs();
      if (job === undefined) throw new Error('nothing is known of it');
      expect(job.journalLost).toBe(true);
      expect([job.erased, job.written]).toEqual([[], []]);
      expect(openJobLines(job).join('\n')).toMatch(/may hold anything|could not be recorded to its end/);
      // It stays until somebody does something about it.
      expect(await next.openJobs()).toHaveLength(1);
      await next.discard(job.id);
      expect(await next.openJobs()).toEqual([]);
    },
  );
});

describe('a data folder that is not to be written to any more once sectors are erased, and a program killed over the fifth block', () => {
  const faults = [{ kind: 'vanish', at: { what: 'block', index: 4 } }] as const;
  // As one that was turned read-only: whoever would put something new there cannot; what was open before can be written to.
  const afterFirstErase = [14, 16, 20, 24, 28];

  async function killedMeanwhile(answers: number, beside: 'all' | 'no-room') {
    const rig = makeRig('nanovna-h', { faults }, { wrap: realBus });
    const before = rig.board.flash.slice();
    const { result, warnings } = await flash(rig, journalOf(rig, { answers, beside, folderLeaves: true }));
    expect(result.content.kind).not.toBe('untouched');
    expect(warnings).toContain('file.disk-full');
    const folder = path.dirname(rig.services.host.paths.database);
    renameSync(`${folder}-away`, folder);
    rig.port.replug();
    const next = journalOf(rig, { isRunning: false });
    const [job, ...others] = await next.openJobs();
    expect(others).toEqual([]);
    if (job === undefined) throw new Error('nothing is known of it');
    expect(lieOf(job, { start, now: rig.board.flash, before, wanted: image })).toBeUndefined();
    return { rig, next, job };
  }

  it.each(afterFirstErase)('%i: all is known all the same', async (answers) => {
    const { rig, next, job } = await killedMeanwhile(answers, 'all');
    expect(job).toMatchObject({ state: 'died', journalLost: false, proposal: { do: 'resume' } });
    expect(bytesIn(job.inDoubt)).toBe(2048);
    await next.discard(job.id);
    expect(filesBeside(rig)).toEqual([]);
  });

  it.each(afterFirstErase)(
    '%i: on a full disk all of it is in doubt, and none is told untouched',
    async (answers) => {
      const { rig, next, job } = await killedMeanwhile(answers, 'no-room');
      expect(job).toMatchObject({ journalLost: true, erased: [], written: [] });
      expect(bytesIn(job.inDoubt)).toBeGreaterThanOrEqual(image.length);
      await next.discard(job.id);
      expect(await next.openJobs()).toEqual([]);
      expect(filesBeside(rig)).toEqual([]);
    },
  );
});

describe('where nothing at all can be written', () => {
  it('and the history knows of the job, nothing is begun: the board is untouched, as it would be told', async () => {
    const rig = makeRig('nanovna-h', {}, { wrap: realBus });
    const before = rig.board.flash.slice();
    const { result } = await flash(rig, journalOf(rig, { answers: 8, beside: 'nothing' }));
    expect(result).toMatchObject({ content: { kind: 'untouched' }, error: { code: 'file.disk-full' } });
    expect(sameBytes(rig.board.flash, before)).toBe(true);
    const next = journalOf(rig, { isRunning: false });
    expect(await next.openJobs()).toEqual([]);
  });

  it('and the history knows nothing of the job, a board can be repaired all the same', async () => {
    const rig = makeRig('nanovna-h', {}, { wrap: realBus });
    const { result, warnings } = await flash(rig, journalOf(rig, { answers: 0, beside: 'nothing' }));
    expect(result).toMatchObject({ outcome: 'done', content: { kind: 'verified' } });
    expect(warnings).toEqual(['file.disk-full']);
  });
});
