// What each misfortune does to a job, and that the words for it are true.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { runJob } from '../../main/jobs/run.ts';
import { sameBytes } from '../../main/base/bytes.ts';
import { sleep } from '../../main/base/clock.ts';
import type { Fault } from '../../main/bench/faults.ts';
import { verdictOf, type Result } from '../../shared/result.ts';
import { dfuseImage, flashRequest, makeRig, plainImage, program } from '../support/rig.ts';

const start = 0x08000000;
const image = program(6 * 2048, 3);
const request = flashRequest([dfuseImage([{ address: start, bytes: image }])]);

async function flashWith(faults: Fault[]): Promise<{ result: Result; written: boolean; unchanged: boolean }> {
  const rig = makeRig('nanovna-h', { faults });
  const before = rig.board.flash.slice();
  const result = await rig.run(request);
  const written = sameBytes(rig.board.flash.subarray(0, image.length), image);
  return { result, written, unchanged: sameBytes(rig.board.flash, before) };
}

describe('faults that are got over', () => {
  it.each<[string, Fault]>([
    ['GETSTATUS stalls three times', { kind: 'stall-status', block: 2, times: 3 }],
    ['falls to dfuIDLE instead of writing, once', { kind: 'fall-to-idle', block: 3, times: 1 }],
    ['lies about its poll time, short', { kind: 'poll-time', ms: 0 }],
    ['lies about its poll time, long', { kind: 'poll-time', ms: 4_000 }],
    ['sends strings with a wrong length', { kind: 'bad-strings', how: 'long-length' }],
    ['sends 8-bit strings', { kind: 'bad-strings', how: 'eight-bit' }],
    ['has no list of languages', { kind: 'bad-strings', how: 'no-language' }],
    ['takes 8 s to come back', { kind: 'return-after', ms: 8_000 }],
  ])('%s', async (_name, fault) => {
    const { result, written } = await flashWith([fault]);
    expect(result.error).toBeUndefined();
    expect(verdictOf(result)).toBe('verified-and-running');
    expect(written).toBe(true);
  });
});

describe('a computer with no time for us', () => {
  // Sixteen boards in a loaded guest: each answer took more than a second, and a board that was done was called stuck.
  it('takes its own slowness for no fault of the board', async () => {
    const rig = makeRig('nanovna-h');
    const { device } = rig.port;
    const control = device?.control.bind(device);
    if (device === undefined || control === undefined) throw new Error('there is no board');
    let blocks = 0;
    device.control = async (setup, data, signal) => {
      if (setup.requestType === 0x21 && setup.request === 1 && setup.value >= 2) blocks++;
      if (blocks > 0) await sleep(rig.clock, 3_000);
      return control(setup, data, signal);
    };
    const { error, content } = await rig.run({ ...request, verify: false });
    expect(error).toBeUndefined();
    expect(blocks).toBeGreaterThan(3);
    expect(content.kind).toBe('written');
  });
});

