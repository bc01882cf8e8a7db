// Talking to a board whose program runs: the line of its serial port, for one conversation.
import type { Bus, Facts } from '../../devices/bus.ts';
import { openBoardLine } from '../../entry/open-line.ts';
import type { Family, FamilyTools } from '../../families/family.ts';
import type { JobEvent } from '../../../shared/job-events.ts';
import type { Services } from '../services.ts';

/** The speed means nothing to a USB port (devices.md 5.3: any). */
const baud = 115_200;

/** The board whose port is meant. */
export interface BoardPort {
  readonly bus: Bus;
  readonly facts: Facts;
}

type Line = Parameters<NonNullable<Family['askProgram']>>[0];

/**
 * Opens the port, lets `action` talk, and closes it whatever happens.
 * @param emit told when somebody else has the port and it is waited for
 * @throws FlashError `serial.*`, `job.*`, and what `action` throws
 */
export async function withLine<T>(
  { serial }: Pick<Services, 'serial'>,
  board: BoardPort,
  tools: FamilyTools,
  emit: (event: JobEvent) => void,
  action: (line: Line) => Promise<T>,
): Promise<T> {
  const { clock, log, wait, stop } = tools;
  // Nothing has been said yet: who wants the job to stop need not wait until the port is free.
  const signal = AbortSignal.any([wait.signal, stop]);
  const onHeld = (holder: string | undefined, modemManager: boolean): void =>
    emit({ type: 'waiting', for: 'serial-port', holder, modemManager });
  await using line = await openBoardLine(board, baud, {
    clock,
    log,
    serial,
    wait: { ...wait, signal },
    onHeld,
    // What is only nice to know is worth no question.
    whichPort: undefined,
  });
  return await action(line);
}
