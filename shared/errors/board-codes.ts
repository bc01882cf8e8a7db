// What can go wrong between us and a board: USB, its serial port, finding it and its ways, DFU and DfuSe.
import type { Tried } from '../entry.ts';
import type { WayByHand } from '../profile.ts';

type None = Readonly<Record<string, never>>;

/** See `ErrorParams` for what each entry says. */
export interface BoardErrorParams {
  // transports/usb -----------------------------------------------------------------------------
  /** A transfer was refused by the device (STALL). Content as the request left it. */
  'usb.stall': None;
  /** A transfer did not end by its deadline and was cancelled. The block in flight is in doubt. */
  'usb.timeout': None;
  /** The device left the bus. Content as the last finished request left it. */
  'usb.gone': None;
  /** The wire failed: cable, hub, noise, power. The block in flight is in doubt. */
  'usb.transfer-error': { readonly detail: string };
  /** The device sent more than was asked for. */
  'usb.overflow': None;
  /** The account may not open the device. Board unchanged. */
  'usb.access-denied': { readonly portPath: string; readonly ids: string; readonly platform: string };
  /** Another program or driver has the interface; `holder` names it where the system tells. Board unchanged. */
  'usb.busy': { readonly portPath: string; readonly holder: string | undefined };
  /** The system has no driver that lets programs open this mode (libusb -12). Board unchanged. */
  'usb.no-driver': { readonly portPath: string; readonly ids: string; readonly platform: string };
  /** Our bug: a control transfer over `limits.controlBytes`. Nothing was sent. */
  'usb.too-long': { readonly length: number; readonly limit: number };
  /** An earlier call on this handle could not be interrupted; the handle is of no more use. */
  'usb.poisoned': None;
  /** The handle belongs to an earlier arrival on this port. Nothing was sent. */
  'usb.stale-handle': { readonly portPath: string };
  /** libusb could not be loaded on this computer. */
  'usb.library-missing': { readonly detail: string };
  /** A descriptor does not follow USB; the device cannot be used. Board unchanged. */
  'usb.bad-descriptor': { readonly detail: string };

  // transports/serial --------------------------------------------------------------------------
  /** The library for serial ports could not be loaded on this computer. */
  'serial.library-missing': { readonly detail: string };
  /** The serial port left with its board. */
  'serial.gone': { readonly path: string };
  /**
   * Another program has the serial port; `holder` names it where the system tells, `modemManager` says that one runs which
   * takes every new port for a while. Board unchanged.
   */
  'serial.busy': {
    readonly path: string;
    readonly holder: string | undefined;
    readonly modemManager?: boolean;
  };
  /** The account may not open the serial port. Board unchanged. */
  'serial.access-denied': { readonly path: string; readonly platform: string };
  /** The system refused something about the port that should work. */
  'serial.failed': { readonly path: string; readonly detail: string };
  /** The board should have a serial port, and the system shows none. Board unchanged. */
  'serial.no-port': { readonly portPath: string };
  /** The system does not say which of these serial ports is the board's, and guessing could reach another. Boards unchanged. */
  'serial.port-unknown': { readonly portPath: string; readonly paths: readonly string[] };

