// A board held against a backup: read only, told byte for byte, and honest about what was not looked at.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { sameBytes } from '../../main/base/bytes.ts';
import type { FirmwareImage } from '../../main/images/image.ts';
import { readImage } from '../../main/images/registry.ts';
import type { CompareRequest, JobControl } from '../../main/jobs/request.ts';
import { runJob } from '../../main/jobs/run.ts';
import type { Profile } from '../../shared/profile.ts';
import { exitCodeOf, verdictOf, type Result } from '../../shared/result.ts';
import { profile } from '../support/profiles.ts';
import { dfuseImage, makeRig, plainImage, program, type Rig } from '../support/rig.ts';

const start = 0x08000000;
const selection = { waitMs: 0 };
const reading = { leave: false, reset: false } as const;

async function backedUp(rig: Rig): Promise<FirmwareImage> {
  const result = await rig.run({ kind: 'backup', selection, raw: false, ...reading });
  const file = result.backup?.path ?? '';
  return readImage(new Uint8Array(readFileSync(file)), 'mine.dfu');
}

async function compare(
  rig: Rig,
  image: FirmwareImage,
  changes: Partial<CompareRequest> = {},
  control: Partial<JobControl> = {},
): Promise<Result> {
  const before = rig.board.flash.slice();
  const result = await rig.run({ kind: 'compare', image, selection, ...reading, ...changes }, control);
  expect(sameBytes(rig.board.flash, before)).toBe(true);
  expect(result.content).toEqual({ kind: 'untouched' });
  expect(result.inDoubt).toEqual([]);
  return result;
}

describe('a board compared with a backup', () => {
  it('is the same, and only read', async () => {
    const rig = makeRig('nanovna-h', { timeScale: 0 });
    const image = await backedUp(rig);
    const result = await compare(rig, image);
    expect(result).toMatchObject({
      outcome: 'done',
      comparison: {
        name: 'mine.dfu',
        differentBytes: 0,
        different: [],
        sectors: 64,
        differentSectors: 0,
        compared: [{ alternate: 0, start, end: start + 128 * 1024 }],
        notCompared: [],
      },
    });
    expect([verdictOf(result), exitCodeOf(result)]).toEqual(['holds-the-same', 0]);
    expect(result.backup).toBeUndefined();
    const done = result.steps.filter(({ state }) => state === 'done').map(({ step }) => step);
    expect(done).toEqual(['detect', 'enter', 'identify', 'compare'].filter((step) => step !== 'enter'));
    expect(result.steps.find(({ step }) => step === 'compare')?.bytes).toBe(128 * 1024);
    expect(rig.events.filter(({ type }) => type === 'progress').length).toBeGreaterThan(0);
    const [entry] = await rig.services.journal.history({});
    expect(entry).toMatchObject({ kind: 'compare', result: { comparison: { name: 'mine.dfu' } } });
    expect(await rig.services.journal.openJobs()).toEqual([]);
  });

  it('that differs in one byte is told with the byte and its sector', async () => {
    const rig = makeRig('nanovna-h', { timeScale: 0 });
    const image = await backedUp(rig);
    rig.board.flash[5_000] = (rig.board.flash[5_000] ?? 0) ^ 1;
    const result = await compare(rig, image);
    expect(result.comparison).toMatchObject({
      differentBytes: 1,
      different: [{ alternate: 0, start: start + 5_000, end: start + 5_001 }],
      more: false,
      sectors: 64,
      differentSectors: 1,
    });
    expect([result.outcome, verdictOf(result), exitCodeOf(result)]).toEqual([
      'done',
      'holds-something-else',
      1,
    ]);
  });

  it('that differs everywhere is told with the first places, and how much there is', async () => {
    const rig = makeRig('nanovna-h', { timeScale: 0 });
    const image = await backedUp(rig);
    for (let at = 0; at < rig.board.flash.length; at += 2)
      rig.board.flash[at] = (rig.board.flash[at] ?? 0) ^ 0x80;
    const { comparison } = await compare(rig, image);
    expect(comparison).toMatchObject({ differentBytes: 64 * 1024, differentSectors: 64, more: true });
    expect(comparison?.different).toHaveLength(100);
  });

  it('is read only where the backup has something', async () => {
    const rig = makeRig('stm32f405', { timeScale: 0 });
    const bytes = rig.board.flash.slice(0x4100, 0x4200);
    const other = rig.board.flash.slice(0x20000, 0x20040).map((byte) => byte ^ 0x5a);
    const image = dfuseImage([
      { address: start + 0x4100, bytes },
      { address: start + 0x20000, bytes: other },
    ]);
    const read = rig.board.statistics.upload;
    const { comparison } = await compare(rig, image);
    expect(comparison).toMatchObject({
      compared: [
        { start: start + 0x4100, end: start + 0x4200 },
        { start: start + 0x20000, end: start + 0x20040 },
      ],
      different: [{ start: start + 0x20000, end: start + 0x20040 }],
      sectors: 2,
      differentSectors: 1,
    });
    expect(rig.board.statistics.upload - read).toBeLessThan(20);
  });

  it.each([
    ['is pulled meanwhile', [{ kind: 'vanish', at: { what: 'upload', index: 9 } }], 'usb.gone'],
    ['does not let itself be read', [{ kind: 'read-protected' }], 'dfuse.read-protected'],
  ] as const)('that %s: no answer is given, with the reason', async (_, faults, code) => {
    const image = dfuseImage([{ address: start, bytes: program(64 * 1024) }]);
    const rig = makeRig('nanovna-h', { timeScale: 0, faults });
    const result = await compare(rig, image);
    expect([result.comparison, result.error?.code]).toEqual([undefined, code]);
    expect(result.outcome).not.toBe('done');
  });

  it('is stopped at a block border', async () => {
    const rig = makeRig('nanovna-h');
    const image = await backedUp(rig);
    const stop = new AbortController();
    const emit: JobControl['emit'] = (event) => {
      if (event.type === 'progress' && event.doneBytes < event.totalBytes) stop.abort();
    };
    const result = await compare(rig, image, {}, { stop: stop.signal, emit });
    expect([result.outcome, result.comparison, result.error?.code]).toEqual([
      'cancelled',
      undefined,
      'job.stopped',
    ]);
  });

  it('of which it is not is told, where numbers tell', async () => {
    const rig = makeRig('stm32f405', { timeScale: 0 });
    const image = dfuseImage([{ address: start, bytes: rig.board.flash.slice(0, 256) }]);
    const unit = { portPath: '9-9', serial: '2079358F4230', ids: '0483:df11' };
    const backupOf = { board: 'STM32F405', unit };
    const other = await compare(rig, image, { backupOf });
    expect(other.comparison?.from).toEqual({
      board: 'STM32F405',
      portPath: '9-9',
      serial: '2079358F4230',
      isThisBoard: 'no',
    });
    const own = { ...unit, serial: other.serial ?? '' };
    const same = await compare(rig, image, { backupOf: { board: 'STM32F405', unit: own } });
    expect(same.comparison?.from?.isThisBoard).toBe('yes');
    const unknown = await compare(rig, image, { backupOf: { board: 'x', unit: { ...unit, serial: '' } } });
    expect(unknown.comparison?.from?.isThisBoard).toBe('unknown');
  });

  it('goes back to its program where the job took it out of it', async () => {
    const rig = makeRig('nanovna-h', { timeScale: 0, startIn: 'app' });
    const image = dfuseImage([{ address: start, bytes: rig.board.flash.slice() }]);
    const result = await compare(rig, image);
    expect(result).toMatchObject({ outcome: 'done', app: 'running', comparison: { differentBytes: 0 } });
  });
});

