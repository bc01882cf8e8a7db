import type { ExportedBench, ExportedPort } from './exported-bench.ts';
import type { VirtualUsbDevice } from '../virtual-usb.ts';
import type { ExportedPlace } from './device-record.ts';

/** A device and where it is. */
export interface Exported {
  readonly place: ExportedPlace;
  readonly device: VirtualUsbDevice;
}

/** An import, held until disposed; or why there is none. */
export interface Taken extends Disposable {
  readonly result: Exported | 'busy' | 'noSuchDevice';
}

/** What the bench has to offer now, and who has which of it. */
export class Exports {
  readonly #bench: ExportedBench;
  readonly #taken = new Set<ExportedPort>();

  constructor(bench: ExportedBench) {
    this.#bench = bench;
  }

  /** Everything plugged in, imported or not. */
  list(): readonly Exported[] {
    return this.#bench.ports.flatMap((port, index) => {
      const device = port.device;
      return device === undefined ? [] : [{ place: placeOf(port, index), device }];
    });
  }

  /** Takes one device for one client; `onLeave` is called once when the board leaves the bus. */
  take(busId: string, onLeave: () => void): Taken {
    const index = this.#bench.ports.findIndex((port) => port.portPath === busId);
    const port = this.#bench.ports[index];
    const device = port?.device;
    if (port === undefined || device === undefined)
      return { result: 'noSuchDevice', [Symbol.dispose]: () => undefined };
    if (this.#taken.has(port)) return { result: 'busy', [Symbol.dispose]: () => undefined };
    this.#taken.add(port);
    const { generation } = port;
    let held = true;
    const release = (): void => {
      if (!held) return;
      held = false;
      subscription[Symbol.dispose]();
      this.#taken.delete(port);
    };
    const subscription = port.onChange(() => {
      if (port.device === device && port.generation === generation) return;
      release();
      onLeave();
    });
    return { result: { place: placeOf(port, index), device }, [Symbol.dispose]: release };
  }
}

function placeOf(port: ExportedPort, index: number): ExportedPlace {
  // devid is bus << 16 | device: never zero, and the same again after the board returns to its port.
  return { busId: port.portPath, busNumber: 1, deviceNumber: index + 2 };
}
