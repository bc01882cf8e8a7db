// Once a day, where it was switched on, and never otherwise; on a clock of the test's own.
import { describe, expect, it } from 'vitest';
import { SimulatedClock } from '../../main/bench/simulated-clock.ts';
import { realClock, sleep, type Clock } from '../../main/base/clock.ts';
import { lookDaily } from '../../main/updates/daily.ts';
import { keepLookingDaily } from '../../main/updates/look-daily.ts';
import { lookForUpdates } from '../../main/updates/look.ts';
import { startFirmwareServer } from '../support/firmware-server.ts';
import { boardWith, indexAt, indexBytes, makeUpdatesRig } from '../support/updates-rig.ts';

const hourMs = 60 * 60_000;
const start = Date.parse('2026-11-21T12:00:00Z');

function makeDaily(wanted: boolean, last?: string) {
  const clock = new SimulatedClock();
  const looks: number[] = [];
  const state = {
    wanted,
    last: last === undefined ? undefined : new Date(last),
    setBackMs: 0,
    offline: false,
  };
  const now = (): Date => new Date(start + clock.now() - state.setBackMs);
  const daily = lookDaily({
    clock,
    now,
    wanted: () => state.wanted,
    lastLook: () => Promise.resolve(state.last),
    look() {
      looks.push(Math.round(clock.now() / hourMs));
      if (!state.offline) state.last = now();
      return Promise.resolve();
    },
  });
  return { clock, looks, state, daily };
}

describe('the daily look', () => {
  it('is off unless it was switched on', async () => {
    const { clock, looks, daily } = makeDaily(false);
    await sleep(clock, 72 * hourMs);
    expect(looks).toEqual([]);
    daily[Symbol.dispose]();
  });

  it('comes once a day, from the last look on', async () => {
    const { clock, looks, daily } = makeDaily(true, '2026-11-21T02:00:00Z');
    await sleep(clock, 72 * hourMs);
    expect(looks).toEqual([14, 38, 62]);
    daily[Symbol.dispose]();
  });

  it('comes soon where the last one was long ago, or none ever was', async () => {
    for (const last of [undefined, '2026-11-01T00:00:00Z']) {
      const { clock, looks, daily } = makeDaily(true, last);
      await sleep(clock, 2 * hourMs);
      expect(looks).toEqual([0]);
      daily[Symbol.dispose]();
    }
  });

  it('follows the switch', async () => {
    const { clock, looks, state, daily } = makeDaily(false, '2026-11-01T00:00:00Z');
    await sleep(clock, 30 * hourMs);
    state.wanted = true;
    await sleep(clock, 2 * hourMs);
    expect(looks).toEqual([30]);
    state.wanted = false;
    await sleep(clock, 60 * hourMs);
    expect(looks).toEqual([30]);
    daily[Symbol.dispose]();
  });

  it('is not put off by a clock that was set back by years', async () => {
    const { clock, looks, state, daily } = makeDaily(true, '2026-11-21T11:00:00Z');
    state.setBackMs = 3 * 365 * 24 * hourMs;
    await sleep(clock, 2 * hourMs);
    expect(looks).toEqual([0]);
    daily[Symbol.dispose]();
  });

  it('that comes to nothing is tried again every hour, and no more often', async () => {
    const { clock, looks, state, daily } = makeDaily(true);
    state.offline = true;
    await sleep(clock, 5.5 * hourMs);
    expect(looks).toEqual([0, 1, 2, 3, 4, 5]);
    daily[Symbol.dispose]();
  });

  it('ends with the studio', async () => {
    const { clock, looks, daily } = makeDaily(true);
    daily[Symbol.dispose]();
    await sleep(clock, 48 * hourMs);
    expect(looks).toEqual([]);
  });
});

describe('a studio that stays open', () => {
  it('asks the sources of boards that were looked for before, and only where that was switched on', async () => {
    await using server = await startFirmwareServer();
    server.on('/index.json', indexBytes());
    const rig = makeUpdatesRig(server);
    // Only the long waits are short: the clock jumps to their end, and a look has all the time there is.
    let jumpedMs = 0;
    const clock: Clock = {
      now: () => realClock.now() + jumpedMs,
      after: (milliseconds, action) =>
        milliseconds < 10 * 60_000
          ? realClock.after(milliseconds, action)
          : realClock.after(20, () => {
              jumpedMs += milliseconds;
              action();
            }),
    };
    const services = { ...rig.services, clock };
    const profile = boardWith(indexAt(server.origin));
    let wanted = false;
    let changes = 0;
    using _daily = keepLookingDaily(services, {
      profiles: [profile],
      wanted: () => wanted,
      changed() {
        changes++;
        // None is under way afterwards.
        wanted = false;
      },
    });
    await sleep(realClock, 200);
    expect(server.asked).toEqual([]);
    wanted = true;
    await expect.poll(() => changes).toBe(1);
    // It was never looked for: nobody said that this board matters.
    expect(server.asked).toEqual([]);
    await lookForUpdates(rig.services, profile, { wait: rig.wait(), ask: 'sources' });
    expect(server.asked).toHaveLength(1);
    // A look is as old as the file it is kept in.
    rig.date = new Date(Date.now() + 25 * hourMs);
    wanted = true;
    await expect.poll(() => server.asked.length).toBeGreaterThan(1);
  });
});
