// A board's serial port, opened; with patience for those who look at every new port first.
import { isFlashError, FlashError } from '../../shared/errors/flash-error.ts';
import { shrink, sleepWithin } from '../base/wait.ts';
import { findSerialPort, type FoundPort } from '../devices/serial-port-of.ts';
import type { SerialLine } from '../transports/serial/serial-line.ts';
import type { EntryTools, StandingBoard } from './way.ts';

/** One attempt to open; a port whose driver hangs does not hold the job up; ours, ms. */
const openLimitMs = 5_000;
const retryEveryMs = 250;
/** Right after plug-in a port is still root's, or udev looks at it itself (dfu.md 7.1 for USB; the same rules run): ms. */
const settleMs = 1_500;
/** ModemManager is reported to hold a new port for about 10 s when the board looks like a modem; ours, half as much again. */
const modemManagerMs = 15_000;

/** What opening a line needs of what a way is given. */
export type LineTools = Pick<EntryTools, 'clock' | 'log' | 'wait' | 'serial' | 'onHeld' | 'whichPort'>;

/**
 * Finds and opens the board's serial port.
 * @throws FlashError `serial.*`, `job.*`, and what `whichPort` throws; nothing was sent
 */
export async function openBoardLine(
  board: Pick<StandingBoard, 'bus' | 'facts'>,
  baud: number,
  tools: LineTools,
): Promise<SerialLine> {
  const { clock, wait } = tools;
  const port = await findSerialPort(tools.serial, board.bus, board.facts, tools, tools.whichPort);
  const started = clock.now();
  let told = false;
  for (;;) {
    try {
      return await openOnce(port, baud, tools);
    } catch (error) {
      const patienceMs = patienceFor(error);
      if (clock.now() - started >= patienceMs) throw error;
      if (isFlashError(error, 'serial.busy') && !told) {
        told = true;
        const { path, holder, modemManager = false } = error.params;
        tools.log.write('info', 'serial', `${path} is held by ${holder ?? 'something'}; waiting`);
        tools.onHeld(holder, modemManager);
      }
    }
    await sleepWithin(wait, clock, retryEveryMs);
  }
}

function patienceFor(error: unknown): number {
  if (isFlashError(error, 'serial.access-denied')) return settleMs;
  if (!isFlashError(error, 'serial.busy')) return 0;
  const { holder, modemManager = false } = error.params;
  if (modemManager) return modemManagerMs;
  // A terminal that somebody has open will not go away by itself.
  return holder === undefined ? settleMs : 0;
}

async function openOnce({ door, facts }: FoundPort, baud: number, tools: LineTools): Promise<SerialLine> {
  const { clock, wait } = tools;
  try {
    return await door.open(facts, { baud }, shrink(wait, clock, openLimitMs));
  } catch (error) {
    if (!isFlashError(error, 'job.timeout') || clock.now() >= wait.deadline) throw error;
    throw new FlashError('serial.failed', { path: facts.path, detail: 'it does not open' }, error);
  }
}
