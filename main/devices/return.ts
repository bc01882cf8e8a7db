// Finding a board again after it left the bus: by port path, never by serial alone (dfu.md 1.7, 0 rule 10).
import { sleepWithin, shrink, type Wait } from '../base/wait.ts';
import type { Clock } from '../base/clock.ts';
import { formatIds } from '../../shared/hex.ts';
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

/** What stands on a bus, for `waitForCounterpart` to tell later arrivals by. To be asked before the board is sent away. */
export async function arrivalsOn(bus: UsbBus, wait: Wait): Promise<ReadonlySet<string>> {
  return new Set((await bus.list(wait)).map(arrivalKey));
}

/**
 * Waits for a board that was sent into another mode: on its own port, or, because hubs and hands move boards, on another
 * where it is proven to be the same one. What may be it and is not proven ends the wait in a refusal: nothing is guessed.
 * @param before.others `arrivalsOn` the bus before the board was sent away
 * @param accept by its ids and descriptors, before it is opened
 * @param isSame whether a number of its own proves it; asked once for each arrival on another port
 * @returns undefined when nothing acceptable came within `limitMs`
 * @throws FlashError `device.elsewhere`, `job.aborted`, `job.timeout`
 */
export async function waitForCounterpart(
  bus: UsbBus,
  before: Before & { readonly others: ReadonlySet<string> },
  options: {
    readonly clock: Clock;
    readonly limitMs: number;
    readonly wait: Wait;
    readonly accept: (facts: UsbDeviceFacts) => boolean;
    readonly isSame: (facts: UsbDeviceFacts) => Promise<boolean>;
  },
): Promise<UsbDeviceFacts | undefined> {
  const { clock, limitMs, accept, isSame } = options;
  const wait = shrink(options.wait, clock, limitMs);
  const asked = new Set<string>();
  for (;;) {
    const arrived = (await listCalmly(bus, wait)).filter((facts) => accept(facts) && isNew(facts, before));
    const own = arrived.find((facts) => facts.portPath === before.portPath);
    if (own !== undefined) return own;
    for (const facts of arrived) {
      if (asked.has(arrivalKey(facts))) continue;
      asked.add(arrivalKey(facts));
      if (await isSame(facts)) return facts;
    }
    if (!(await ended(bus, wait, options.wait, clock))) continue;
    if (arrived.length === 0) return undefined;
    const found = arrived.map(
      ({ portPath, vendorId, productId }) => `${portPath}  USB ${formatIds(vendorId, productId)}`,
    );
    throw new FlashError('device.elsewhere', { portPath: before.portPath, found });
  }
}

function isNew(facts: UsbDeviceFacts, before: Before & { readonly others: ReadonlySet<string> }): boolean {
  return facts.portPath === before.portPath
    ? facts.generation !== before.generation
    : !before.others.has(arrivalKey(facts));
}

function arrivalKey({ portPath, generation }: Before): string {
  return `${portPath} ${generation}`;
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
async function listCalmly(bus: UsbBus, wait: Wait): Promise<readonly UsbDeviceFacts[]> {
  try {
    return await bus.list(wait);
  } catch (error) {
    if (isFlashError(error, 'job.aborted')) throw error;
    return [];
  }
}

/** Waits for the next look; true when our own limit, not the caller's, is over. */
async function ended(bus: UsbBus, wait: Wait, outer: Wait, clock: Clock): Promise<boolean> {
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