describe('faults that end a job with the truth', () => {
  it.each<[string, Fault, string, string]>([
    [
      'stays busy for ever on a block',
      { kind: 'stuck-busy', at: 'block', index: 2 },
      'dfu.stuck',
      'failed-resumable',
    ],
    [
      'stays busy for ever on an erase',
      { kind: 'stuck-busy', at: 'erase', index: 1 },
      'dfu.stuck',
      'failed-resumable',
    ],
    ['cannot program', { kind: 'status', at: 'block', index: 2, code: 6 }, 'dfu.status', 'failed-resumable'],
    ['refuses the image', { kind: 'status', at: 'block', index: 2, code: 2 }, 'dfu.status', 'failed-restore'],
    [
      'refuses the address',
      { kind: 'status', at: 'block', index: 2, code: 8 },
      'dfuse.address-refused',
      'failed-resumable',
    ],
    ['cannot erase', { kind: 'status', at: 'erase', index: 1, code: 4 }, 'dfu.status', 'failed-resumable'],
    [
      'drops a write and says OK',
      { kind: 'drop-write', block: 3 },
      'verify.mismatch',
      'failed-needs-reflash',
    ],
    [
      'falls to dfuIDLE every time',
      { kind: 'fall-to-idle', block: 3, times: 9 },
      'dfu.state',
      'failed-resumable',
    ],
    ['stalls a DNLOAD', { kind: 'stall-download', block: 1 }, 'usb.stall', 'failed-resumable'],
  ])('%s', async (_name, fault, code, verdict) => {
    const { result, unchanged } = await flashWith([fault]);
    expect(result.error?.code).toBe(code);
    expect(verdictOf(result)).toBe(verdict);
    expect(result.backup).toBeDefined();
    expect(unchanged).toBe(false);
  });

  it.each<[string, Fault, string, string]>([
    ['is read-protected', { kind: 'read-protected' }, 'dfuse.read-protected', 'refused-before-erase'],
    [
      'sends a short block while backing up',
      { kind: 'short-upload', index: 9 },
      'dfu.bad-answer',
      'failed-untouched',
    ],
    ['NAKs an UPLOAD for ever', { kind: 'nak', request: 2, index: 9 }, 'usb.timeout', 'failed-untouched'],
    ['NAKs GETSTATUS for ever', { kind: 'nak', request: 3, index: 0 }, 'usb.timeout', 'failed-untouched'],
    [
      'answers GETSTATUS with three bytes',
      { kind: 'short-status', index: 0, bytes: 3 },
      'dfu.bad-answer',
      'failed-untouched',
    ],
  ])('%s: the board is unchanged', async (_name, fault, code, verdict) => {
    const { result, unchanged } = await flashWith([fault]);
    expect(result.error?.code).toBe(code);
    expect(verdictOf(result)).toBe(verdict);
    expect(unchanged).toBe(true);
  });

  it('does not come back: said as not seen, and not as a failure', async () => {
    const { result, written } = await flashWith([{ kind: 'never-return' }]);
    expect(verdictOf(result)).toBe('verified-return-unseen');
    expect(written).toBe(true);
  });

  it('a blank program sends the chip back into its bootloader: not running', async () => {
    const rig = makeRig('nanovna-h');
    const result = await rig.run(
      flashRequest([dfuseImage([{ address: start, bytes: program(4_096).fill(0x11, 0, 8) }])]),
    );
    expect(verdictOf(result)).toBe('verified-not-returned');
  });
});

