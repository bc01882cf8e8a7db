import { describe, expect, it } from 'vitest';
import { realClock } from '../../main/base/clock.ts';
import { startWait, within } from '../../main/base/wait.ts';
import { FlashError } from '../../shared/errors/flash-error.ts';

const never = (): Promise<never> => new Promise(() => undefined);

describe('a call that cannot be interrupted', () => {
  it('brings what it brings, or throws what it throws, within its wait', async () => {
    const wait = startWait(realClock, 10_000);
    expect(await within(wait, realClock, Promise.resolve(1))).toBe(1);
    const own = new FlashError('usb.gone', {});
    await expect(within(wait, realClock, Promise.reject(own))).rejects.toBe(own);
  });

  it('is no longer waited for after the deadline, nor after the signal, and what it throws then troubles nobody', async () => {
    const late = Promise.withResolvers<never>();
    await expect(within(startWait(realClock, 20), realClock, late.promise)).rejects.toMatchObject({
      code: 'job.timeout',
    });
    late.reject(new Error('late'));
    const ending = new AbortController();
    const { signal } = ending;
    const waiting = within(startWait(realClock, 10_000, signal), realClock, never());
    ending.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'job.aborted' });
    await expect(within(startWait(realClock, 10_000, signal), realClock, never())).rejects.toMatchObject({
      code: 'job.aborted',
    });
  });
});
