// Serial ports behind the seam (npm `serialport` 13). The only file that loads it, and only when it is needed: a computer
// where it cannot be loaded still has everything else.
import type { Clock } from '../../base/clock.ts';
import { checkWait, type Wait } from '../../base/wait.ts';
import { FlashError } from '../../../shared/errors/flash-error.ts';
import type { Log } from '../../log/log.ts';
import { translateLineError, translateOpenError, type PortPlace } from './errors.ts';
import type { SerialLine, SerialPortFacts, SerialPorts } from './serial-line.ts';
import { SerialPortLine, type OpenPort } from './serial-port-line.ts';
import { settleWithin } from './settle.ts';
import { listUsbTtys, parseUsbId, portPathOfLocationId } from './usb-port.ts';
import { askDeviceTree, chainsIn } from './windows-ports.ts';

/** The library; only what is used here. */
export interface PortLibrary {
  list(): Promise<readonly ListedPort[]>;
  open(options: {
    readonly path: string;
    readonly baudRate: number;
    readonly lock: boolean;
    readonly hupcl: boolean;
  }): Promise<OpenPort>;
}

/** A port as the library lists it. */
interface ListedPort {
  readonly path: string;
  readonly pnpId?: string | undefined;
  readonly locationId?: string | undefined;
  readonly vendorId?: string | undefined;
  readonly productId?: string | undefined;
}

export interface SerialPortOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly platform: 'linux' | 'darwin' | 'win32';
  /** Where devices and processes are looked up on Linux: `/sys`, `/proc`. */
  readonly sysfs?: string;
  readonly proc?: string;
  readonly load?: () => Promise<PortLibrary>;
  readonly askDeviceTree?: (wait: Wait) => Promise<string>;
}

/** The computer's serial ports. Nothing is loaded before one is listed or opened. */
export function openSerialPorts(options: SerialPortOptions): SerialPorts {
  return new ComputerPorts(options);
}

class ComputerPorts implements SerialPorts {
  readonly name = 'serial';
  readonly virtual = false;
  readonly #options: SerialPortOptions;
  #library: Promise<PortLibrary> | undefined;

  constructor(options: SerialPortOptions) {
    this.#options = options;
  }

  async list(wait: Wait): Promise<readonly SerialPortFacts[]> {
    const { clock, platform, sysfs } = this.#options;
    checkWait(wait, clock);
    if (platform === 'linux')
      return (await settleWithin(listUsbTtys(sysfs), wait, clock)).map((tty) => ({ bus: this.name, ...tty }));
    const library = await this.#load(wait);
    let listed: readonly ListedPort[];
    try {
      listed = await settleWithin(library.list(), wait, clock);
    } catch (error) {
      throw translateLineError(error, '*');
    }
    const ports = listed.map((port) => this.#factsOf(port));
    if (platform !== 'win32' || !hasTwins(ports)) return ports;
    const ask = this.#options.askDeviceTree ?? askDeviceTree;
    const chains = chainsIn(await settleWithin(ask(wait), wait, clock));
    return ports.map((port, index) => {
      const portChain = chains.get(listed[index]?.pnpId?.toUpperCase() ?? '');
      return portChain === undefined ? port : { ...port, portChain };
    });
  }

  async open(facts: SerialPortFacts, { baud }: { baud: number }, wait: Wait): Promise<SerialLine> {
    const { clock, log, platform, proc } = this.#options;
    checkWait(wait, clock);
    const library = await this.#load(wait);
    const place: PortPlace = { path: facts.path, platform, proc };
    let port: OpenPort;
    try {
      // A port that opens after all when nobody waits any more must not stay open.
      port = await settleWithin(
        library.open({ path: facts.path, baudRate: baud, lock: true, hupcl: true }),
        wait,
        clock,
        (late) => void late.close().catch(() => undefined),
      );
    } catch (error) {
      if (error instanceof FlashError) throw error;
      log.write('info', 'serial', `${facts.path}: ${String(error)}`);
      throw await translateOpenError(error, place);
    }
    return new SerialPortLine(facts, port, clock, platform !== 'win32');
  }

  #factsOf({ path, vendorId, productId, locationId }: ListedPort): SerialPortFacts {
    const mac = this.#options.platform === 'darwin';
    return {
      bus: this.name,
      // macOS has each port twice: "tty." waits for a carrier that no board sends, "cu." does not [G].
      path: mac ? path.replace(/^\/dev\/tty\./, '/dev/cu.') : path,
      vendorId: parseUsbId(vendorId),
      productId: parseUsbId(productId),
      portPath: mac ? portPathOfLocationId(locationId) : undefined,
    };
  }

  async #load(wait: Wait): Promise<PortLibrary> {
    this.#library ??= (this.#options.load ?? loadLibrary)();
    try {
      return await settleWithin(this.#library, wait, this.#options.clock);
    } catch (error) {
      if (error instanceof FlashError) throw error;
      const detail = error instanceof Error ? error.message : String(error);
      throw new FlashError('serial.library-missing', { detail }, error);
    }
  }
}

async function loadLibrary(): Promise<PortLibrary> {
  const { SerialPort } = await import('serialport');
  return SerialPort.binding;
}

/** Whether two ports have the same ids, so that only their place tells them apart. */
function hasTwins(ports: readonly SerialPortFacts[]): boolean {
  const ids = ports
    .filter(({ vendorId }) => vendorId !== undefined)
    .map(({ vendorId, productId }) => `${vendorId}:${productId}`);
  return new Set(ids).size < ids.length;
}
