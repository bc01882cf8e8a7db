// The list of boards on bad days: devices that flap, boards that do not answer, the end in the middle of a look.
import { describe, expect, it } from 'vitest';
import { realClock, sleep, type Clock } from '../../main/base/clock.ts';
import { Bench } from '../../main/bench/bench.ts';
import { createBoard } from '../../main/bench/boards/registry.ts';
import { SimulatedClock } from '../../main/bench/simulated-clock.ts';
import { BoardWatch } from '../../main/jobs/board-watch.ts';
import type { UsbBus } from '../../main/transports/usb/usb-device.ts';
import { FlashError } from '../../shared/errors/flash-error.ts';
import { makeRig } from '../support/rig.ts';

function plug(bench: Bench, portPath: string, clock: Clock = realClock): void {
  bench.plug(createBoard('nanovna-h', { clock, timeScale: 0 }), portPath);
}

/** A watch on a bench of its own, whose bus is changed by `wrap`. */
function watchOver(
  wrap: (bus: UsbBus) => UsbBus,
  clock: Clock = realClock,
): { bench: Bench; watch: BoardWatch } {
  const bench = new Bench({ clock, transferMs: 0 });
  const { services } = makeRig('nanovna-h');
  const buses = [wrap(bench.bus)];
  return { bench, watch: new BoardWatch({ ...services, clock, buses }, () => false) };
}

/** A bus whose `open` can be made to wait, or to do something else, by port. */
function withOpen(bus: UsbBus, open: Record<string, (() => Promise<unknown>) | undefined>): UsbBus {
  return {
    name: bus.name,
    virtual: bus.virtual,
    list: (wait) => bus.list(wait),
    watch: (changed) => bus.watch(changed),
    async open(facts, wait) {
      await open[facts.portPath]?.();
      return await bus.open(facts, wait);
    },
  };
}

function portsOf(watch: BoardWatch): string[] {
  return watch.seen.value.boards.map(({ portPath }) => portPath);
}

describe('what is plugged in', () => {
  it('is told after one look, and looked at in peace, however often a device comes and goes', async () => {
    let [looks, changed] = [0, (): void => undefined];
    const clock = new SimulatedClock();
    const flapping = (bus: UsbBus): UsbBus => ({
      name: bus.name,
      virtual: true,
      list(wait) {
        looks++;
        // Every look finds that something has changed since.
        queueMicrotask(changed);
        return bus.list(wait);
      },
      watch: (listener) => {
        changed = listener;
        return bus.watch(listener);
      },
      open: (facts, wait) => bus.open(facts, wait),
    });
    const { bench, watch } = watchOver(flapping, clock);
    plug(bench, '1-1', clock);
    await watch.refresh();
    expect(portsOf(watch)).toEqual(['1-1']);
    const before = looks;
    await sleep(clock, 1_000);
    expect(looks - before).toBeGreaterThan(10);
    expect(looks - before).toBeLessThanOrEqual(1_000 / 50 + 1);
    await watch[Symbol.asyncDispose]();
  });

  it('is shown at once beside a board that does not answer', async () => {
    const gate = Promise.withResolvers<undefined>();
    const { bench, watch } = watchOver((bus) => withOpen(bus, { '1-2': () => gate.promise }));
    for (const portPath of ['1-1', '1-2', '1-3']) plug(bench, portPath);
    const looked = watch.refresh();
    await expect.poll(() => portsOf(watch)).toEqual(['1-1', '1-3']);
    gate.resolve(undefined);
    await looked;
    expect(portsOf(watch)).toEqual(['1-1', '1-2', '1-3']);
    await watch[Symbol.asyncDispose]();
  });

  it('stays as it was while it is being looked at again', async () => {
    const gate = Promise.withResolvers<undefined>();
    const open: Record<string, () => Promise<unknown>> = {
      '1-1': () => {
        open['1-1'] = () => gate.promise;
        return Promise.reject(new FlashError('usb.gone', {}));
      },
    };
    const { bench, watch } = watchOver((bus) => withOpen(bus, open));
    plug(bench, '1-1');
    await expect.poll(() => watch.seen.value.boards[0]?.problem?.code).toBe('usb.gone');
    plug(bench, '1-2');
    await expect.poll(() => portsOf(watch)).toEqual(['1-1', '1-2']);
    expect(watch.seen.value.boards[0]?.problem?.code).toBe('usb.gone');
    gate.resolve(undefined);
    await expect.poll(() => watch.seen.value.boards[0]?.problem).toBeUndefined();
    await watch[Symbol.asyncDispose]();
  });

  it('nobody waits for a look after the end', async () => {
    const { bench, watch } = watchOver((bus) => bus);
    plug(bench, '1-1');
    const looks = [watch.refresh(), watch.refresh()];
    await watch[Symbol.asyncDispose]();
    await Promise.all([...looks, watch.refresh()]);
  });

  it('sixteen pulled in the middle of a look leave nothing behind', async () => {
    const { bench, watch } = watchOver((bus) => bus);
    const ports = Array.from({ length: 16 }, (_, at) => `1-${at + 1}`);
    for (const portPath of ports) plug(bench, portPath);
    const looked = watch.refresh();
    await Promise.resolve();
    for (const portPath of ports) bench.unplug(portPath);
    await looked;
    await expect.poll(() => portsOf(watch)).toEqual([]);
    await watch[Symbol.asyncDispose]();
  });
});

