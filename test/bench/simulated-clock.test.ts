import { mkdtempSync, rmSync, watch } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { sleep } from '../../main/base/clock.ts';
import { SimulatedClock } from '../../main/bench/simulated-clock.ts';

describe('the simulated clock', () => {
  it('fires timers in the order of their times, then of their making', async () => {
    const clock = new SimulatedClock();
    const fired: string[] = [];
    clock.after(20, () => fired.push(`c ${clock.now()}`));
    clock.after(10, () => fired.push(`a ${clock.now()}`));
    clock.after(10, () => fired.push(`b ${clock.now()}`));
    const cancel = clock.after(15, () => fired.push('cancelled'));
    cancel();
    await sleep(clock, 25);
    expect(fired).toEqual(['a 10', 'b 10', 'c 20']);
    expect(clock.now()).toBe(25);
  });

  it('stands still while files are worked on', async () => {
    const clock = new SimulatedClock();
    const folder = mkdtempSync(path.join(tmpdir(), 'rekindle-clock-'));
    try {
      let late = false;
      clock.after(1, () => (late = true));
      const file = path.join(folder, 'a');
      for (let round = 0; round < 20; round++) {
        await writeFile(file, new Uint8Array(200_000));
        await readFile(file);
        expect(late).toBe(false);
      }
      await sleep(clock, 2);
      expect(late).toBe(true);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('goes on while a folder is watched, which never ends', async () => {
    const clock = new SimulatedClock();
    const watcher = watch(tmpdir());
    try {
      await sleep(clock, 60_000);
      expect(clock.now()).toBe(60_000);
    } finally {
      watcher.close();
    }
  });

  it('a timer that never comes moves no time', async () => {
    const clock = new SimulatedClock();
    let fired = false;
    clock.after(Number.POSITIVE_INFINITY, () => (fired = true));
    await sleep(clock, 20);
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
    expect([fired, clock.now()]).toEqual([false, 20]);
  });

  it('stands still while it is held', async () => {
    const clock = new SimulatedClock();
    const hold = clock.hold();
    let fired = false;
    clock.after(5, () => (fired = true));
    for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
    expect(fired).toBe(false);
    hold[Symbol.dispose]();
    hold[Symbol.dispose]();
    await sleep(clock, 10);
    expect(fired).toBe(true);
  });

  it('passes thousands of timers in a second', async () => {
    const clock = new SimulatedClock();
    const started = performance.now();
    for (let count = 0; count < 2_000; count++) await sleep(clock, 1);
    expect(clock.now()).toBe(2_000);
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});
