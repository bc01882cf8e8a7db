import type { ExportedBench, ExportedPort } from '../../main/bench/usbip/exported-bench.ts';
import { serveUsbip, type UsbipServer } from '../../main/bench/usbip/server.ts';
import type { Log } from '../../main/log/log.ts';
import { silentLog } from '../../main/log/log.ts';
import type { Guest } from './guest.ts';
import type { PresentDevice } from './messages.ts';

/** A bench whose boards are plugged into a guest. */
export interface BenchLink extends AsyncDisposable {
  readonly server: UsbipServer;
  /**
   * Waits until the guest's hub mirrors the bench: each board that is plugged in is configured and has its node,
   * each that is not is forgotten. Gives the present ones by the bench's port path.
   * @throws Error when that takes longer than `limitMs` (20 s when not given)
   */
  settled(limitMs?: number): Promise<ReadonlyMap<string, PresentDevice>>;
}

/** A bench that says when ports are added; one with a fixed set of ports need not. */
export interface LinkedBench extends ExportedBench {
  onChange?(listener: () => void): Disposable;
}

/** Two of the guest's controllers; in the kernel's count, 15 ports of super speed lie between them. */
const controllers = 2;
const portsOfController = 15;

/**
 * Serves the bench over USB/IP and keeps the guest's hub like it: the bench's port `1-1` is the kernel's `1-1`,
 * and so on up to `1-15`; `1-16` to `1-30` are on a second controller, whose bus the kernel numbers. A board that leaves and returns comes back to its own port, in whatever order boards
 * return; ports may be added later.
 * @throws Error for a port with another name
 */
export async function linkBench(guest: Guest, bench: LinkedBench, log: Log = silentLog): Promise<BenchLink> {
  const server = await serveUsbip({ bench, port: 0, log });
  const mirrors: PortMirror[] = [];
  const addNew = (): void => {
    for (const port of bench.ports.slice(mirrors.length)) {
      mirrors.push(new PortMirror(guest, server, port, vhciPortOf(port.portPath)));
    }
  };
  addNew();
  const subscription = bench.onChange?.(addNew);
  return {
    server,
    async settled(limitMs = 20_000) {
      const deadline = performance.now() + limitMs;
      const present = new Map<string, PresentDevice>();
      for (const mirror of mirrors) {
        const device = await mirror.settled(deadline);
        if (device !== undefined) present.set(mirror.portPath, device);
      }
      return present;
    },
    async [Symbol.asyncDispose]() {
      subscription?.[Symbol.dispose]();
      for (const mirror of mirrors) mirror.stop();
      await server.close();
      await Promise.allSettled(mirrors.map((mirror) => mirror.forgotten()));
    },
  };
}

function vhciPortOf(portPath: string): number {
  const index = Number(/^1-(\d+)$/.exec(portPath)?.[1] ?? 0) - 1;
  if (index < 0 || index >= controllers * portsOfController)
    throw new Error(`the guest has no port ${portPath}`);
  return Math.floor(index / portsOfController) * 2 * portsOfController + (index % portsOfController);
}

/** One port of the bench and its likeness in the guest. */
class PortMirror {
  readonly #guest: Guest;
  readonly #server: UsbipServer;
  readonly #port: ExportedPort;
  readonly #vhciPort: number;
  readonly #subscription: Disposable;
  /** Generation that is attached, or was: 0 for none. */
  #attached = 0;
  #working: Promise<void> | undefined;
  #changed = false;
  #failure: unknown;
  #stopped = false;

  constructor(guest: Guest, server: UsbipServer, port: ExportedPort, vhciPort: number) {
    this.#guest = guest;
    this.#server = server;
    this.#port = port;
    this.#vhciPort = vhciPort;
    this.#subscription = port.onChange(() => this.#follow());
    this.#follow();
  }

  get portPath(): string {
    return this.#port.portPath;
  }

  stop(): void {
    this.#stopped = true;
    this.#subscription[Symbol.dispose]();
  }

  /** After the server has closed: nothing of ours is left in the guest. */
  async forgotten(): Promise<void> {
    await this.#working;
    await this.#guest.waitFree(this.#vhciPort);
  }

  async settled(deadline: number): Promise<PresentDevice | undefined> {
    for (;;) {
      await this.#working;
      const { device, generation } = this.#port;
      // Without this the old device, not yet quite gone, could be taken for the new one.
      if (device !== undefined && this.#attached !== generation) {
        throw new Error(`${this.portPath} could not be attached`, { cause: this.#failure });
      }
      const limitMs = deadline - performance.now();
      try {
        if (device === undefined) await this.#guest.waitFree(this.#vhciPort, limitMs);
        const present =
          device === undefined ? undefined : await this.#guest.waitPresent(this.#vhciPort, limitMs);
        if (this.#port.device === device && this.#port.generation === generation) return present;
      } catch (error) {
        // It may have changed while we waited for what it was.
        if (limitMs <= 0 || this.#port.device === device) throw error;
      }
    }
  }

  #follow(): void {
    this.#changed = true;
    this.#working ??= this.#work().finally(() => (this.#working = undefined));
  }

  async #work(): Promise<void> {
    while (this.#changed) {
      this.#changed = false;
      // Lets changes of the same moment, such as leaving and returning, all be known before the next round.
      await Promise.resolve();
      this.#failure = undefined;
      await this.#attachPresent().catch((error: unknown) => (this.#failure = error));
    }
  }

  /** Attaches whatever is there until nothing has changed meanwhile. */
  async #attachPresent(): Promise<void> {
    while (!this.#stopped && this.#port.device !== undefined && this.#attached !== this.#port.generation) {
      const { generation, portPath } = this.#port;
      try {
        await this.#guest.attach({ busId: portPath, usbipPort: this.#server.port, vhciPort: this.#vhciPort });
        this.#attached = generation;
      } catch (error) {
        // Gone again before it was attached: the next round looks anew.
        if (this.#holds(generation)) throw error;
      }
    }
  }

  #holds(generation: number): boolean {
    return this.#port.device !== undefined && this.#port.generation === generation;
  }
}
