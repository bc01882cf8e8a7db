// The bench: ports with boards in them. Two doors lead here, the in-process bus and USB/IP.
import type { Clock } from '../base/clock.ts';
import type { UsbBus } from '../transports/usb/usb-device.ts';
import { BenchBus } from './bench-bus.ts';
import type { BoardSocket, VirtualBoard } from './board.ts';
import type { VirtualUsbDevice } from './virtual-usb.ts';

export interface BenchOptions {
  readonly clock: Clock;
  /** What one transfer takes through the in-process door, ms. */
  readonly transferMs?: number;
  /** Play this system: resets reach no board on Windows. */
  readonly platform?: 'linux' | 'darwin' | 'win32';
  /** Every open is refused like this. */
  readonly refuse?: 'access-denied' | 'no-driver' | 'busy';
}

/** One port, with or without a board. */
export class BenchPort implements BoardSocket {
  readonly portPath: string;
  #board: VirtualBoard | undefined;
  #device: VirtualUsbDevice | undefined;
  #generation = 0;
  readonly #listeners = new Set<() => void>();

  constructor(portPath: string) {
    this.portPath = portPath;
  }

  get board(): VirtualBoard | undefined {
    return this.#board;
  }

  /** What is enumerated here now. */
  get device(): VirtualUsbDevice | undefined {
    return this.#device;
  }

  /** Rises with every arrival. */
  get generation(): number {
    return this.#generation;
  }

  onChange(listener: () => void): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  appear(device: VirtualUsbDevice): void {
    if (this.#device !== undefined) this.vanish();
    this.#device = device;
    this.#generation++;
    this.#tell();
  }

  vanish(): void {
    if (this.#device === undefined) return;
    this.#device = undefined;
    this.#tell();
  }

  /** Puts a board in and gives it power. */
  plug(board: VirtualBoard): void {
    this.unplug();
    this.#board = board;
    board.plugIn(this);
  }

  /** Takes the board's power; it keeps its place for `replug`. */
  unplug(): void {
    this.#board?.unplug();
    this.vanish();
  }

  replug(): void {
    this.unplug();
    this.#board?.plugIn(this);
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}

/** A bench of virtual boards. */
export class Bench {
  readonly bus: UsbBus;
  readonly #ports: BenchPort[] = [];
  readonly #listeners = new Set<() => void>();

  constructor(options: BenchOptions) {
    this.bus = new BenchBus(this, options);
  }

  get ports(): readonly BenchPort[] {
    return this.#ports;
  }

  /** Plugs a board into a port, the next free one unless named. */
  plug(board: VirtualBoard, portPath = `1-${this.#ports.length + 1}`): BenchPort {
    const port = this.#ports.find((one) => one.portPath === portPath) ?? this.#addPort(portPath);
    port.plug(board);
    return port;
  }

  unplug(portPath: string): void {
    this.#ports.find((port) => port.portPath === portPath)?.unplug();
  }

  /** The cable out and in again. */
  replug(portPath: string): void {
    this.#ports.find((port) => port.portPath === portPath)?.replug();
  }

  /** Any arrival or departure on any port, ports of the future included. */
  onChange(listener: () => void): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  #addPort(portPath: string): BenchPort {
    const port = new BenchPort(portPath);
    port.onChange(() => {
      for (const listener of [...this.#listeners]) listener();
    });
    this.#ports.push(port);
    return port;
  }
}