describe('plain DFU', () => {
  const bytes = program(5_000, 5);

  it('compares after a tolerant manifestation', async () => {
    const rig = makeRig('plain-dfu');
    const result = await rig.run(flashRequest([plainImage(bytes)]));
    expect(result).toMatchObject({ outcome: 'done', content: { kind: 'verified' } });
    expect(sameBytes(rig.board.flash.subarray(0, bytes.length), bytes)).toBe(true);
  });

  it('protocol byte 1 in DFU mode is no reason to detach', async () => {
    const rig = makeRig('plain-dfu', { protocol: 1 });
    const result = await rig.run(flashRequest([plainImage(bytes)]));
    expect(result).toMatchObject({ outcome: 'done', content: { kind: 'verified' } });
  });

  it('a closing request that loses the board is no failure yet', async () => {
    const rig = makeRig('plain-dfu', {
      faults: [{ kind: 'vanish', at: { what: 'manifest' }, returnAfterMs: 400 }],
    });
    const result = await rig.run(flashRequest([plainImage(bytes)]));
    expect(result).toMatchObject({ outcome: 'done', content: { kind: 'written' } });
    expect(verdictOf(result)).toMatch(/^written-unverified/);
    expect(sameBytes(rig.board.flash.subarray(0, bytes.length), bytes)).toBe(true);
  });

  it('an image refused at manifestation is a failure, and the backup is named', async () => {
    const rig = makeRig('plain-dfu', { faults: [{ kind: 'status', at: 'manifest', index: 0, code: 10 }] });
    const result = await rig.run(flashRequest([plainImage(bytes)]));
    expect(result.error).toMatchObject({ code: 'dfu.status', params: { status: 10 } });
    expect(verdictOf(result)).toBe('failed-restore');
  });

  it('a board that cannot be read is flashed only when that is said', async () => {
    const rig = makeRig('plain-dfu', { upload: false });
    const asked: string[] = [];
    const ask = (question: { id: string }): Promise<boolean> => {
      asked.push(question.id);
      return Promise.resolve(true);
    };
    const result = await rig.run(flashRequest([plainImage(bytes)]), { ask });
    expect(asked).toEqual(['go-without-backup', 'confirm']);
    expect(result).toMatchObject({ outcome: 'done', content: { kind: 'written' }, backup: undefined });
  });

  it.each([true, false])(
    'detaches (will-detach %s), flashes, and sees the program again',
    async (willDetach) => {
      const rig = makeRig('runtime-dfu', { willDetach });
      const result = await rig.run(flashRequest([plainImage(bytes)]));
      expect(result.error).toBeUndefined();
      expect(result).toMatchObject({ outcome: 'done', content: { kind: 'written' }, app: 'running' });
    },
  );

  it('on Windows a port cannot be reset, and that is said', async () => {
    const rig = makeRig('runtime-dfu', { willDetach: false }, { platform: 'win32' });
    const result = await rig.run(flashRequest([plainImage(bytes)]));
    expect(result.error?.code).toBe('device.not-returned');
    expect(verdictOf(result)).toBe('refused-before-erase');
  });
});

describe('a backup that cannot be saved', () => {
  it('is refused before the first erase, and says why', async () => {
    const rig = makeRig('nanovna-h');
    const before = rig.board.flash.slice();
    const blocked = path.join(mkdtempSync(path.join(tmpdir(), 'rekindle-blocked-')), 'file');
    writeFileSync(blocked, '');
    const host = {
      ...rig.services.host,
      paths: { ...rig.services.host.paths, backups: path.join(blocked, 'backups') },
    };
    const control = {
      stop: rig.stop.signal,
      abort: rig.abort.signal,
      emit: () => undefined,
      ask: () => Promise.resolve(true),
    };
    const result = await runJob(request, { ...rig.services, host }, control);
    expect(result).toMatchObject({
      outcome: 'refused',
      content: { kind: 'untouched' },
      error: { code: 'file.cannot-create' },
    });
    expect(sameBytes(rig.board.flash, before)).toBe(true);
  });

  it('also when the disk fills up while the board is read', async () => {
    const rig = makeRig('nanovna-h');
    const before = rig.board.flash.slice();
    const folder = rig.services.host.paths.backups;
    // The folder goes while the backup is read: what a vanishing disk looks like to a program.
    const emit = (event: { type: string; step?: string }): void => {
      if (event.type === 'progress' && event.step === 'back-up')
        rmSync(folder, { recursive: true, force: true });
      if (event.type === 'progress' && event.step === 'back-up') writeFileSync(folder, '');
    };
    const result = await rig.run(request, { emit });
    expect(result).toMatchObject({
      outcome: 'refused',
      content: { kind: 'untouched' },
      error: { code: 'file.cannot-create' },
    });
    expect(sameBytes(rig.board.flash, before)).toBe(true);
  });
});

describe('being let in', () => {
  it.each([
    ['access-denied', 'usb.access-denied'],
    ['no-driver', 'usb.no-driver'],
    ['busy', 'usb.busy'],
  ] as const)('%s', async (refuse, code) => {
    for (const platform of ['linux', 'darwin', 'win32'] as const) {
      const rig = makeRig('nanovna-h', {}, { refuse, platform });
      const result = await rig.run(request);
      expect(result.error?.code).toBe(code);
      expect(result).toMatchObject({ outcome: 'refused', content: { kind: 'untouched' } });
    }
  });
});
