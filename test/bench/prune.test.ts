// Old backups that go by themselves: never one that a half-written board needs, and never at a job's cost.
import { readdirSync, renameSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { prunable, prune } from '../../main/jobs/prune.ts';
import { runAnyJob } from '../../main/jobs/run-any.ts';
import type { BackupRequest } from '../../main/jobs/request.ts';
import { FlashError } from '../../shared/errors/flash-error.ts';
import type { JobEvent } from '../../shared/job-events.ts';
import type { Result } from '../../shared/result.ts';
import { jobWarningText } from '../../shared/text/job-warnings.ts';
import { realBus } from '../support/real-bus.ts';
import { dfuseImage, flashRequest, makeRig, program, type Rig } from '../support/rig.ts';

const backup: BackupRequest = {
  kind: 'backup',
  selection: { waitMs: 0 },
  raw: false,
  leave: false,
  reset: false,
};

const nameOf = (result: Result): string => path.basename(result.backup?.path ?? '');

/** As if it had been made at another second: the rig's clock stands still. */
function age(rig: Rig, name: string, second: number): string {
  const { backups } = rig.services.host.paths;
  const older = name.replace(/-(\d{8}T\d{4})\d\dZ-/, `-$1${String(second).padStart(2, '0')}Z-`);
  renameSync(path.join(backups, name), path.join(backups, older));
  renameSync(path.join(backups, `${name}.json`), path.join(backups, `${older}.json`));
  return older;
}

describe('old backups', () => {
  it('that an open job needs stay until it is done with', async () => {
    const faults = [{ kind: 'vanish', at: { what: 'block', index: 3 } }] as const;
    const rig = makeRig('nanovna-h', { timeScale: 0, faults }, { wrap: realBus });
    const { journal } = rig.services;
    const first = age(rig, nameOf(await rig.run(backup)), 1);
    const image = dfuseImage([{ address: 0x08000000, bytes: program(20_000) }]);
    const failed = await rig.run(flashRequest([image]));
    expect(failed).toMatchObject({ outcome: 'interrupted', next: 'continue' });
    const needed = nameOf(failed);
    rig.port.replug();
    const newest = nameOf(await rig.run({ ...backup, twice: true }));
    expect(new Set([first, needed, newest]).size).toBe(3);
    expect((await prunable(journal, { keep: 1 })).map(({ id }) => id)).toEqual([first]);
    const [job] = await journal.openJobs();
    await journal.discard(job?.id ?? '');
    expect(new Set((await prune(journal, { keep: 1 })).map(({ id }) => id))).toEqual(
      new Set([needed, first]),
    );
    const names = readdirSync(rig.services.host.paths.backups).filter((name) => !name.endsWith('.json'));
    expect(names).toEqual([newest]);
  });

  it('that cannot be thrown away are no failure of the job that made a new one, and it is said', async () => {
    const rig = makeRig('nanovna-h', { timeScale: 0 });
    const asked: string[] = [];
    const services = {
      ...rig.services,
      tidyBackups: () => {
        asked.push('asked');
        return Promise.reject(new FlashError('store.locked', { path: 'x', waitedMs: 1 }));
      },
    };
    const events: JobEvent[] = [];
    const never = new AbortController().signal;
    const control = {
      stop: never,
      abort: never,
      emit: (event: JobEvent) => void events.push(event),
      ask: () => Promise.resolve(true),
    };
    const result = await runAnyJob(backup, services, control);
    expect(result.outcome).toBe('done');
    const warnings = events.filter((event) => event.type === 'warning');
    expect(warnings).toEqual([
      { type: 'warning', code: 'backup.not-pruned', params: { reason: 'store.locked' } },
    ]);
    expect(events.at(-1)?.type).toBe('result');
    const words = jobWarningText('backup.not-pruned', { reason: 'store.locked' }, 'linux', true);
    expect(words.advice).toContain('nothing is missing');
    expect(words.advice).toContain('unfinished job');
    // A job that made none asks for nothing.
    const selection = { waitMs: 0 };
    await runAnyJob({ kind: 'detach', selection }, services, control);
    expect(asked).toHaveLength(1);
  });
});
