// Many boards in one go, by our command line on real libusb: each judged by its own flash.
import { expect, it } from 'vitest';
import { sameBytes } from '../../main/base/bytes.ts';
import type { VirtualBoard } from '../../main/bench/board.ts';
import { nanovnaProgram } from '../../main/bench/boards/nanovna-program.ts';
import { ExitCode } from '../../shared/result.ts';
import { program } from '../support/rig.ts';
import { runBatch } from './batch.ts';
import { describeInGuest, quickBoard } from './in-guest.ts';

describeInGuest('many boards at once', { timeout: 300_000, limitSeconds: 1_800 }, (here) => {
  const holds = (board: VirtualBoard, image: Uint8Array): boolean =>
    sameBytes(board.flash.subarray(0, image.length), image);

  it('updates two running NanoVNAs that show one serial number, on two ports in one go', async () => {
    const boards = [1, 2].map(() => quickBoard('nanovna-h', { startIn: 'app' }));
    const { bench } = await here.plugInBoards(...boards);
    const [one, two] = bench.ports.map(({ device }) => device?.stringDescriptor(3, 0x0409));
    expect(one).toBeDefined();
    expect(one).toEqual(two);
    const image = nanovnaProgram({ family: 'dislord', model: 'NanoVNA-H', version: '9.9.9' }, 20_000);
    await here.guest.writeFile('/tmp/new.bin', image);
    const place = ['--address', '0x08000000', '--no-backup'];
    const { exitCode, units, contents } = await runBatch(here.guest, '/tmp/new.bin', 2, [
      '--board',
      'nanovna-h',
      ...place,
    ]);
    expect(units.map(({ portPath, state }) => [portPath, state]).toSorted()).toEqual([
      ['1-1', 'done'],
      ['1-2', 'done'],
    ]);
    expect(exitCode).toBe(ExitCode.done);
    expect(boards.map((board) => holds(board, image))).toEqual([true, true]);
    expect(contents).toEqual(['verified', 'verified']);
    // Both run it: a program shows another device than the bootloader does.
    await here.link.settled();
    expect(bench.ports.map(({ device }) => device?.deviceDescriptor[10])).toEqual([0x40, 0x40]);
  });

  // As `npm run speed` does it with data-sheet timing, but small and fast.
  it('flashes sixteen boards at once, all verified', async () => {
    const boards = Array.from({ length: 16 }, () => quickBoard('nanovna-h'));
    await here.plugInBoards(...boards);
    const image = program(6_000, 43);
    await here.guest.writeFile('/tmp/image.bin', image);
    const place = ['--address', '0x08000000', '--no-backup', '--no-leave'];
    const { exitCode, units, contents, mostAtOnce } = await runBatch(here.guest, '/tmp/image.bin', 16, place);
    expect(units.filter(({ state }) => state !== 'done')).toEqual([]);
    expect(new Set(units.map(({ portPath }) => portPath)).size).toBe(16);
    expect(exitCode).toBe(ExitCode.done);
    expect(boards.map((board) => holds(board, image))).toEqual(boards.map(() => true));
    expect(contents).toEqual(boards.map(() => 'verified'));
    console.log(`sixteen boards: ${mostAtOnce} of them were under way at one moment`);
  });
});
