// Finding a board again after it left the bus: by port path, never by serial alone (dfu.md 1.7, 0 rule 10).
import { sleepWithin, shrink, type Wait } from '../base/wait.ts';
import type { Clock } from '../base/clock.ts';
import { FlashError, isFlashError } from '../../shared/errors/flash-error.ts';
import type { UsbBus, UsbDeviceFacts } from '../transports/usb/usb-device.ts';

/** How often the port is looked at, besides every hint from the bus, ms (dfu.md 1.7 step 8: 20 to 100). */
const lookEveryMs = 50;

/** What stood on the port before: the same arrival does not count as a return. */
export interface Before {
  readonly portPath: string;
  readonly generation: number;
}

/**
 * Waits until the port holds a new arrival that `accept` takes.
 * @returns undefined when nothing acceptable came within `limitMs`
 * @throws FlashError `job.aborted`, `job.timeout`
 */
export async function waitForReturn(
  bus: UsbBus,
  before: Before,
  accept: (facts: UsbDeviceFacts) => boolean,
  options: { clock: Clock; limitMs: number; wait: Wait },
): Promise<UsbDeviceFacts | undefined> {
  const { clock, limitMs } = options;
  const wait = shrink(options.wait, clock, limitMs);
  for (;;) {
    const found = (await listCalmly(bus, wait)).find(
      (facts) =>
        facts.portPath === before.portPath && facts.generation !== before.generation && accept(facts),
    );
    if (found !== undefined) return found;
    if (await ended(bus, wait, options.wait, clock)) return undefined;
  }
}

/**
 * Waits until a device is gone from its port.
 * @returns whether it left within `limitMs`
 */
export async function waitForLeave(
  bus: UsbBus,
  before: Before,
  options: { clock: Clock; limitMs: number; wait: Wait },
): Promise<boolean> {
  const { clock, limitMs } = options;
  const wait = shrink(options.wait, clock, limitMs);
  for (;;) {
    const still = (await listCalmly(bus, wait)).some(
      (facts) => facts.portPath === before.portPath && facts.generation === before.generation,
    );
    if (!still) return true;
    if (await ended(bus, wait, options.wait, clock)) return false;
  }
}

/** A list that fails while devices come and go says nothing yet. */
export async function listCalmly(bus: UsbBus, wait: Wait): Promise<readonly UsbDeviceFacts[]> {
  try {
    return await bus.list(wait);
  } catch (error) {
    if (isFlashError(error, 'job.aborted')) throw error;
    return [];
  }
}

/** Waits for the next look; true when our own limit, not the caller's, is over. */
export async function ended(bus: UsbBus, wait: Wait, outer: Wait, clock: Clock): Promise<boolean> {
  if (clock.now() >= wait.deadline) {
    if (clock.now() >= outer.deadline) throw new FlashError('job.timeout', {});
    return true;
  }
  await nextHint(bus, clock, Math.min(lookEveryMs, wait.deadline - clock.now()), wait);
  return false;
}

/** Until the bus hints at a change, or the time is up. */
export async function nextHint(bus: UsbBus, clock: Clock, milliseconds: number, wait: Wait): Promise<void> {
  const hinted = new AbortController();
  using _watch = bus.watch(() => hinted.abort());
  const signal = AbortSignal.any([hinted.signal, wait.signal]);
  try {
    await sleepWithin({ signal, deadline: wait.deadline }, clock, milliseconds);
  } catch (error) {
    if (wait.signal.aborted) throw new FlashError('job.aborted', {}, error);
  }
}
