import type { Wait } from '../base/wait.ts';
import { bringToIdle, type DfuSession } from '../protocols/dfu/session.ts';

/** Leaves the device in dfuIDLE where it can be reached. Never rejects: the first error is the one that counts. */
export async function tidyUp(session: DfuSession, wait: Wait): Promise<void> {
  try {
    await bringToIdle(session, wait);
  } catch (error) {
    session.log.write('info', 'dfu', `tidying up: ${error instanceof Error ? error.message : 'failed'}`);
  }
}
