// A board that was sent into flash mode and comes back: on its port, on another, beside others of its kind.
import { describe, expect, it } from 'vitest';
import { startWait } from '../../main/base/wait.ts';
import { createBoard } from '../../main/bench/boards/registry.ts';
import { waitForCounterpart, type Which } from '../../main/devices/counterpart.ts';
import { provesByNumber } from '../../main/devices/same-board.ts';
import type { UsbDeviceFacts } from '../../main/transports/usb/usb-device.ts';
import { makeRig } from '../support/rig.ts';

const limitMs = 10_000;

/** A NanoVNA-H in flash mode on port 1-1, and what waits for it once it has been pulled. */
async function pulled(number?: string, which?: Which) {
  const rig = makeRig('nanovna-h');
  const { bench, clock, services } = rig;
  const { bus } = bench;
  const wait = startWait(clock, 60_000);
  const [facts] = await bus.list(wait);
  if (facts === undefined) throw new Error('no board');
  services.tracker.see(bus.name, [facts], clock.now());
  if (number !== undefined) {
    const place = { bus: bus.name, portPath: '1-1', generation: facts.generation };
    services.tracker.learn(place, { serial: number, product: undefined, matches: [] }, clock.now());
  }
  const before = { ...facts, taken: new Set(['1-1']) };
  return {
    rig,
    plug: (portPath: string) => void bench.plug(createBoard('nanovna-h', { clock }), portPath),
    pull: () => bench.unplug('1-1'),
    back: () =>
      waitForCounterpart(bus, before, {
        clock,
        limitMs,
        wait,
        accept: ({ productId }) => productId === 0xdf11,
        isSame: provesByNumber(services.tracker, bus, '1-1', { clock, wait }),
        which,
      }),
  };
}

const portOf = (facts: UsbDeviceFacts | undefined): string | undefined => facts?.portPath;

describe('a board that was sent away', () => {
  it('is the one on its own port, whatever comes to others', async () => {
    const { rig, plug, pull, back } = await pulled();
    pull();
    const found = back();
    plug('1-2');
    rig.clock.after(2_000, () => plug('1-1'));
    expect(portOf(await found)).toBe('1-1');
  });

  it('is on another port only where a number of its own proves it', async () => {
    // The virtual board's ROM says what every STM32F072's says; this one is believed, for the test, to say its own.
    const { plug, pull, back, rig } = await pulled('208737815056');
    const isNumberOf = rig.services.tracker.isNumberOf.bind(rig.services.tracker);
    rig.services.tracker.isNumberOf = (place, number) =>
      isNumberOf(place, number === 'FFFFFFFEFFFF' ? '208737815056' : number);
    pull();
    const found = back();
    plug('1-3');
    expect(portOf(await found)).toBe('1-3');
  });

  it('is not guessed: one on another port without a number of its own is asked for', async () => {
    const { plug, pull, back } = await pulled();
    pull();
    const found = back();
    plug('1-2');
    await expect(found).rejects.toMatchObject({
      code: 'device.elsewhere',
      params: { portPath: '1-1', found: ['1-2  USB 0483:df11'] },
    });
  });

  it('is not guessed between two: both ports are told', async () => {
    const { plug, pull, back } = await pulled('208737815056');
    pull();
    const found = back();
    plug('1-2');
    plug('1-3');
    await expect(found).rejects.toMatchObject({
      code: 'device.elsewhere',
      params: { found: ['1-2  USB 0483:df11', '1-3  USB 0483:df11'] },
    });
  });

  it('is none of those that stood there before it left', async () => {
    const rig = makeRig('nanovna-h');
    rig.bench.plug(createBoard('nanovna-h', { clock: rig.clock }), '1-2');
    const { bus } = rig.bench;
    const wait = startWait(rig.clock, 60_000);
    const [facts] = await bus.list(wait);
    if (facts === undefined) throw new Error('no board');
    rig.bench.unplug('1-1');
    rig.bench.replug('1-2');
    const back = await waitForCounterpart(
      bus,
      { ...facts, taken: new Set(['1-1', '1-2']) },
      {
        clock: rig.clock,
        limitMs,
        wait,
        accept: () => true,
        isSame: () => Promise.resolve(true),
        which: undefined,
      },
    );
    expect(back).toBeUndefined();
  });
});
