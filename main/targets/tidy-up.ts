import { shrink, type Wait } from '../base/wait.ts';
import { bringToIdle, type DfuSession } from '../protocols/dfu/session.ts';

/** Leaves the device in dfuIDLE where it can be reached. Never rejects: the first error is the one that counts. */
export async function tidyUp(session: DfuSession, wait: Wait): Promise<void> {
  try {
    await bringToIdle(session, wait);
  } catch (error) {
    session.log.write('info', 'dfu', `tidying up: ${error instanceof Error ? error.message : 'failed'}`);
  }
}

/** DETACH and a bus reset, as `dfu-util -R` does: whatever the device makes of the DETACH. */
export async function detachAndReset(session: DfuSession, wait: Wait): Promise<void> {
  const { requests, device, clock } = session;
  await requests.detach(1_000, shrink(wait, clock, 2_000)).catch(() => undefined);
  await device.reset(shrink(wait, clock, 5_000));
}
