// The list of boards on bad days: devices that flap, boards that do not answer, the end in the middle of a look.
import { setTimeout as pass } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { realClock } from '../../main/base/clock.ts';
import { Bench } from '../../main/bench/bench.ts';
import { createBoard } from '../../main/bench/boards/registry.ts';
import { BoardWatch } from '../../main/jobs/board-watch.ts';
import type { UsbBus } from '../../main/transports/usb/usb-device.ts';
import { FlashError } from '../../shared/errors/flash-error.ts';
import { makeRig } from '../support/rig.ts';

function plug(bench: Bench, portPath: string): void {
  bench.plug(createBoard('nanovna-h', { clock: realClock, timeScale: 0 }), portPath);
}

/** A watch on a bench of its own, whose bus is changed by `wrap`. */
function watchOver(wrap: (bus: UsbBus) => UsbBus): { bench: Bench; watch: BoardWatch } {
  const bench = new Bench({ clock: realClock, transferMs: 0 });
  const { services } = makeRig('nanovna-h');
  const buses = [wrap(bench.bus)];
  return { bench, watch: new BoardWatch({ ...services, clock: realClock, buses }, () => false) };
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
    const { bench, watch } = watchOver((bus) => ({
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
    }));
    plug(bench, '1-1');
    await watch.refresh();
    expect(portsOf(watch)).toEqual(['1-1']);
    const [before, began] = [looks, performance.now()];
    await pass(300);
    expect(looks - before).toBeGreaterThan(1);
    expect(looks - before).toBeLessThan((performance.now() - began) / 50 + 2);
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
