// Keys never go into a file: what a profile calls secret is left out of every backup (devices.md 1.10).
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readImage } from '../../main/images/registry.ts';
import { planFlash } from '../../main/jobs/plan.ts';
import type { BackupRequest } from '../../main/jobs/request.ts';
import { runJob } from '../../main/jobs/run.ts';
import type { Profile } from '../../shared/profile.ts';
import type { Result } from '../../shared/result.ts';
import { f405, plain } from '../support/boards.ts';
import { profile } from '../support/profiles.ts';
import { dfuseImage, flashRequest, makeRig, plainImage, program } from '../support/rig.ts';

const start = 0x08000000;
const end = 0x08100000;

function keeping(first: string, last: string, ids = '0483:df11', alternate = 0): Profile {
  return profile({
    modes: [{ kind: 'flash', ids: [ids], source: 'me' }],
    secrets: [{ alternate, first, last, what: 'its keys', source: 'me' }],
  });
}

async function backUp(
  board: 'stm32f405' | 'plain-dfu',
  secret: Profile,
  changes: Partial<BackupRequest> = {},
): Promise<Result> {
  const rig = makeRig(board, { timeScale: 0 });
  return await runJob(
    { kind: 'backup', selection: { waitMs: 0 }, raw: false, leave: false, reset: false, ...changes },
    { ...rig.services, profiles: [secret] },
    {
      stop: rig.stop.signal,
      abort: rig.abort.signal,
      emit: () => undefined,
      ask: () => Promise.resolve(true),
    },
  );
}

function rangesIn(result: Result): number[][] {
  const file = readImage(new Uint8Array(readFileSync(result.backup?.path ?? '')), 'backup.dfu');
  return file.parts.map((part) => [part.address ?? 0, (part.address ?? 0) + part.bytes.length]);
}

describe('a backup', () => {
  it('leaves out exactly the secret bytes', async () => {
    const result = await backUp('stm32f405', keeping('08000022', '080004e1'));
    expect(result.outcome).toBe('done');
    expect(rangesIn(result)).toEqual([
      [start, 0x08000022],
      [0x080004e2, end],
    ]);
  });

  it('before a flash does so, too', () => {
    const guards = {
      forbidden: [],
      secrets: [{ alternate: 0, range: { start: 0x08000010, end: 0x08000020 }, what: 'its keys' }],
    };
    const image = dfuseImage([{ address: 0x08004000, bytes: program(64) }]);
    const { backup } = planFlash({ ...f405, guards }, flashRequest([image]), []);
    expect(backup.map((one) => one.range)).toEqual([
      { start, end: 0x08000010 },
      { start: 0x08000020, end },
    ]);
  });

  it('of a memory that is nothing else is refused', async () => {
    const result = await backUp('stm32f405', keeping('08000000', '080fffff'));
    expect(result.error?.code).toBe('backup.secret');
    expect([result.outcome, result.backup]).toEqual(['refused', undefined]);
  });

  it.each([
    ['the first secret byte', 0x08000010, 1, 'backup.secret'],
    ['the byte before', 0x0800000f, 1, undefined],
    ['the last secret byte', 0x0800001f, 1, 'backup.secret'],
    ['the byte behind', 0x08000020, 1, undefined],
    ['what reaches into it', 0x08000000, 17, 'backup.secret'],
  ])('of %s, asked for by address', async (_, address, length, code) => {
    const result = await backUp('stm32f405', keeping('08000010', '0800001f'), { address, length, raw: true });
    expect(result.error?.code).toBe(code);
  });

  it('of a board without addresses is refused where anything in it is secret', async () => {
    const ids = '*:*';
    expect((await backUp('plain-dfu', keeping('00000000', '00000000', ids))).error?.code).toBe(
      'backup.secret',
    );
    expect((await backUp('plain-dfu', keeping('00000000', '00000000', ids, 1))).outcome).toBe('done');
  });

  it('that cannot be made because of secrets is asked about before a flash', () => {
    const guards = {
      forbidden: [],
      secrets: [{ alternate: 0, range: { start: 0, end: 1 }, what: 'its keys' }],
    };
    const { plan, backup } = planFlash({ ...plain, guards }, flashRequest([plainImage(program(64))]), []);
    expect(backup).toEqual([]);
    expect(plan.questions.map((one) => one.id)).toContain('go-without-backup');
  });
});

describe('what must never be written', () => {
  const guarded = (first: number, last: number) => ({
    ...f405,
    guards: {
      forbidden: [{ alternate: 0, range: { start: first, end: last + 1 }, what: 'its loader' }],
      secrets: [],
    },
  });
  const refusals = (board: typeof f405, address: number, length: number): string[] =>
    planFlash(board, flashRequest([dfuseImage([{ address, bytes: program(length) }])]), []).plan.refusals.map(
      (one) => one.code,
    );

  it('is not erased with a sector either', () => {
    // The image lies beside it, in the same sector of 16 KB, and in the next.
    expect(refusals(guarded(0x08002000, 0x080020ff), 0x08000000, 64)).toEqual(['plan.forbidden-range']);
    expect(refusals(guarded(0x08002000, 0x080020ff), 0x08004000, 64)).toEqual([]);
    expect(refusals(guarded(0x08003fff, 0x08003fff), 0x08004000, 64)).toEqual([]);
  });

  it('is not erased with the whole chip', async () => {
    const rig = makeRig('stm32f405', { timeScale: 0 });
    const closed = profile({
      modes: [{ kind: 'flash', ids: ['0483:df11'], source: 'me' }],
      forbidden: [{ alternate: 0, first: '080c0000', last: '080c0000', what: 'its loader', source: 'me' }],
    });
    const control = {
      stop: rig.stop.signal,
      abort: rig.abort.signal,
      emit: () => undefined,
      ask: () => Promise.resolve(true),
    };
    for (const command of ['mass-erase', 'read-unprotect'] as const) {
      const result = await runJob(
        { kind: 'chip', command, selection: { waitMs: 0 }, dryRun: false, allow: new Set([command]) },
        { ...rig.services, profiles: [closed] },
        control,
      );
      expect([result.error?.code, result.content.kind]).toEqual(['plan.forbidden-range', 'untouched']);
    }
  });
});