function keeping(first: string, last: string, ids = '0483:df11'): Profile {
  return profile({
    modes: [{ kind: 'flash', ids: [ids], source: 'me' }],
    secrets: [{ alternate: 0, first, last, what: 'its keys', source: 'me' }],
  });
}

async function compareKeeping(
  board: 'stm32f405' | 'plain-dfu',
  image: FirmwareImage,
  secret: Profile,
): Promise<Result> {
  const rig = makeRig(board, { timeScale: 0 });
  const control = {
    stop: rig.stop.signal,
    abort: rig.abort.signal,
    emit: () => undefined,
    ask: () => Promise.resolve(true),
  };
  const services = { ...rig.services, profiles: [secret] };
  return await runJob({ kind: 'compare', image, selection, ...reading }, services, control);
}

describe('what is not compared', () => {
  const image = dfuseImage([{ address: start, bytes: program(0x1000) }]);

  it('is what is secret, whether the file has it or not', async () => {
    const within = await compareKeeping('stm32f405', image, keeping('08000100', '080001ff'));
    expect(within.comparison).toMatchObject({
      compared: [
        { start, end: start + 0x100 },
        { start: start + 0x200, end: start + 0x1000 },
      ],
      notCompared: [
        { alternate: 0, start: start + 0x100, end: start + 0x200, why: 'secret', what: 'its keys' },
      ],
    });
    const beside = await compareKeeping('stm32f405', image, keeping('08004000', '08004fff'));
    expect(beside.comparison?.notCompared).toMatchObject([{ start: start + 0x4000, why: 'secret' }]);
    expect(beside.comparison?.compared).toEqual([{ alternate: 0, start, end: start + 0x1000 }]);
  });

  it('and where nothing is left, or nobody knows where the secrets lie, nothing is read', async () => {
    const all = await compareKeeping('stm32f405', image, keeping('08000000', '0800ffff'));
    expect([all.outcome, all.error?.code]).toEqual(['refused', 'backup.secret']);
    const plain = await compareKeeping(
      'plain-dfu',
      plainImage(program(64)),
      keeping('00000000', '00000000', '*:*'),
    );
    expect([plain.outcome, plain.error?.code]).toEqual(['refused', 'backup.secret']);
  });

  it('is what the board has no memory for', async () => {
    const end = start + 128 * 1024;
    const rig = makeRig('nanovna-h', { timeScale: 0 });
    const larger = dfuseImage([{ address: end - 256, bytes: new Uint8Array(512).fill(0xff) }]);
    const result = await compare(rig, larger);
    expect(result.comparison).toMatchObject({
      compared: [{ start: end - 256, end }],
      notCompared: [{ start: end, end: end + 256, why: 'outside-memory' }],
    });
    const elsewhere = dfuseImage([{ address: 0x20000000, bytes: new Uint8Array(64) }]);
    expect((await compare(rig, elsewhere)).error?.code).toBe('plan.outside-memory');
  });
});

describe('a board without addresses', () => {
  it('is compared from its beginning, as far as the file goes; one that ends early differs', async () => {
    const rig = makeRig('plain-dfu', { timeScale: 0 });
    const held = rig.board.flash.slice(0, 4_000);
    const same = await compare(rig, plainImage(held));
    expect(same.comparison).toMatchObject({ differentBytes: 0, sectors: 0 });
    expect(same.comparison?.compared).toEqual([{ alternate: 0, start: 0, end: 4_000 }]);
    const longer = new Uint8Array(rig.board.flash.length + 100);
    longer.set(rig.board.flash);
    const result = await compare(rig, plainImage(longer));
    expect(result.comparison).toMatchObject({ differentBytes: 100, differentSectors: 0 });
  });
});
