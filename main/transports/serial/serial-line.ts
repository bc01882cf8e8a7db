// The seam to serial ports. Above it nobody knows the package behind it; below it nobody knows a board.
import type { Wait } from '../../base/wait.ts';

/** What can be told of a serial port without opening it. */
export interface SerialPortFacts {
  /** Name of the `SerialPorts` that listed it. */
  readonly bus: string;
  /** What the system calls it: `/dev/ttyACM0`, `COM7`. */
  readonly path: string;
  /** Of the USB device behind it; undefined where there is none, or the system does not say. */
  readonly vendorId: number | undefined;
  readonly productId: number | undefined;
  /** Where that device is plugged in, as `UsbDeviceFacts.portPath` has it; undefined: unknown, and nothing is guessed from it. */
  readonly portPath: string | undefined;
  /** The ports on the way to it without the bus, `3.2`, where a system does not number buses as libusb does (Windows). */
  readonly portChain?: string;
}

/**
 * An open line. Every call ends by its wait.
 * All reject with FlashError: `serial.gone`, `serial.failed`, `job.timeout`, `job.aborted`.
 */
export interface SerialLine extends AsyncDisposable {
  readonly facts: SerialPortFacts;
  /** Resolves when the system has taken all bytes. */
  write(bytes: Uint8Array, wait: Wait): Promise<void>;
  /** Resolves with what came, at least one byte and at most `limits.serialReadBytes`. */
  read(wait: Wait): Promise<Uint8Array>;
  setBaud(baud: number, wait: Wait): Promise<void>;
  setModemLines(lines: { readonly dtr: boolean; readonly rts: boolean }, wait: Wait): Promise<void>;
  /** Closes; never rejects, also after the port is gone. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** A place where serial ports come and go. */
export interface SerialPorts {
  readonly name: string;
  readonly virtual: boolean;
  /** @throws FlashError `serial.library-missing`, `serial.failed` */
  list(wait: Wait): Promise<readonly SerialPortFacts[]>;
  /** @throws FlashError `serial.busy`, `serial.access-denied`, `serial.gone`, `serial.failed` */
  open(facts: SerialPortFacts, options: { readonly baud: number }, wait: Wait): Promise<SerialLine>;
}
