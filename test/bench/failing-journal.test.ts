// A journal that cannot be written stops no flash, and what it missed is told.
import { describe, expect, it } from 'vitest';
import { Journal } from '../../main/jobs/journal.ts';
import type { Services } from '../../main/jobs/services.ts';
import { FlashError } from '../../shared/errors/flash-error.ts';
import type { JobEvent } from '../../shared/job-events.ts';
import { realBus } from '../support/real-bus.ts';
import { makeRig, type Rig } from '../support/rig.ts';
import { bytesIn, lieOf } from '../support/told-truth.ts';
import { doorOf, image, mortal, reborn, request, run, start } from './mortal-program.ts';

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
