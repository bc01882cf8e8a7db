// The seam to USB hardware. Above it nobody knows libusb; below it nobody knows DFU.
import type { Wait } from '../../base/wait.ts';

/** One alternate setting of an interface, from the configuration descriptor. */
export interface UsbAlternate {
  readonly alternate: number;
  readonly interfaceClass: number;
  readonly interfaceSubClass: number;
  readonly interfaceProtocol: number;
  /** Index of the name's string descriptor; 0 for none. */
  readonly nameIndex: number;
  readonly endpoints: readonly UsbEndpoint[];
  /** Class- and vendor-specific descriptors that follow this alternate. */
  readonly extra: Uint8Array;
}

export interface UsbEndpoint {
  readonly address: number;
  readonly attributes: number;
  readonly maxPacketSize: number;
}

export interface UsbInterface {
  readonly number: number;
  readonly alternates: readonly UsbAlternate[];
}

export type UsbSpeed = 'low' | 'full' | 'high' | 'super' | 'unknown';

/** What can be told of a device without opening it: nothing here needs rights, or disturbs it. */
export interface UsbDeviceFacts {
  /** Name of the bus that listed it (`UsbBus.name`). */
  readonly bus: string;
  /** Bus number and chain of ports, `1-2.3`: the place where it is plugged in. */
  readonly portPath: string;
  readonly busNumber: number;
  readonly address: number;
  /** Tells two arrivals on one port apart; a handle is only good for the generation it was opened with. */
  readonly generation: number;
  readonly vendorId: number;
  readonly productId: number;
  readonly bcdDevice: number;
  readonly bcdUsb: number;
  readonly deviceClass: number;
  readonly deviceSubClass: number;
  readonly maxPacketSize0: number;
  readonly speed: UsbSpeed;
  readonly manufacturerIndex: number;
  readonly productIndex: number;
  readonly serialIndex: number;
  readonly configurationValue: number;
  /** Extra bytes of the configuration descriptor itself. */
  readonly configurationExtra: Uint8Array;
  readonly interfaces: readonly UsbInterface[];
}

/** The eight bytes that open a control transfer; direction is the method's. */
export interface ControlSetup {
  readonly type: 'standard' | 'class' | 'vendor';
  readonly recipient: 'device' | 'interface' | 'endpoint' | 'other';
  readonly request: number;
  readonly value: number;
  readonly index: number;
}

/**
 * An opened device. Every method resolves or rejects only when the transfer has really ended, and at
 * the latest shortly after the wait's deadline or signal.
 *
 * All reject with FlashError: `usb.stall`, `usb.timeout`, `usb.gone`, `usb.transfer-error`,
 * `usb.overflow`, `job.aborted`; claim and open also `usb.access-denied`, `usb.busy`, `usb.no-driver`;
 * anything after a call that could not be interrupted `usb.poisoned`.
 */
export interface UsbDevice extends AsyncDisposable {
  readonly facts: UsbDeviceFacts;
  claim(interfaceNumber: number, wait: Wait): Promise<void>;
  release(interfaceNumber: number, wait: Wait): Promise<void>;
  setAlternate(interfaceNumber: number, alternate: number, wait: Wait): Promise<void>;
  clearHalt(endpoint: number, wait: Wait): Promise<void>;
  /** Reads at most `length` bytes (up to `limits.controlBytes`); a short answer is a valid one. */
  controlIn(setup: ControlSetup, length: number, wait: Wait): Promise<Uint8Array>;
  /** Sends all of `data` (up to `limits.controlBytes`). */
  controlOut(setup: ControlSetup, data: Uint8Array, wait: Wait): Promise<void>;
  bulkIn(endpoint: number, length: number, wait: Wait): Promise<Uint8Array>;
  bulkOut(endpoint: number, data: Uint8Array, wait: Wait): Promise<void>;
  /**
   * Resets the bus port. Resolves true when the handle is still good, false when the device has left to
   * enumerate anew. Through WinUSB nothing is reset (dfu.md 1.7).
   */
  reset(wait: Wait): Promise<boolean>;
  /** Releases and closes; never rejects, also after the device is gone. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** A place where devices come and go. */
export interface UsbBus {
  readonly name: string;
  /** Whether these are virtual boards: they carry that word wherever they are shown. */
  readonly virtual: boolean;
  /** Everything plugged in now. */
  list(wait: Wait): Promise<readonly UsbDeviceFacts[]>;
  /** Calls `changed` after devices may have come or gone: a hint to `list()` again, never the truth itself. */
  watch(changed: () => void): Disposable;
  /**
   * Opens one listed device; access errors right after plug-in are retried for 1.5 s.
   * @throws FlashError `usb.access-denied`, `usb.busy`, `usb.no-driver`, `usb.gone`
   */
  open(facts: UsbDeviceFacts, wait: Wait): Promise<UsbDevice>;
}
