// The touch: opening the port at one speed and letting it go tells the program to start its loader (devices.md 6.2).
import { isFlashError } from '../../shared/errors/flash-error.ts';
import { shrink } from '../base/wait.ts';
import type { SoftwareWay } from '../devices/ways.ts';
import { waitForFlashMode } from './arrival.ts';
import { openBoardLine } from './open-line.ts';
import type { Enter, EntryTools, StandingBoard } from './way.ts';

/** For one setting of the line; ours, ms. */
const settingLimitMs = 2_000;

export const enterByTouch: Enter<Extract<SoftwareWay, { kind: 'serial-touch' }>> = async (
  board,
  way,
  tools,
) => {
  await touch(board, way.baud, tools);
  return await waitForFlashMode(board, way.limitMs, tools);
};

async function touch(board: StandingBoard, baud: number, tools: EntryTools): Promise<void> {
  const { clock, wait } = tools;
  await using line = await openBoardLine(board, baud, tools);
  try {
    await line.setModemLines({ dtr: false, rts: false }, shrink(wait, clock, settingLimitMs));
  } catch (error) {
    // Closing drops DTR as well. The library wants to end a break first, which Linux refuses for devices that know no
    // breaks; and a board may be gone the moment it saw the speed.
    if (!isFlashError(error, 'serial.failed', 'serial.gone')) throw error;
    tools.log.write('info', 'entry', `DTR by closing only: ${error.code}`);
  }
}
