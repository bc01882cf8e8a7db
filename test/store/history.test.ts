// What the history answers, and how it leaves as a table.
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { decodeImage, encodeImage } from '../../main/images/held-image.ts';
import { readImage } from '../../main/images/registry.ts';
import { holdImage, readHeldImage } from '../../main/store/held-images.ts';
import { historyCsv } from '../../main/store/history-csv.ts';
import { sha256Of } from '../../main/base/hash.ts';
import { openStoreHere, type StoreDoor } from '../../main/store/store-door.ts';
import type { HistoryFilter } from '../../shared/history.ts';
import { stepNames } from '../../shared/plan.ts';
import { dfuseImage, program } from '../support/rig.ts';
import { image, job, planned, result, run, unit } from '../support/records.ts';

const root = mkdtempSync(path.join(tmpdir(), 'rekindle-history-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

let folder: string;
let store: StoreDoor;
beforeEach(async () => {
  folder = mkdtempSync(path.join(root, 'a-'));
  store = openStoreHere(
    path.join(folder, 'rekindle.db'),
    { busyMs: 100, now: () => new Date() },
    () => undefined,
  );
  await store.ask('beginJob', run, job('first'));
  await store.ask('planJob', 'first', planned);
  await store.ask('step', 'first', { step: 'erase', state: 'running', at: 'then' });
  await store.ask('step', 'first', {
    step: 'erase',
    state: 'done',
    durationMs: 20,
    bytes: 2048,
    at: 'later',
  });
  await store.ask('step', 'first', { step: 'back-up', state: 'skipped', reason: 'switched-off', at: 'then' });
  const backup = { path: '/backups/a, "b".dfu', bytes: 7, sha256: 'c'.repeat(64) };
  await store.ask('endJob', 'first', {
    endedAt: '2026-11-21T12:01:00.000Z',
    verdict: 'verified-and-running',
    result: { ...result, backup },
    closed: 'ended',
  });
  const other = { ...unit, board: '=cmd|calc', portPath: '1-2', serial: '100 sure', virtual: true };
  // The clock was set back meanwhile.
  await store.ask(
    'beginJob',
    run,
    job('second', { kind: 'backup', startedAt: '1999-01-01T00:00:00.000Z', unit: other }),
  );
});

async function ids(filter: HistoryFilter): Promise<string[]> {
  return (await store.ask('history', filter)).map(({ id }) => id);
}

describe('the history', () => {
  it('tells all of a job, in the order in which jobs were, whatever the clock said', async () => {
    const [second, first] = await store.ask('history', {});
    expect(second).toMatchObject({ id: 'second', kind: 'backup', result: undefined, closed: undefined });
    expect(first).toMatchObject({
      id: 'first',
      kind: 'flash',
      unit,
      images: [{ ...image, held: undefined }],
      planHash: 'hash',
      durationMs: 1_234,
      version: '0.0.0',
      shell: 'test',
      steps: [
        { step: 'back-up', state: 'skipped', reason: 'switched-off', durationMs: 0 },
        { step: 'erase', state: 'done', durationMs: 20, bytes: 2048 },
      ],
      closed: { why: 'ended' },
    });
    expect(first?.result).toMatchObject({ outcome: 'done', content: { kind: 'verified' } });
    for (const { step } of first?.steps ?? []) expect(stepNames).toContain(step);
  });

  it.each<[HistoryFilter, string[]]>([
    [{ unit: 'nanovna' }, ['first']],
    [{ unit: '1-2' }, ['second']],
    [{ unit: '1-' }, []],
    // Signs that mean something to the database are only letters here.
    [{ unit: '100%' }, ['first']],
    [{ unit: '%' }, ['first']],
    [{ unit: "'; DROP TABLE job; --" }, []],
    [{ search: 'firmware' }, ['first']],
    [{ search: 'ffffffff' }, ['first']],
    [{ search: 'sec' }, ['second']],
    [{ kind: 'backup' }, ['second']],
    [{ virtual: false }, ['first']],
    [{ portPath: '1-1', serial: unit.serial }, ['first']],
    [{ limit: 1 }, ['second']],
    [{ before: 2 }, ['first']],
    [{ unit: 'nanovna', kind: 'backup' }, []],
  ])('finds by %j', async (filter, found) => {
    expect(await ids(filter)).toEqual(found);
  });

  it('knows every board there was a job of', async () => {
    await store.ask('beginJob', run, job('third'));
    expect(await store.ask('units')).toMatchObject([
      { unit: { portPath: '1-1' }, jobs: 2 },
      { unit: { portPath: '1-2' }, jobs: 1 },
    ]);
    // A number that a program gives all its boards tells none of them, one of its own does in any port.
    for (const serial of ['400', '205A36813946'])
      for (const portPath of ['1-7', '1-8'])
        await store.ask(
          'beginJob',
          run,
          job(`${serial}-${portPath}`, { unit: { ...unit, serial, portPath } }),
        );
    const known = (await store.ask('units')).map(({ unit: { serial, portPath }, jobs }) => [
      serial,
      portPath,
      jobs,
    ]);
    expect(known.slice(0, 3)).toEqual([
      ['205A36813946', '1-8', 2],
      ['400', '1-8', 1],
      ['400', '1-7', 1],
    ]);
  });

  it('leaves as a table that no spreadsheet takes for formulas', async () => {
    const csv = historyCsv(await store.ask('history', {}));
    const [heading = '', second = '', first = '', end] = csv.split('\r\n');
    expect(end).toBe('');
    expect(heading.split(',').slice(0, 3)).toEqual(['number', 'id', 'started']);
    expect(second).toContain(",'=cmd|calc,yes,");
    expect(first).toContain('"/backups/a, ""b"".dfu"');
    expect(first).toContain(',1.234,');
  });

  it('is not misled by what somebody wrote into the file', async () => {
    const { DatabaseSync } = await import('node:sqlite');
    const db = new DatabaseSync(path.join(folder, 'rekindle.db'));
    db.exec(
      `UPDATE job SET result = '{broken', request = 'x', planned = NULL; UPDATE job_image SET facts = '{'`,
    );
    db.close();
    expect(await store.ask('history', {})).toMatchObject([
      { id: 'second' },
      { id: 'first', result: undefined },
    ]);
    expect(await store.ask('openJobs')).toMatchObject([{ request: undefined, planned: [] }]);
  });
});

describe('images of open jobs', () => {
  const firmware = dfuseImage([{ address: 0x08000000, bytes: program(5_000) }]);

  it('come back as they were', () => {
    for (const one of [firmware, readImage(program(300), 'a.bin')]) {
      expect(decodeImage(encodeImage(one), 'a')).toEqual(one);
    }
  });

  it('are refused when they are anything else', () => {
    const content = encodeImage(firmware);
    for (const cut of [0, 1, 16, 30, 200, content.length - 1])
      expect(() => decodeImage(content.subarray(0, cut), 'a')).toThrow(/image\.malformed/);
    const text = new TextDecoder('latin1').decode(content);
    const lies = new TextEncoder().encode(text.replace('"bytes":5000', '"bytes":9999'));
    expect(() => decodeImage(lies, 'a')).toThrow(/image\.malformed/);
  });

  it('are kept once, mended when damaged, and swept when no open job needs them', async () => {
    const images = path.join(folder, 'images');
    const content = encodeImage(firmware);
    const name = await sha256Of(content);
    await holdImage(images, name, content);
    writeFileSync(path.join(images, name), 'damaged');
    await expect(readHeldImage(images, name)).rejects.toMatchObject({ code: 'file.unreadable' });
    await holdImage(images, name, content);
    expect(await readHeldImage(images, name)).toEqual(content);
    await expect(readHeldImage(images, '../rekindle.db')).rejects.toMatchObject({ code: 'file.not-found' });
    writeFileSync(path.join(images, 'notes of a person.txt'), '');
    await store.ask('planJob', 'second', { ...planned, images: [{ ...image, held: name }] });
    expect(await store.ask('sweepImages', images)).toBe(0);
    await store.ask('closeJob', 'second', 'discarded', 'now');
    expect(await store.ask('sweepImages', images)).toBe(1);
    expect(readdirSync(images)).toEqual(['notes of a person.txt']);
  });
});
