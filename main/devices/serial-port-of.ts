// Which serial port is a board's: by the USB port both are at, never by a guess.
import { sleepWithin, shrink, type Wait } from '../base/wait.ts';
import type { Clock } from '../base/clock.ts';
import { FlashError } from '../../shared/errors/flash-error.ts';
import type { SerialPortFacts, SerialPorts } from '../transports/serial/serial-line.ts';
import type { UsbBus, UsbDeviceFacts } from '../transports/usb/usb-device.ts';

/** The system makes the port a moment after the device has enumerated; ours, ms. */
const appearLimitMs = 3_000;
const lookEveryMs = 100;

/** A serial port, and who opens it. */
export interface FoundPort {
  readonly door: SerialPorts;
  readonly facts: SerialPortFacts;
}

/** A person says which of several ports is the board's, by the path of it. */
export type WhichPort = (paths: readonly string[]) => Promise<string | undefined>;

/**
 * Finds the serial port of a board that has just been listed; waits a moment for one that is still being made.
 * @param which asked where the system does not tell; undefined where there is nobody to ask
 * @throws FlashError `serial.no-port`, `serial.port-unknown`, `serial.library-missing`, `serial.failed`, `job.*`
 */
export async function findSerialPort(
  doors: readonly SerialPorts[],
  bus: UsbBus,
  board: UsbDeviceFacts,
  { clock, wait }: { readonly clock: Clock; readonly wait: Wait },
  which?: WhichPort,
): Promise<FoundPort> {
  const { portPath } = board;
  const end = clock.now() + appearLimitMs;
  for (;;) {
    const listWait = shrink(wait, clock, appearLimitMs);
    const found: FoundPort[] = [];
    // Virtual boards have virtual ports, and real ones real ports: their paths must not meet.
    for (const door of doors.filter((one) => one.virtual === bus.virtual))
      for (const facts of await door.list(listWait)) found.push({ door, facts });
    const choice = choosePort(
      board,
      await bus.list(listWait),
      found.map((one) => one.facts),
    );
    if (choice.kind === 'one') {
      const one = found.find(({ facts }) => facts === choice.port);
      if (one !== undefined) return one;
    }
    if (clock.now() >= end) {
      const path = choice.kind === 'unknown' ? await which?.(choice.paths) : undefined;
      const chosen = found.find(({ facts }) => facts.path === path);
      if (path !== undefined && chosen !== undefined) return chosen;
      throw choice.kind === 'unknown'
        ? new FlashError('serial.port-unknown', { portPath, paths: choice.paths })
        : new FlashError('serial.no-port', { portPath });
    }
    await sleepWithin(wait, clock, lookEveryMs);
  }
}

export type PortChoice =
  | { readonly kind: 'one'; readonly port: SerialPortFacts }
  | { readonly kind: 'none' }
  /** Ports that may be its, and nothing that says which. */
  | { readonly kind: 'unknown'; readonly paths: readonly string[] };

/** @param devices everything on the board's bus, itself included */
export function choosePort(
  board: UsbDeviceFacts,
  devices: readonly UsbDeviceFacts[],
  ports: readonly SerialPortFacts[],
): PortChoice {
  const likeIt = ports
    .filter((port) => port.productId === undefined || sameIds(port, board))
    .toSorted((a, b) => a.path.localeCompare(b.path, 'en', { numeric: true }));
  // Of a board with several, the first counts: programs listen for wishes there (devices.md 6.2).
  const here = likeIt.find((port) => port.portPath === board.portPath);
  if (here !== undefined) return { kind: 'one', port: here };
  const unplaced = likeIt.filter((port) => port.portPath === undefined && sameIds(port, board));
  if (unplaced.length === 0) return { kind: 'none' };
  const unknown: PortChoice = { kind: 'unknown', paths: unplaced.map((port) => port.path) };
  const twins = devices.filter((device) => sameIds(device, board));
  const chain = chainOf(board.portPath);
  const onChain = unplaced.filter((port) => port.portChain === chain);
  const [only] = unplaced.length === 1 && twins.length === 1 ? unplaced : onChain;
  if (only === undefined) return unknown;
  // The only port of the only such board is its port, unless the system says that it is elsewhere.
  if (only.portChain !== undefined && only.portChain !== chain) return unknown;
  if (unplaced.length === 1 && twins.length === 1) return { kind: 'one', port: only };
  const alone = onChain.length === 1 && twins.filter((one) => chainOf(one.portPath) === chain).length === 1;
  return alone ? { kind: 'one', port: only } : unknown;
}

type Ids = Pick<SerialPortFacts, 'vendorId' | 'productId'>;

function sameIds(one: Ids, other: Ids): boolean {
  return one.vendorId === other.vendorId && one.productId === other.productId;
}

/** `1-2.3` -> `2.3` */
function chainOf(portPath: string): string {
  return portPath.slice(portPath.indexOf('-') + 1);
}
