import { enterByDetach } from '../../entry/dfu-detach.ts';
import { quirksFor } from '../../devices/quirks.ts';
import type { Facts } from '../../devices/bus.ts';
import type { JobContext } from '../context.ts';
import type { Sighting } from '../survey.ts';

/** The board in flash mode, and whether this job brought it there. */
export interface Entered {
  readonly facts: Facts;
  readonly entered: boolean;
}

/**
 * Brings the board into flash mode, if it is not there.
 * @throws FlashError `device.not-returned`, `device.still-runtime`, `usb.*`
 */
export async function enterFlashMode(context: JobContext, sighting: Sighting): Promise<Entered> {
  const { bus, facts, recognised } = sighting;
  if (recognised.mode !== 'runtime') {
    context.skip('enter', 'already-in-flash-mode');
    return { facts, entered: false };
  }
  return await context.run('enter', undefined, async (flow) => {
    const { clock, log } = context.services;
    const quirks = quirksFor(facts);
    const now = await enterByDetach(bus, facts, recognised.dfu, { clock, log, quirks, wait: flow.wait });
    return { facts: now, entered: now.generation !== facts.generation };
  });
}
