// A value for any number of watchers: whole, at their own pace, never a queue. On a simulated clock, so that pace is exact.
import { describe, expect, it } from 'vitest';
import { Snapshots } from '../../main/base/snapshots.ts';
import { SimulatedClock } from '../../main/bench/simulated-clock.ts';

function pause(clock: SimulatedClock, milliseconds: number): Promise<void> {
  return new Promise((resolve) => clock.after(milliseconds, resolve));
}

/** Watches in the background: what was seen, and when. */
function watch<T>(snapshots: Snapshots<T>, clock: SimulatedClock, signal: AbortSignal) {
  const seen: { value: T; at: number }[] = [];
  const ended = (async () => {
    for await (const value of snapshots.watch(signal)) seen.push({ value, at: clock.now() });
  })();
  return { seen, ended };
}

describe('Snapshots', () => {
  it('tells what counts on at most so often, the newest each time', async () => {
    const clock = new SimulatedClock();
    const snapshots = new Snapshots(0, clock, 100);
    const controller = new AbortController();
    const { seen, ended } = watch(snapshots, clock, controller.signal);
    for (let i = 1; i <= 100; i++) {
      await pause(clock, 7);
      snapshots.set(i, false);
    }
    await pause(clock, 200);
    controller.abort();
    await ended;
    expect(seen[0]?.value).toBe(0);
    expect(seen.at(-1)?.value).toBe(100);
    expect(seen.length).toBeLessThanOrEqual(9);
    for (const [index, { at }] of seen.slice(1).entries())
      expect(at - (seen[index]?.at ?? 0)).toBeGreaterThanOrEqual(100);
  });

  it('tells a change of state at once', async () => {
    const clock = new SimulatedClock();
    const snapshots = new Snapshots('a', clock, 100);
    const controller = new AbortController();
    const { seen, ended } = watch(snapshots, clock, controller.signal);
    await pause(clock, 1);
    snapshots.set('b', true);
    await pause(clock, 1);
    snapshots.set('c', true);
    await pause(clock, 1);
    controller.abort();
    await ended;
    expect(seen.map(({ value }) => value)).toEqual(['a', 'b', 'c']);
  });

  it('keeps one value for a watcher that is slow, whatever came in between', async () => {
    const clock = new SimulatedClock();
    const snapshots = new Snapshots(0, clock, 1);
    const controller = new AbortController();
    const slow = snapshots.watch(controller.signal);
    expect((await slow.next()).value).toBe(0);
    for (let i = 1; i <= 1000; i++) snapshots.set(i, true);
    expect((await slow.next()).value).toBe(1000);
    controller.abort();
    expect((await slow.next()).done).toBe(true);
  });

  it('leaves nothing behind on a signal that lives on', async () => {
    const clock = new SimulatedClock();
    const snapshots = new Snapshots(0, clock, 1);
    const { signal } = new AbortController();
    let listeners = 0;
    const [add, remove] = [signal.addEventListener.bind(signal), signal.removeEventListener.bind(signal)];
    signal.addEventListener = (...args: Parameters<typeof add>) => {
      listeners++;
      add(...args);
    };
    signal.removeEventListener = (...args: Parameters<typeof remove>) => {
      listeners--;
      remove(...args);
    };
    const watching = snapshots.watch(signal);
    for (let i = 0; i < 50; i++) {
      snapshots.set(i, true);
      await watching.next();
    }
    await watching.return();
    expect(listeners).toBe(0);
  });
});
