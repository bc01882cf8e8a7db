import type { BenchControl } from '../../shared/bench-action.ts';
import type { Clock } from '../base/clock.ts';
import type { BoardAction } from './controls.ts';
import type { FaultScript } from './faults.ts';
import type { VirtualUsbDevice } from './virtual-usb.ts';

/** The port a board is plugged into: how it shows itself, and how it goes. */
export interface BoardSocket {
  /** Enumerates as this device; what was there before is gone. */
  appear(device: VirtualUsbDevice): void;
  /** Off the bus. */
  vanish(): void;
  /** The cable came out, and with it the board left the bus. */
  pulled(): void;
}

/** Counts for tests and speed figures. */
export interface BoardStatistics {
  getStatus: number;
  download: number;
  upload: number;
  setAddress: number;
  erases: number;
  blocks: number;
  /** Bytes in those blocks. */
  dataBytes: number;
  /** Time the flash was at work. */
  busyMs: number;
  /** Most GETSTATUS for one block. */
  mostStatusPerBlock: number;
  /** Writes of option bytes that would have locked the chip for ever. */
  lockAttempts: number;
  /** Writes into memory that can be written once only. */
  otpWrites: number;
}

/** What all boards are given. */
export interface BoardSurroundings {
  readonly clock: Clock;
  /** Multiplies every data-sheet time; 0 makes flash instant. */
  readonly timeScale: number;
  readonly faults: FaultScript;
}

/** A board on the bench: flash and mode survive leaving the bus. */
export interface VirtualBoard {
  readonly name: string;
  /** Main memory, for tests to look at. */
  readonly flash: Uint8Array;
  readonly statistics: BoardStatistics;
  /** What a hand can move on it, and how it stands. */
  readonly controls: readonly BenchControl[];
  /** The cable is in: it has power, unless it has a supply of its own, and starts. */
  plugIn(socket: BoardSocket): void;
  /** The cable is out, in the middle of whatever it did. */
  unplug(): void;
  /** A hand does this to it, whether it is plugged in or not. @throws FlashError `api.unknown` */
  act(action: BoardAction): void;
}

export function newStatistics(): BoardStatistics {
  return {
    getStatus: 0,
    download: 0,
    upload: 0,
    setAddress: 0,
    erases: 0,
    blocks: 0,
    dataBytes: 0,
    busyMs: 0,
    mostStatusPerBlock: 0,
    lockAttempts: 0,
    otpWrites: 0,
  };
}
