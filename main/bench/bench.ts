// The bench: ports with boards in them. Two doors lead here, the in-process bus and USB/IP.
import type { Clock } from '../base/clock.ts';
import type { BenchAction } from '../../shared/bench-action.ts';
import { FlashError } from '../../shared/errors/flash-error.ts';
import type { SerialPorts } from '../transports/serial/serial-line.ts';
import type { UsbBus } from '../transports/usb/usb-device.ts';
import { BenchBus } from './bench-bus.ts';
import type { BoardSocket, VirtualBoard } from './board.ts';
import { SerialDoor, type SerialDoorOptions } from './serial-door.ts';
import type { VirtualUsbDevice } from './virtual-usb.ts';

export interface BenchOptions {
  readonly clock: Clock;
  /** What one transfer takes through the in-process door, ms. */
  readonly transferMs?: number;
  /** Play this system: resets reach no board on Windows. */
  readonly platform?: 'linux' | 'darwin' | 'win32';
  /** Every open is refused like this. */
  readonly refuse?: 'access-denied' | 'no-driver' | 'busy';
  /** How the serial ports show themselves. */
  readonly serial?: Omit<SerialDoorOptions, 'clock'>;
}

/** One port, with or without a board. */
export class BenchPort implements BoardSocket {
  readonly portPath: string;
  #board: VirtualBoard | undefined;
  #device: VirtualUsbDevice | undefined;
  #generation = 0;
  #plugged = false;
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

  /** Whether a board's cable is in, whatever it shows. */
  get plugged(): boolean {
    return this.#plugged;
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
    this.#plugged = true;
    this.#device = device;
    this.#generation++;
    this.#tell();
  }

  pulled(): void {
    this.#plugged = false;
    this.vanish();
  }

  vanish(): void {
    if (this.#device === undefined) return;
    this.#device = undefined;
    this.#tell();
  }

  /** Puts a board in and gives it power. */
  plug(board: VirtualBoard): void {
    this.lay(board);
    this.#plugIn();
  }

  /** Lays a board beside the port, its cable not in yet. */
  lay(board: VirtualBoard): void {
    this.unplug();
    this.#board = board;
  }

  /** A hand does this to the board here. @throws FlashError `api.unknown` */
  act(action: BenchAction): void {
    if (this.#board === undefined) throw new FlashError('api.unknown', { what: 'virtual board' });
    if (action.act === 'plug') this.#plugIn();
    else if (action.act === 'unplug') this.unplug();
    else this.#board.act(action);
  }

  /** Takes the board's power; it keeps its place for `replug`. */
  unplug(): void {
    this.#board?.unplug();
    this.pulled();
  }

  replug(): void {
    this.unplug();
    this.#plugIn();
  }

  /** What is in already cannot be plugged in. */
  #plugIn(): void {
    if (this.#plugged || this.#board === undefined) return;
    this.#plugged = true;
    this.#board.plugIn(this);
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}

/** A bench of virtual boards. */
export class Bench {
  readonly bus: UsbBus;
  readonly serial: SerialPorts;
  readonly #ports: BenchPort[] = [];
  readonly #listeners = new Set<() => void>();

  constructor(options: BenchOptions) {
    this.bus = new BenchBus(this, options);
    this.serial = new SerialDoor(this, { ...options.serial, clock: options.clock });
  }

  get ports(): readonly BenchPort[] {
    return this.#ports;
  }

  /** Plugs a board into a port, the next free one unless named. */
  plug(board: VirtualBoard, portPath?: string): BenchPort {
    const port = this.lay(board, portPath);
    port.replug();
    return port;
  }

  /** Lays a board beside a port, its cable not in yet. */
  lay(board: VirtualBoard, portPath = `1-${this.#ports.length + 1}`): BenchPort {
    const port = this.#ports.find((one) => one.portPath === portPath) ?? this.#addPort(portPath);
    port.lay(board);
    return port;
  }

  /** A hand does this to the board at a port. @throws FlashError `api.unknown` */
  act(portPath: string, action: BenchAction): void {
    const port = this.#ports.find((one) => one.portPath === portPath);
    if (port === undefined) throw new FlashError('api.unknown', { what: 'virtual board' });
    port.act(action);
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
