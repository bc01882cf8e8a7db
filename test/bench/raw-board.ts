// A board asked by single requests, as they are on the wire: no client of ours between it and the test.
import { startWait, type Wait } from '../../main/base/wait.ts';
import { isFlashError } from '../../shared/errors/flash-error.ts';
import { Bench, type BenchOptions, type BenchPort } from '../../main/bench/bench.ts';
import type { BoardStatistics, VirtualBoard } from '../../main/bench/board.ts';
import { createBoard, type BoardName, type BoardOptions } from '../../main/bench/boards/registry.ts';
import { SimulatedClock } from '../../main/bench/simulated-clock.ts';
import type { ControlSetup, UsbDevice } from '../../main/transports/usb/usb-device.ts';

export interface RawBoard {
  readonly clock: SimulatedClock;
  readonly bench: Bench;
  readonly board: VirtualBoard;
  readonly port: BenchPort;
  readonly statistics: BoardStatistics;
  readonly device: UsbDevice;
  wait(milliseconds?: number): Wait;
  pause(milliseconds: number): Promise<void>;
  /** `ok`, or the code of what ended it. */
  out(request: number, value?: number, data?: Uint8Array): Promise<string>;
  /** The bytes, or the code of what ended it. */
  in(request: number, value: number, length: number): Promise<Uint8Array | string>;
  /** [bStatus, bwPollTimeout, bState], or the code of what ended it. */
  status(): Promise<[number, number, number] | string>;
  state(): Promise<number | string>;
  /** A DNLOAD and GETSTATUS until it is no longer busy: [bStatus, bState]. */
  work(block: number, data: Uint8Array): Promise<[number, number] | string>;
  /** The same board after it came back. */
  again(): Promise<RawBoard>;
}

/** Puts a board on a bench of its own and opens its DFU interface. */
export async function plugRaw(
  name: BoardName,
  options: Omit<Partial<BoardOptions>, 'clock'> = {},
  benchOptions: Omit<Partial<BenchOptions>, 'clock'> = {},
): Promise<RawBoard> {
  const clock = new SimulatedClock();
  const bench = new Bench({ clock, ...benchOptions });
  const board = createBoard(name, { clock, ...options });
  return await open({ clock, bench, board, port: bench.plug(board) });
}

type Place = Pick<RawBoard, 'clock' | 'bench' | 'board' | 'port'>;

async function open(place: Place): Promise<RawBoard> {
  const { clock, bench, board } = place;
  const wait = (milliseconds = 60_000): Wait => startWait(clock, milliseconds);
  const [facts] = await bench.bus.list(wait());
  if (facts === undefined) throw new Error('no board');
  const device = await bench.bus.open(facts, wait());
  const number = facts.interfaces.find((one) => one.alternates[0]?.interfaceClass === 0xfe)?.number ?? 0;
  await device.claim(number, wait());
  const setup = (request: number, value: number): ControlSetup => ({
    type: 'class',
    recipient: 'interface',
    request,
    value,
    index: number,
  });
  const raw: RawBoard = {
    ...place,
    statistics: board.statistics,
    device,
    wait,
    pause: (milliseconds) => new Promise((resolve) => clock.after(milliseconds, resolve)),
    out: (request, value = 0, data = new Uint8Array()) =>
      codeOf(device.controlOut(setup(request, value), data, wait()).then(() => 'ok')),
    in: (request, value, length) => codeOf(device.controlIn(setup(request, value), length, wait())),
    async status() {
      const bytes = await raw.in(3, 0, 6);
      if (typeof bytes === 'string') return bytes;
      const [status = 0, low = 0, middle = 0, high = 0, state = 0] = bytes;
      return [status, low | (middle << 8) | (high << 16), state];
    },
    async state() {
      const bytes = await raw.in(5, 0, 1);
      return typeof bytes === 'string' ? bytes : (bytes[0] ?? -1);
    },
    async work(block, data) {
      const sent = await raw.out(1, block, data);
      if (sent !== 'ok') return sent;
      for (;;) {
        const report = await raw.status();
        if (typeof report === 'string') return report;
        const [status, pollMs, state] = report;
        if (state !== 4) return [status, state];
        await raw.pause(pollMs);
      }
    },
    async again() {
      await device[Symbol.asyncDispose]();
      for (let tries = 0; place.port.device === undefined && tries < 1_000; tries++) await raw.pause(10);
      return await open(place);
    },
  };
  return raw;
}

async function codeOf<T>(request: Promise<T>): Promise<T | string> {
  try {
    return await request;
  } catch (error) {
    if (isFlashError(error)) return error.code;
    throw error;
  }
}

/** Five bytes: a command and an address (dfu.md 2.3). */
export function command(code: number, address: number): Uint8Array {
  return Uint8Array.of(code, address & 0xff, (address >> 8) & 0xff, (address >> 16) & 0xff, address >>> 24);
}
