// After a board was told to go into flash mode: its leaving, and what comes back on its port.
import { shrink } from '../base/wait.ts';
import { waitForCounterpart } from '../devices/counterpart.ts';
import { fitsIds } from '../devices/match-ids.ts';
import { quirksFor } from '../devices/quirks.ts';
import { waitForLeave } from '../devices/return.ts';
import { FlashError } from '../../shared/errors/flash-error.ts';
import { formatIds } from '../../shared/hex.ts';
import { findDfuFunctions } from '../protocols/dfu/descriptor.ts';
import type { UsbDeviceFacts } from '../transports/usb/usb-device.ts';
import type { EntryTools, StandingBoard } from './way.ts';

/** A board that obeys leaves the bus within this; ours, ms. The slowest known waits 1 s (devices.md 0.4). */
const leaveLimitMs = 5_000;
/** One look at the port; ours, ms. */
const lookLimitMs = 5_000;

/**
 * Waits for the board to be back, on its port or where it is proven or said to be the same one.
 * @param here whether what came to its own port counts; elsewhere nothing counts but its flash mode
 * @returns undefined when nothing came within `limitMs`
 * @throws FlashError `device.elsewhere`, `question.declined`, `job.*`
 */
export async function waitForBoard(
  { bus, facts, flashIds, taken }: StandingBoard,
  limitMs: number,
  { clock, wait, elsewhere: { isFree, isSame, which } }: EntryTools,
  here: (facts: UsbDeviceFacts) => boolean,
): Promise<UsbDeviceFacts | undefined> {
  const { portPath, generation } = facts;
  const accept = (one: UsbDeviceFacts): boolean =>
    one.portPath === portPath ? here(one) : isFree(one.portPath) && isInFlashMode(one, flashIds);
  const before = { portPath, generation, taken };
  return await waitForCounterpart(bus, before, { clock, limitMs, wait, accept, isSame, which });
}

/**
 * Waits until the board is in flash mode. What comes by on the way is not taken for the end.
 * @param answer what it said when it was told
 * @throws FlashError `entry.stayed`, `device.not-returned`, `device.still-runtime`, `entry.other-device`,
 * `device.elsewhere`, `question.declined`, `job.*`
 */
export async function waitForFlashMode(
  board: StandingBoard,
  limitMs: number,
  tools: EntryTools,
  answer?: string,
): Promise<UsbDeviceFacts> {
  const { clock, wait } = tools;
  const { bus, facts, flashIds } = board;
  const { portPath } = facts;
  const waitedMs = Math.min(limitMs, leaveLimitMs);
  if (!(await waitForLeave(bus, facts, { clock, limitMs: waitedMs, wait })))
    throw new FlashError('entry.stayed', { portPath, waitedMs, answer });
  const back = await waitForBoard(board, limitMs, tools, (one) => isInFlashMode(one, flashIds));
  if (back !== undefined) return back;
  const { standing: now } = await lookAround(board, tools);
  if (now === undefined) throw new FlashError('device.not-returned', { portPath, waitedMs: limitMs });
  if (now.vendorId === facts.vendorId && now.productId === facts.productId)
    throw new FlashError('device.still-runtime', { portPath });
  const ids = formatIds(now.vendorId, now.productId);
  throw new FlashError('entry.other-device', { portPath, ids, expected: flashIds });
}

/** What stands on the board's port now, and all ports where something stands. */
export async function lookAround(
  { bus, facts }: Pick<StandingBoard, 'bus' | 'facts'>,
  { clock, wait }: EntryTools,
): Promise<{ readonly standing: UsbDeviceFacts | undefined; readonly taken: ReadonlySet<string> }> {
  const found = await bus.list(shrink(wait, clock, lookLimitMs));
  return {
    standing: found.find((one) => one.portPath === facts.portPath),
    taken: new Set(found.map((one) => one.portPath)),
  };
}

/** Whether a device is a board in flash mode, and the one that is meant where its ids are known. */
export function isInFlashMode(facts: UsbDeviceFacts, flashIds: readonly string[]): boolean {
  const [dfu] = findDfuFunctions(facts, quirksFor(facts));
  if (dfu?.mode !== 'dfu') return false;
  return flashIds.length === 0 || flashIds.some((ids) => fitsIds(ids, facts));
}
