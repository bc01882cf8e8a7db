// The Pytrack caught in its window, plugged in at moments nobody chose, by our command line on real libusb as an ordinary
// account: what follows from a plug goes through the kernel, udev and its rules first.
import { readFileSync } from 'node:fs';
import { beforeAll, expect, it } from 'vitest';
import { sameBytes } from '../../main/base/bytes.ts';
import { realClock, sleep } from '../../main/base/clock.ts';
import type { BenchPort } from '../../main/bench/bench.ts';
import { pycomImage } from '../../main/bench/boards/pycom.ts';
import { addDfuSuffix } from '../../main/images/formats/dfu-write.ts';
import { quantile } from '../speed/table.ts';
import { describeInGuest, quickBoard, resultOf } from './in-guest.ts';

const soak = process.env['REKINDLE_SOAK'] !== undefined;
const tries = soak ? 50 : 5;
/** A hand lets go somewhat after the board has looked at its button, ms (devices.md 2.3: after 1 s). */
const holdMs = 1_300;
const seed = Number(process.env['REKINDLE_SEED'] ?? Math.floor(Math.random() * 1e6));

describeInGuest('the Pytrack in its window of 7 s', { timeout: 180_000, limitSeconds: 7_200 }, (here) => {
  const firstRequestMs: number[] = [];
  let state = seed;
  const random = (): number => (state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff) / 0x80000000;

  beforeAll(async () => {
    console.log(`catching a Pytrack: REKINDLE_SEED=${seed}`);
    const rule = readFileSync(`${here.guest.repository}/assets/udev/70-rekindle.rules`, 'utf8');
    await here.guest.setUdevRules('70-rekindle.rules', rule);
  }, 60_000);

  it.each([...Array(tries).keys()])(`try %i of ${tries}`, async (index) => {
    // The window is the real one for being caught. Writing is many requests, and the guest is 15 to 20 times slower than
    // a computer: each block starts the window anew, which is not known of the real board (devices.md 8).
    const board = quickBoard('pytrack', { transferExtendsWindow: true });
    const [port] = (await here.plugInBoards(board)).ports;
    if (port === undefined) throw new Error('there is no port');
    const image = pycomImage(100 + index);
    const ids = { vendorId: 0x04d8, productId: 0xf014, bcdDevice: 0xffff };
    await here.guest.writeFile('/tmp/pytrack_0.0.8.dfu', addDfuSuffix(image, ids, 0x0100));
    port.act({ act: 'unplug' });
    await here.link.settled();
    const latency = watchFirstRequest(port);

    const args = [
      'flash',
      '/tmp/pytrack_0.0.8.dfu',
      '--board',
      'pycom-pytrack',
      '--wait',
      '120',
      '--yes',
      '--json',
    ];
    const armed = here.startRekindle(args, { user: 'member', timeoutMs: 170_000 });
    await armed.waitForOutput(/"event":"guide"/, 60_000);
    await sleep(realClock, random() * 2_000);
    port.act({ act: 'hold', control: 'S1' });
    port.act({ act: 'plug' });
    await sleep(realClock, holdMs);
    port.act({ act: 'let-go', control: 'S1' });

    const result = resultOf(await armed.ended);
    expect(result).toMatchObject({ outcome: 'done', content: { kind: 'written' }, app: 'running' });
    expect(sameBytes(board.flash.subarray(1024), image.subarray(1024))).toBe(true);
    // Its program came back, and by itself: nobody has touched it since.
    expect(port.device?.deviceDescriptor.subarray(8, 12)).toEqual(Uint8Array.of(0xd8, 0x04, 0x13, 0xf0));
    firstRequestMs.push(latency());
  });

  it('was caught every time', () => {
    const figures = [0, 0.5, 0.95, 1].map((share) => Math.round(quantile(firstRequestMs, share)));
    const [least, median, p95, most] = figures;
    console.log(
      `from enumeration to the first request, in the guest: least ${least} ms, median ${median} ms, p95 ${p95} ms, most ${most} ms (${firstRequestMs.length} tries)`,
    );
    expect(firstRequestMs).toHaveLength(tries);
  });

  /**
   * From the kernel's choosing a configuration, with which it ends an enumeration, to the first DFU request, ms: both seen
   * by the board, on the host's clock. The first of the two that is followed by the other counts, whatever came before.
   */
  function watchFirstRequest(port: BenchPort): () => number {
    let configured: number | undefined;
    let requested: number | undefined;
    here.link.server.onDemand(({ kind }) => {
      if (kind === 'configured' && requested === undefined) configured = performance.now();
    });
    port.onChange(() => {
      const { device } = port;
      if (device === undefined) return;
      const control = device.control.bind(device);
      device.control = (setup, data, signal) => {
        if ((setup.requestType & 0x60) === 0x20 && configured !== undefined) requested ??= performance.now();
        return control(setup, data, signal);
      };
    });
    return () => (requested ?? Number.NaN) - (configured ?? Number.NaN);
  }
});
