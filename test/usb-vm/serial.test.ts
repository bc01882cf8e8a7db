// The virtual boards' programs judged by the kernel's own cdc-acm, and the Pytrack's bootloader by dfu-util.
import { describe, expect, it } from 'vitest';
import { sameBytes } from '../../main/base/bytes.ts';
import { realClock } from '../../main/base/clock.ts';
import type { BenchPort } from '../../main/bench/bench.ts';
import { pycomImage } from '../../main/bench/boards/pycom.ts';
import type { BoardName, BoardOptions } from '../../main/bench/boards/registry.ts';
import type { VirtualBoard } from '../../main/bench/board.ts';
import { addDfuSuffix } from '../../main/images/formats/dfu-write.ts';
import { describeInGuest, quickBoard } from './in-guest.ts';
import type { RunResult } from './program.ts';

const tty = '/dev/ttyACM0';

describeInGuest('programs on boards, under a real kernel', { timeout: 240_000 }, (here) => {
  async function plugIn(
    name: BoardName,
    options: Partial<BoardOptions> = {},
  ): Promise<{ board: VirtualBoard; port: BenchPort }> {
    const board = quickBoard(name, options);
    const [port] = (await here.plugInBoards(board)).ports;
    if (port === undefined) throw new Error('there is no port');
    return { board, port };
  }

  /** Until the guest's own driver has made its node, or taken it away. */
  async function nodeIs(there: boolean): Promise<void> {
    const test = there ? '-c' : '! -e';
    const wait = `i=0; while [ $i -lt 100 ]; do [ ${test} ${tty} ] && exit 0; sleep 0.1; i=$((i+1)); done; exit 1`;
    expect((await here.guest.run(['sh', '-c', wait])).exitCode).toBe(0);
  }

  /**
   * Types into the port and reads for a while. The port is the terminal of this session: only its foreground may
   * read. Until stty is done, Linux echoes the board's greeting back to it, so that a line has to be ended first.
   */
  function session(lines: string, seconds = 2): Promise<RunResult> {
    const script = `stty -F ${tty} 115200 raw -echo && exec 3<>${tty} && printf '\\r' >&3 && sleep 0.5 && printf '${lines}' >&3 && timeout --foreground ${seconds} cat <&3`;
    return here.guest.run(['sh', '-c', script]);
  }

  async function list(): Promise<string> {
    const { stdout, stderr } = await here.guest.run(['dfu-util', '-l']);
    return stdout + stderr;
  }

  it.each(['nanovna-h', 'nanovna-h4'] as const)('%s: a shell on /dev/ttyACM0', async (name) => {
    await plugIn(name, { startIn: 'app' });
    await nodeIs(true);
    const { stdout } = await session('version\\rinfo\\r');
    expect(stdout).toContain('version\r\n1.2.40\r\nch> ');
    expect(stdout).toContain(name === 'nanovna-h' ? 'Board: NanoVNA\r\n' : 'Board: NanoVNA-H 4\r\n');
    // More than the driver's buffers hold, and a second opener after the first one has gone.
    const calibration = await session('recall 1\\rdata 2\\rdata 3\\rdata 4\\rdata 5\\rdata 6\\r', 4);
    const pairs = calibration.stdout.match(/^-?\d+\.\d+ -?\d+\.\d+\r$/gm) ?? [];
    expect(pairs).toHaveLength(5 * (name === 'nanovna-h' ? 101 : 401));
  });

  it('reset dfu: the port goes, and the bootloader comes', async () => {
    const { port } = await plugIn('nanovna-h', { startIn: 'app' });
    await nodeIs(true);
    // What it says before it goes is lost as often as not: the driver hangs up whoever has not read it yet.
    await session('reset dfu\\r', 5);
    await here.link.settled();
    await nodeIs(false);
    // The hang-up is heard before the bootloader has enumerated.
    const deadline = performance.now() + 20_000;
    while (!(await list()).includes('[0483:df11]') && performance.now() < deadline) await here.link.settled();
    expect(await list()).toMatch(/\[0483:df11\].*@Internal Flash {2}\/0x08000000\/064\*0002Kg/);
    // A cable pulled while a terminal reads.
    port.replug();
    await here.link.settled();
    await nodeIs(true);
    const reading = session('data 2\\r', 20);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    port.unplug();
    expect((await reading).exitCode).not.toBe(124);
    await here.link.settled();
    await nodeIs(false);
  });

  it('odrive-v3: its serial port is there beside the native interface', async () => {
    await plugIn('odrive-v3');
    await nodeIs(true);
    expect((await session('i\\n', 1)).exitCode).toBe(124);
  });

  describe('the Pytrack, judged by dfu-util', () => {
    const file = addDfuSuffix(
      pycomImage(99),
      { vendorId: 0x04d8, productId: 0xf014, bcdDevice: 0xffff },
      0x0100,
    );

    /** In flash mode by its button; the window is long, as the guest is slow. */
    async function caught(options: Partial<BoardOptions> = {}): Promise<VirtualBoard> {
      const { board, port } = await plugIn('pytrack', { windowMs: 60_000, ...options });
      await nodeIs(true);
      port.act({ act: 'unplug' });
      port.act({ act: 'hold', control: 'S1' });
      port.act({ act: 'plug' });
      await new Promise((resolve) => realClock.after(1_200, () => resolve(undefined)));
      port.act({ act: 'let-go', control: 'S1' });
      await here.link.settled();
      await here.guest.writeFile('/tmp/pytrack.dfu', file);
      return board;
    }

    function download(): Promise<RunResult> {
      return here.guest.run(['dfu-util', '-d', '04d8:f014', '-D', '/tmp/pytrack.dfu'], { timeoutMs: 60_000 });
    }

    it('is listed, written and read', async () => {
      const board = await caught();
      expect(await list()).toMatch(/\[04d8:f014\]/);
      const run = await download();
      expect(run.stdout + run.stderr).toContain('already in DFU mode');
      expect(sameBytes(board.flash.subarray(1024), file.subarray(1024, 16_384))).toBe(true);
      await here.guest.run(['rm', '-f', '/tmp/read.bin']);
      const read = await here.guest.run(['dfu-util', '-d', '04d8:f014', '-U', '/tmp/read.bin']);
      expect(read.exitCode).toBe(0);
      expect(sameBytes(await here.guest.readFile('/tmp/read.bin'), board.flash)).toBe(true);
    });

    it('whose closing request fails: all was written, and the application comes', async () => {
      const board = await caught({ closing: 'gone' });
      const run = await download();
      expect(run.exitCode).not.toBe(0);
      expect(run.stdout + run.stderr).toContain('Error sending completion packet');
      expect(sameBytes(board.flash.subarray(1024), file.subarray(1024, 16_384))).toBe(true);
      await here.link.settled();
      await nodeIs(true);
    });
  });
});
