// Virtual boards that come and go at a person's word, on ports of their own.
import { FlashError } from '../../shared/errors/flash-error.ts';
import type { Clock } from '../base/clock.ts';
import type { SerialPorts } from '../transports/serial/serial-line.ts';
import type { UsbBus } from '../transports/usb/usb-device.ts';
import { Bench } from './bench.ts';
import { boardNames, createBoard, isBoardName } from './boards/registry.ts';
import type { Fault } from './faults.ts';

/** More than anybody needs to see how it goes. */
const mostBoards = 16;

export interface PracticeBoards {
  readonly bus: UsbBus;
  readonly serial: SerialPorts;
  readonly names: readonly string[];
  /** @throws FlashError `api.unknown`, `api.limit` */
  plug(name: string): string;
  /** @throws FlashError `api.unknown` */
  unplug(portPath: string): void;
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
  return {
    bus: bench.bus,
    serial: bench.serial,
    names: boardNames,
    plug(name) {
      if (!isBoardName(name)) throw new FlashError('api.unknown', { what: 'virtual board' });
      const board = createBoard(name, { clock, timeScale, faults });
      // A board that was pulled and is not missed any more makes room.
      const free = bench.ports.find((port) => port.board === undefined || port.device === undefined);
      if (free === undefined && bench.ports.length >= mostBoards)
        throw new FlashError('api.limit', { what: 'virtual boards', limit: mostBoards });
      const portPath = free?.portPath ?? `virtual-${bench.ports.length + 1}`;
      bench.plug(board, portPath);
      return portPath;
    },
    unplug(portPath) {
      if (!bench.ports.some((port) => port.portPath === portPath))
        throw new FlashError('api.unknown', { what: 'virtual board' });
      bench.unplug(portPath);
    },
  };
}
