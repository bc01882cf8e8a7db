// Virtual boards that come and go at a person's word, on ports of their own.
import type { BenchAction, BenchControl } from '../../shared/bench-action.ts';
import { FlashError } from '../../shared/errors/flash-error.ts';
import type { Clock } from '../base/clock.ts';
import type { SerialPorts } from '../transports/serial/serial-line.ts';
import type { UsbBus } from '../transports/usb/usb-device.ts';
import { Bench, type BenchPort } from './bench.ts';
import { boardNames, createBoard, isBoardName } from './boards/registry.ts';
import type { Fault } from './faults.ts';
import { practiceImage, type PracticeImage } from './practice-image.ts';

/** More than anybody needs to see how it goes. */
const mostBoards = 16;

export interface PracticeBoards {
  readonly bus: UsbBus;
  readonly serial: SerialPorts;
  readonly names: readonly string[];
  /** @throws FlashError `api.unknown`, `api.limit` */
  plug(name: string, options?: PlugOptions): PracticeBoard;
  /** Whether one is there, or was. */
  has(portPath: string): boolean;
  /** Its cable is pulled, and its port may go to the next. @throws FlashError `api.unknown` */
  unplug(portPath: string): void;
  /** A hand does this to it; answers how its controls stand then. @throws FlashError `api.unknown` */
  act(portPath: string, action: BenchAction): PracticeBoard;
  /** A harmless program for it. @throws FlashError `api.unknown` */
  image(name: string): PracticeImage;
}

export interface PlugOptions {
  /** Whether its cable is in already; it is unless this is false. */
  readonly plugged?: boolean;
  /** Running its program, or in flash mode by its jumper or switch; the board's own custom where it is not given. */
  readonly startIn?: 'app' | 'dfu';
}

/** Where a board is, and what of it can be moved. */
export interface PracticeBoard {
  readonly portPath: string;
  readonly plugged: boolean;
  readonly controls: readonly BenchControl[];
}

export interface PracticeOptions {
  readonly timeScale?: number;
  /** Misfortunes every board plugged in has; only tests and demonstrations want them. */
  readonly faults?: readonly Fault[];
  /** Where they are plugged in; a bench of its own unless given. */
  readonly bench?: Bench;
}

export function openPracticeBoards(clock: Clock, options: PracticeOptions = {}): PracticeBoards {
  const { timeScale = 1, faults = [], bench = new Bench({ clock }) } = options;
  /** Ports whose board was taken away for good. */
  const free = new Set<BenchPort>();
  const portOf = (portPath: string): BenchPort => {
    const port = bench.ports.find((one) => one.portPath === portPath);
    if (port?.board === undefined) throw new FlashError('api.unknown', { what: 'virtual board' });
    return port;
  };
  /** A free one, a new one, or where there may be no more the first one with nothing on it. */
  const nextPort = (): string => {
    const [freed] = free;
    if (freed !== undefined) return freed.portPath;
    if (bench.ports.length < mostBoards) return `virtual-${bench.ports.length + 1}`;
    const dark = bench.ports.find((port) => port.device === undefined);
    if (dark === undefined) throw new FlashError('api.limit', { what: 'virtual boards', limit: mostBoards });
    return dark.portPath;
  };
  return {
    bus: bench.bus,
    serial: bench.serial,
    names: boardNames,
    plug(name, { plugged = true, startIn = plugged ? undefined : 'app' } = {}) {
      if (!isBoardName(name)) throw new FlashError('api.unknown', { what: 'virtual board' });
      const start = startIn === undefined ? {} : { startIn };
      const board = createBoard(name, { clock, timeScale, faults, ...start });
      const portPath = nextPort();
      const port = plugged ? bench.plug(board, portPath) : bench.lay(board, portPath);
      free.delete(port);
      return placeOf(port);
    },
    has: (portPath) => bench.ports.some((port) => port.portPath === portPath),
    unplug(portPath) {
      const port = portOf(portPath);
      port.unplug();
      free.add(port);
    },
    act(portPath, action) {
      const port = portOf(portPath);
      port.act(action);
      if (action.act === 'plug') free.delete(port);
      return placeOf(port);
    },
    image(name) {
      if (!isBoardName(name)) throw new FlashError('api.unknown', { what: 'virtual board' });
      return practiceImage(name);
    },
  };
}

function placeOf({ portPath, plugged, board }: BenchPort): PracticeBoard {
  return { portPath, plugged, controls: board?.controls ?? [] };
}
