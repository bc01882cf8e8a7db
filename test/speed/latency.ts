import { realClock } from '../../main/base/clock.ts';
import { Bench } from '../../main/bench/bench.ts';
import { createBoard } from '../../main/bench/boards/registry.ts';
import { linkBench } from '../usb-vm/bench-link.ts';
import type { Guest } from '../usb-vm/guest.ts';

/**
 * From the kernel's having configured a board to our first DFU request to it, ms, with the command line waiting for it
 * (`--wait`). Both moments are taken on the host, so what the guest's own bookkeeping costs is in the figure.
 */
export async function firstRequestAfterAttach(guest: Guest, rounds: number): Promise<number[]> {
  const latencies: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const bench = new Bench({ clock: realClock });
    const board = createBoard('nanovna-h', { clock: realClock, timeScale: 0 });
    const port = bench.plug(board);
    port.unplug();
    await using link = await linkBench(guest, bench);
    const args = [
      'backup',
      `/tmp/latency-${round}.bin`,
      '--raw',
      '--address',
      '0x08000000',
      '--length',
      '2048',
      '--wait',
      '30',
    ];
    const waiting = guest.start([guest.node, `${guest.repository}/dist/cli.js`, ...args], {
      env: { REKINDLE_DATA: '/tmp/speed' },
      timeoutMs: 60_000,
    });
    await waiting.waitForOutput(/Waiting for the board/, 30_000);
    port.replug();
    await link.settled();
    const configured = performance.now();
    while (board.statistics.getStatus === 0 && performance.now() - configured < 20_000) {
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    latencies.push(Math.max(0, performance.now() - configured));
    await waiting.ended;
  }
  return latencies;
}