  // devices, entry -----------------------------------------------------------------------------
  /** Nothing plugged in fits. */
  'device.none': { readonly looked: string; readonly waitedMs: number };
  /** More than one fits, and guessing could flash the wrong one. Boards unchanged. */
  'device.several': { readonly found: readonly string[] };
  /** It cannot be the board that it is said to be. Board unchanged. */
  'device.not-that-board': { readonly portPath: string; readonly said: string; readonly found: string };
  /** Boards that take different firmware look the same on USB, and nobody said which it is. Board unchanged. */
  'device.which-board': {
    readonly portPath: string;
    readonly choices: readonly {
      readonly profile: string;
      readonly name: string;
      /** What is printed on it. */
      readonly printed: string | undefined;
    }[];
  };
  /** It left its port for flash mode, and boards that may be it came to others: none is proven to be. Old firmware is still there. */
  'device.elsewhere': { readonly portPath: string; readonly found: readonly string[] };
  /** Another Rekindle has this board. Board unchanged. */
  'device.locked': { readonly portPath: string; readonly pid: number; readonly shell: string };
  /** After detach or reset no device came back on the port in time. Old firmware is still there. */
  'device.not-returned': { readonly portPath: string; readonly waitedMs: number };
  /** It came back still running its program. Board unchanged. */
  'device.still-runtime': { readonly portPath: string };
  /** Not a board this command can use (no DFU interface, or no such interface). Board unchanged. */
  'device.not-dfu': { readonly portPath: string };
  /** A board we know by name only; `today` is a whole sentence on what can be done with it. Board unchanged. */
  'device.unsupported': { readonly board: string; readonly today: string };
  /** Its flash mode would damage it, or might. The board is as it was. */
  'device.unsafe-entry': { readonly board: string; readonly why: 'brake-resistor' };
  /** It answers like a DFU board still in its program, where flash mode was expected. Board unchanged. */
  'device.app-mode': { readonly portPath: string };

  /** Nothing on the serial port answered as this board's program does; nothing but line ends was sent. Board unchanged. */
  'entry.no-prompt': { readonly path: string; readonly wanted: string; readonly heard: string };
  /** It was told to go into flash mode and stayed. Board unchanged. */
  'entry.stayed': {
    readonly portPath: string;
    readonly waitedMs: number;
    readonly answer: string | undefined;
  };
  /** Something else than this board in flash mode came back on its port. */
  'entry.other-device': {
    readonly portPath: string;
    readonly ids: string;
    readonly expected: readonly string[];
  };
  /** It may be one of several boards, and they go into flash mode in different ways. Board unchanged. */
  'entry.which-board': { readonly portPath: string; readonly boards: readonly string[] };
  /** No way that software has led into flash mode; a hand can. The program is still on the board. */
  'entry.by-hand-needed': {
    readonly board: string;
    /** Id of the one board it is brought in as; undefined where it may be several, or is none we know. */
    readonly profile: string | undefined;
    readonly portPath: string;
    readonly tried: readonly Tried[];
    readonly ways: readonly WayByHand[];
  };

  // protocols/dfu ------------------------------------------------------------------------------
  /** The device reported a DFU error status. `doing` says in which request; content as in the result. */
  'dfu.status': {
    readonly status: number;
    readonly state: number;
    readonly text: string | undefined;
    readonly doing: string;
  };
  /** The device is in a state that the protocol does not allow here. */
  'dfu.state': { readonly state: number; readonly doing: string };
  /** An answer had the wrong length or an impossible value. */
  'dfu.bad-answer': { readonly doing: string; readonly detail: string };
  /** The device did not return to dfuIDLE however it was asked. Board unchanged when met before the erase. */
  'dfu.not-idle': { readonly state: number };
  /** It stayed busy past the hard ceiling for this operation. Block or sector in doubt. */
  'dfu.stuck': { readonly doing: string; readonly afterMs: number };
  /** bitCanDnload is clear. Board unchanged. */
  'dfu.cannot-download': None;
  /** bitCanUpload is clear. Board unchanged. */
  'dfu.cannot-upload': None;
  /** wTransferSize is zero and none was given. Board unchanged. */
  'dfu.no-transfer-size': None;
  /** An upload went past `limits.uploadBytes` without an end. Board unchanged. */
  'dfu.endless-upload': { readonly limit: number };

  // protocols/dfuse ----------------------------------------------------------------------------
  /** The memory map in the interface name cannot be understood. Board unchanged. */
  'dfuse.bad-map': { readonly text: string; readonly reason: string };
  /** The chip refuses to be read or written, as read protection does (errVENDOR). */
  'dfuse.read-protected': { readonly doing: string };
  /** The chip refuses this address (errTARGET, errADDRESS). */
  'dfuse.address-refused': { readonly address: number; readonly doing: string };
  /** A command of this bootloader is missing from its own list. Board unchanged. */
  'dfuse.unsupported': { readonly command: string };
}
