// The serial port of a board whose program runs: found by the USB port it is on, and never guessed.
import { FlashError, isFlashError, toFlashError } from '../../../shared/errors/flash-error.ts';
import { checkWait, shrink, sleepWithin, type Wait } from '../../base/wait.ts';
import type { Bus, Facts } from '../../devices/bus.ts';
import type { FamilyTools } from '../../families/family.ts';
import type { Services } from '../services.ts';

/** A port that has just come may be held for a moment, or not be there yet: looked for this often, ms. */
const againAfterMs = 250;
/** The speed means nothing to a USB port (devices.md 5.3: any). */
const baud = 115_200;

/** The board whose port is meant. */
export interface BoardPort {
  readonly bus: Bus;
  readonly facts: Facts;
}

type Line = Awaited<ReturnType<Services['serial'][number]['open']>>;

/**
 * Opens the port, lets `action` talk, and closes it whatever happens.
 * @param limitMs how long the port may take to be there and free
 * @throws FlashError `serial.*`, `device.none` where there is no such port, `job.*`, and what `action` throws
 */
export async function withLine<T>(
  services: Services,
  board: BoardPort,
  tools: FamilyTools,
  limitMs: number,
  action: (line: Line) => Promise<T>,
): Promise<T> {
  await using line = await openLine(services, board, shrink(tools.wait, tools.clock, limitMs));
  return await action(line);
}

async function openLine(services: Services, board: BoardPort, wait: Wait): Promise<Line> {
  const { clock } = services;
  let last: FlashError = new FlashError('device.none', { looked: 'serial port', waitedMs: 0 });
  for (;;) {
    try {
      checkWait(wait, clock);
      const line = await tryToOpen(services, board, wait);
      if (line !== undefined) return line;
    } catch (error) {
      if (isFlashError(error, 'job.aborted')) throw error;
      if (!isFlashError(error, 'job.timeout')) last = toFlashError(error);
    }
    try {
      await sleepWithin(wait, clock, againAfterMs);
    } catch (error) {
      if (isFlashError(error, 'job.aborted')) throw error;
      throw last;
    }
  }
}

async function tryToOpen(
  services: Services,
  { bus, facts }: BoardPort,
  wait: Wait,
): Promise<Line | undefined> {
  for (const door of services.serial.filter((one) => one.virtual === bus.virtual)) {
    const found = (await door.list(wait)).find(
      (port) =>
        port.portPath === facts.portPath &&
        port.vendorId === facts.vendorId &&
        port.productId === facts.productId,
    );
    if (found !== undefined) return await door.open(found, { baud }, wait);
  }
  return undefined;
}
