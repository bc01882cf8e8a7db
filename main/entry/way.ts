// What every way into flash mode is given, and must answer.
import type { Clock } from '../base/clock.ts';
import type { Wait } from '../base/wait.ts';
import type { Telling } from '../devices/counterpart.ts';
import type { SoftwareWay } from '../devices/ways.ts';
import type { WhichPort } from '../devices/serial-port-of.ts';
import type { Log } from '../log/log.ts';
import type { SerialPorts } from '../transports/serial/serial-line.ts';
import type { UsbBus, UsbDeviceFacts } from '../transports/usb/usb-device.ts';

/** A board as it stands on its port, running its program. */
export interface StandingBoard {
  readonly bus: UsbBus;
  readonly facts: UsbDeviceFacts;
  /** Ids of its flash mode; empty where nobody knows them, and any DFU interface counts. */
  readonly flashIds: readonly string[];
  /** Ports where something stood before it was told to go: see devices/counterpart.ts. */
  readonly taken: ReadonlySet<string>;
  /** Only this interface, where the person named one. */
  readonly interfaceNumber?: number | undefined;
}

export interface EntryTools {
  readonly clock: Clock;
  readonly log: Log;
  readonly wait: Wait;
  readonly serial: readonly SerialPorts[];
  /** Told when somebody else has the board's serial port and we wait for it. */
  readonly onHeld: (holder: string | undefined, modemManager: boolean) => void;
  /** Asked where the system does not tell which serial port is the board's; undefined where nobody is there. */
  readonly whichPort: WhichPort | undefined;
  /** How a board that came to another port is told from others; ports another job has are never its. */
  readonly elsewhere: Omit<Telling, 'accept'> & { readonly isFree: (portPath: string) => boolean };
}

/**
 * One way into flash mode: tries it once, within its own limits.
 * @returns the board as it stands in flash mode
 * @throws FlashError; its program is still on the board
 */
export type Enter<W extends SoftwareWay> = (
  board: StandingBoard,
  way: W,
  tools: EntryTools,
) => Promise<UsbDeviceFacts>;