describe('a board that a person names', () => {
  const pytrackAt = (bench: Bench, portPath: string): void =>
    void bench.plug(createBoard('pytrack', { clock: realClock, timeScale: 0 }), portPath);
  const profileAt = (watch: BoardWatch, portPath: string) => {
    const found = watch.seen.value.boards.find((one) => one.portPath === portPath);
    return [found?.profile, found?.known, found?.name];
  };
  const two = ['pycom-pytrack-2x', 'told', 'Pytrack 2X'];

  it('has that name on its port until another stands there, and no other port has it', async () => {
    const { bench, watch } = watchOver((bus) => bus);
    for (const portPath of ['1-1', '1-2']) pytrackAt(bench, portPath);
    await expect.poll(() => portsOf(watch)).toEqual(['1-1', '1-2']);
    await watch.tell('1-1', 'pycom-pytrack-2x');
    expect(profileAt(watch, '1-1')).toEqual(two);
    expect(profileAt(watch, '1-2').slice(0, 2)).toEqual([undefined, undefined]);
    await watch.tell('1-1', undefined);
    expect(profileAt(watch, '1-1')[0]).toBeUndefined();
    await watch.tell('1-1', 'pycom-pytrack-2x');
    plug(bench, '1-1');
    await expect.poll(() => profileAt(watch, '1-1')[2]).not.toBe('Pytrack 2X');
    await watch[Symbol.asyncDispose]();
  });

  it('is not one that it cannot be, and none is told of a port without a board', async () => {
    const { bench, watch } = watchOver((bus) => bus);
    pytrackAt(bench, '1-1');
    await expect.poll(() => portsOf(watch)).toEqual(['1-1']);
    const told = (portPath: string, profile: string) => watch.tell(portPath, profile);
    await expect(told('1-1', 'pycom-pysense')).rejects.toMatchObject({ code: 'device.not-that-board' });
    await expect(told('1-1', 'pycom-nothing')).rejects.toMatchObject({ code: 'api.unknown' });
    await expect(told('1-9', 'pycom-pytrack')).rejects.toMatchObject({ code: 'api.unknown' });
    expect(profileAt(watch, '1-1')[0]).toBeUndefined();
    await watch[Symbol.asyncDispose]();
  });
});

describe('when no hint comes', () => {
  const deaf = (bus: UsbBus): UsbBus => ({
    name: bus.name,
    virtual: bus.virtual,
    list: (wait) => bus.list(wait),
    open: (facts, wait) => bus.open(facts, wait),
    watch: () => ({ [Symbol.dispose]: () => undefined }),
  });

  it('the ports are looked at all the same, and what could not be opened is left alone', async () => {
    let opened = 0;
    const { bench, watch } = watchOver((bus) =>
      deaf(
        withOpen(bus, {
          '1-1': () => {
            opened++;
            return Promise.reject(
              new FlashError('usb.access-denied', { portPath: '1-1', ids: '', platform: 'linux' }),
            );
          },
        }),
      ),
    );
    plug(bench, '1-1');
    await watch.refresh();
    plug(bench, '1-2');
    await expect.poll(() => portsOf(watch)).toEqual(['1-1', '1-2']);
    expect(opened).toBe(1);
    await watch.refresh();
    expect(opened).toBe(2);
    await watch[Symbol.asyncDispose]();
  });
});
